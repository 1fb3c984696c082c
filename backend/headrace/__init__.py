"""Headrace: pipelines of typed blocks on durable workers, shown live over GraphQL."""

__version__ = "0.1.0"
