"""Writing pipelines: a version is immutable, an unchanged import makes none.

An archived pipeline stays, with its versions and runs; it is out of lists and cannot be started.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, null, select, update

from headrace.domain.definition import Definition, to_document
from headrace.domain.ids import PIPELINE, VERSION, new_id
from headrace.domain.json import canonical_json
from headrace.store.statements import Statement
from headrace.store.tables import pipeline_versions, pipelines
from headrace.store.transaction import Transaction

_FIND = Statement(
    select(
        pipelines.c.id,
        pipelines.c.latest_version,
        pipeline_versions.c.id.label("version_id"),
        pipeline_versions.c.digest,
    )
    .join(
        pipeline_versions,
        (pipeline_versions.c.pipeline_id == pipelines.c.id)
        & (pipeline_versions.c.number == pipelines.c.latest_version),
    )
    .where(pipelines.c.name == bindparam("the_name"))
)
_INSERT = Statement(
    insert(pipelines).values({c: bindparam(c.name) for c in pipelines.c if c.name != "archived_at"})
)
_INSERT_VERSION = Statement(
    insert(pipeline_versions).values({c: bindparam(c.name) for c in pipeline_versions.c})
)
_NEW_LATEST = Statement(
    update(pipelines)
    .where(pipelines.c.id == bindparam("the_pipeline"))
    .values(
        latest_version=bindparam("latest_version"),
        description=bindparam("description"),
        archived_at=null(),
    )
)
_ARCHIVE = Statement(
    update(pipelines)
    .where(pipelines.c.name == bindparam("the_name"))
    .values(archived_at=func.coalesce(pipelines.c.archived_at, bindparam("now")))
    .returning(pipelines.c.id)
)


@dataclass(frozen=True)
class Saved:
    """Where a definition is kept. `created`: the pipeline is new; `changed`: the version is."""

    pipeline_id: str
    version_id: str
    created: bool
    changed: bool


@dataclass(frozen=True)
class NameTaken:
    """Another definition has that name, and replacing it was not asked for."""

    pipeline_id: str


def save_definition(tx: Transaction, definition: Definition, *, replace: bool) -> Saved | NameTaken:
    """Keeps a definition as a new pipeline or version; importing an archived one revives it."""
    found = tx.first(_FIND, {"the_name": definition.name})
    if found is None:
        pipeline_id = new_id(PIPELINE)
        row = {
            "id": pipeline_id,
            "name": definition.name,
            "description": definition.description,
            "latest_version": 1,
            "created_at": tx.now,
        }
        tx.change(_INSERT, row)
        version_id = _insert_version(tx, pipeline_id, 1, definition)
        return Saved(pipeline_id, version_id, created=True, changed=True)
    unchanged = found.digest == definition.digest
    if not unchanged and not replace:
        return NameTaken(found.id)
    number = found.latest_version if unchanged else found.latest_version + 1
    version_id = found.version_id
    if not unchanged:
        version_id = _insert_version(tx, found.id, number, definition)
    tx.change(
        _NEW_LATEST,
        {
            "the_pipeline": found.id,
            "latest_version": number,
            "description": definition.description,
        },
    )
    return Saved(found.id, version_id, created=False, changed=not unchanged)


def archive(tx: Transaction, name: str) -> str | None:
    """Archives a pipeline, from the first time on; its id, or None when there is none."""
    row = tx.first(_ARCHIVE, {"the_name": name, "now": tx.now})
    return None if row is None else str(row.id)


def _insert_version(tx: Transaction, pipeline_id: str, number: int, definition: Definition) -> str:
    version_id = new_id(VERSION)
    row = {
        "id": version_id,
        "pipeline_id": pipeline_id,
        "number": number,
        "digest": definition.digest,
        "document": canonical_json(to_document(definition)),
        "created_at": tx.now,
    }
    tx.change(_INSERT_VERSION, row)
    return version_id
