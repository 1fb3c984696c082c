"""Pipelines and their versions."""

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint

from headrace.store.tables.schema import metadata
from headrace.store.types import Text, Whole

pipelines = Table(
    "pipelines",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("description", Text),
    Column("latest_version", Whole, nullable=False),
    Column("created_at", Whole, nullable=False),
    Column("archived_at", Whole),
)

pipeline_versions = Table(
    "pipeline_versions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pipeline_id", Text, ForeignKey("pipelines.id"), nullable=False),
    Column("number", Whole, nullable=False),
    Column("digest", Text, nullable=False),
    Column("document", Text, nullable=False),  # the definition as a canonical JSON document
    Column("created_at", Whole, nullable=False),
    UniqueConstraint("pipeline_id", "number"),
)
