"""Definitions of pipeline versions, parsed once and kept: a version never changes."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from headrace.domain.definition import Definition, definition_from_document
from headrace.store.database import Snapshot
from headrace.store.reads.pipelines import documents_of

_KEPT: Final = 128
_known: OrderedDict[str, Definition] = OrderedDict()


async def definitions_of(snapshot: Snapshot, version_ids: Sequence[str]) -> dict[str, Definition]:
    """The definitions of the versions that exist among `version_ids`."""
    found = {version: _known[version] for version in version_ids if version in _known}
    missing = [version for version in version_ids if version not in found]
    if missing:
        for version, document in (await documents_of(snapshot, missing)).items():
            found[version] = definition_from_document(json.loads(document))
    for version, definition in found.items():
        _known[version] = definition
        _known.move_to_end(version)
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return found
