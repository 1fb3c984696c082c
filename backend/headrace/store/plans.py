"""What a claim or a completion must know of a pipeline version, parsed once and kept.

A version never changes, so the cache needs no invalidation.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, select

from headrace.domain.definition import Block, Definition, definition_from_document
from headrace.store.statements import Statement
from headrace.store.tables import pipeline_versions
from headrace.store.transaction import Transaction

_KEPT = 256

_DOCUMENT = Statement(
    select(pipeline_versions.c.document).where(pipeline_versions.c.id == bindparam("version"))
)


@dataclass(frozen=True)
class Input:
    """One data edge into a block: the name it is seen by, and its upstream's position."""

    name: str
    position: int


@dataclass(frozen=True)
class Plan:
    """A definition by positions (from 0, in definition order)."""

    definition: Definition
    successors: tuple[tuple[int, ...], ...]
    inputs: tuple[tuple[Input, ...], ...]

    def block(self, position: int) -> Block:
        return self.definition.blocks[position]

    @classmethod
    def of(cls, definition: Definition) -> "Plan":
        positions = {block.name: index for index, block in enumerate(definition.blocks)}
        successors: list[set[int]] = [set() for _ in definition.blocks]
        inputs: list[list[Input]] = [[] for _ in definition.blocks]
        for edge in definition.edges:
            source, target = positions[edge.source], positions[edge.target]
            successors[source].add(target)
            inputs[target].append(Input(edge.alias or edge.source, source))
        return cls(
            definition,
            tuple(tuple(sorted(after)) for after in successors),
            tuple(tuple(each) for each in inputs),
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        return cls.of(definition_from_document(document))


class PlanCache:
    """Plans by version id, the most recently used ones."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = Lock()

    def get(self, tx: Transaction, version_id: str) -> Plan:
        with self._lock:
            if plan := self._plans.get(version_id):
                self._plans.move_to_end(version_id)
                return plan
        row = tx.first(_DOCUMENT, {"version": version_id})
        if row is None:
            raise LookupError(f"no pipeline version {version_id}")
        plan = Plan.from_document(json.loads(row.document))
        with self._lock:
            self._plans[version_id] = plan
            while len(self._plans) > _KEPT:
                self._plans.popitem(last=False)
        return plan


plans = PlanCache()
