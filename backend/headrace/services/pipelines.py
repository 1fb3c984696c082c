"""Use cases of pipelines: validate, import, archive."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from headrace.domain.definition import Definition
from headrace.domain.documents import Parsed, parse_json, parse_mapping, parse_yaml
from headrace.domain.grants import Grants
from headrace.domain.validation import Checked, check
from headrace.services.core import Services
from headrace.services.modules import allowed_module
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.run_requests import NoPipeline, no_pipeline
from headrace.store.idempotency import Key, KeyReused, keep, key_of, recall
from headrace.store.pipelines import NameTaken, archive, save_definition
from headrace.store.transaction import Transaction


@dataclass(frozen=True)
class DefinitionSource:
    """A definition as a mapping with the keys of a document (snake_case)."""

    value: Mapping[str, Any]


@dataclass(frozen=True)
class YamlSource:
    text: str


@dataclass(frozen=True)
class JsonSource:
    text: str


Source = DefinitionSource | YamlSource | JsonSource


@dataclass(frozen=True)
class Imported:
    """`created`: there was no pipeline of that name; an unchanged import makes no new version."""

    pipeline_id: str
    version_id: str
    created: bool


@dataclass(frozen=True)
class Exists:
    """Another pipeline has the name, and replacing it was not asked for."""

    pipeline_id: str


@dataclass(frozen=True)
class ArchivedNow:
    """The pipeline is archived, since now or since an earlier time."""

    pipeline_id: str


def validate(services: Services, source: Source, grants: Grants | None = None) -> Checked:
    """The definition, or every problem it has, each with its place; saves nothing."""
    return _check(services, _parse(source), grants)


async def import_pipeline(
    services: Services,
    *,
    source: Source,
    replace_if_exists: bool | None,
    principal: str,
    idempotency_key: str | None = None,
    grants: Grants | None = None,
) -> Imported | Invalid | Exists | IdempotencyConflict:
    """Keeps a definition. `replace_if_exists`: None means what the document says, else False."""
    key = None
    if idempotency_key is not None:
        given = {"source": asdict(source), "replace": replace_if_exists}
        key = Key(principal, "importPipeline", idempotency_key, given)

    try:
        if key is not None and (kept := await services.store.write(partial(recall, key=key))):
            # Before anything is checked: a repeat succeeds even if a block type is gone by now.
            return Imported(**kept)
        parsed = _parse(source)
        checked = _check(services, parsed, grants)
        definition = checked.definition
        if definition is None or checked.problems:
            return Invalid(tuple(checked.problems))
        replace = bool(parsed.replace_if_exists if replace_if_exists is None else replace_if_exists)
        return await services.store.write(
            partial(_import, key=key, definition=definition, replace=replace)
        )
    except KeyReused as error:
        return IdempotencyConflict(str(error))


async def archive_pipeline(
    services: Services, name: str, *, principal: str, idempotency_key: str | None = None
) -> ArchivedNow | NoPipeline | IdempotencyConflict:
    """Takes a pipeline out of use; its runs go on and stay. Importing it again revives it."""
    key = key_of(principal, "archivePipeline", idempotency_key, {"name": name})
    try:
        found = await services.store.write(partial(_archive, key=key, name=name))
    except KeyReused as error:
        return IdempotencyConflict(str(error))
    if found is not None:
        return found
    async with services.store.snapshot() as snapshot:
        return await no_pipeline(snapshot, name)


def _import(
    tx: Transaction, *, key: Key | None, definition: Definition, replace: bool
) -> Imported | Exists:
    if kept := recall(tx, key):
        return Imported(**kept)
    saved = save_definition(tx, definition, replace=replace)
    if isinstance(saved, NameTaken):
        return Exists(saved.pipeline_id)
    found = Imported(saved.pipeline_id, saved.version_id, saved.created)
    keep(tx, key, asdict(found))
    return found


def _archive(tx: Transaction, *, key: Key | None, name: str) -> ArchivedNow | None:
    if kept := recall(tx, key):
        return ArchivedNow(**kept)
    pipeline_id = archive(tx, name)
    if pipeline_id is None:
        return None
    found = ArchivedNow(pipeline_id)
    keep(tx, key, asdict(found))
    return found


def _parse(source: Source) -> Parsed:
    match source:
        case DefinitionSource(value):
            return parse_mapping(value)
        case YamlSource(text):
            return parse_yaml(text)
        case JsonSource(text):
            return parse_json(text)


def _check(services: Services, parsed: Parsed, grants: Grants | None) -> Checked:
    allow = allowed_module(services.settings, grants)
    return check(parsed, services.catalogue, allow_python_module=allow)
