"""What a pipeline is: its params, blocks and edges, and the one document that stands for it.

Invariant: one meaning, one digest. `to_document` leaves every default out and writes the rest in
one way, so equal definitions give equal documents whatever format they came in, and
`definition_from_document` gives the same definition back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from headrace.domain.graph import Graph
from headrace.domain.json import JSONValue, digest
from headrace.domain.lifecycle import TriggerRule
from headrace.domain.parts import Block, Edge, Param, ParamType, RetryPolicy

__all__ = [
    "Block",
    "Definition",
    "Edge",
    "Param",
    "ParamType",
    "RetryPolicy",
    "definition_from_document",
    "to_document",
]

_RETRY_KEYS = ("max_attempts", "delay_seconds", "backoff", "max_delay_seconds")


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole pipeline, valid as far as it can be without its block types."""

    name: str
    description: str | None = None
    params: tuple[Param, ...] = ()
    blocks: tuple[Block, ...] = ()
    edges: tuple[Edge, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical document."""
        return digest(to_document(self))

    @cached_property
    def graph(self) -> Graph:
        """Its graph. Raises CyclicGraph for a definition that was never checked."""
        pairs = ((edge.source, edge.target) for edge in self.edges)
        return Graph.of((block.name for block in self.blocks), pairs)

    @cached_property
    def blocks_by_name(self) -> Mapping[str, Block]:
        return {block.name: block for block in self.blocks}


def to_document(definition: Definition) -> dict[str, JSONValue]:
    """The document of a definition: snake_case keys in reading order, defaults left out."""
    return _without_none(
        {
            "name": definition.name,
            "description": definition.description,
            "params": [_param(param) for param in definition.params] or None,
            "blocks": [_block(block) for block in definition.blocks],
            "edges": [_edge(edge) for edge in definition.edges] or None,
        }
    )


def definition_from_document(document: Mapping[str, Any]) -> Definition:
    """The definition that `to_document` wrote, as it stands in the store; nothing is checked again.

    Raises KeyError or ValueError for a document that is none of ours.
    """
    return Definition(
        name=document["name"],
        description=document.get("description"),
        params=tuple(map(_read_param, document.get("params", ()))),
        blocks=tuple(map(_read_block, document["blocks"])),
        edges=tuple(
            Edge(source=edge["from"], target=edge["to"], alias=edge.get("as"))
            for edge in document.get("edges", ())
        ),
    )


def _read_param(document: Mapping[str, Any]) -> Param:
    choices = document.get("choices")
    return Param(
        name=document["name"],
        type=ParamType(document["type"].upper()),
        default=document.get("default"),
        has_default="default" in document,
        required=document.get("required", "default" not in document),
        description=document.get("description"),
        choices=None if choices is None else tuple(choices),
        minimum=document.get("minimum"),
        maximum=document.get("maximum"),
    )


def _read_block(document: Mapping[str, Any]) -> Block:
    rule = document.get("when")
    return Block(
        name=document["name"],
        type=document["type"],
        config=document.get("config", {}),
        retry=RetryPolicy(**document.get("retry", {})),
        timeout_seconds=document.get("timeout_seconds"),
        when=TriggerRule.ALL_SUCCEEDED if rule is None else TriggerRule(rule.upper()),
        cache=document.get("cache", False),
        partitions=document.get("partitions"),
        rows_per_partition=document.get("rows_per_partition"),
    )


def _param(param: Param) -> dict[str, JSONValue]:
    optional = not param.required and not param.has_default
    return _without_none(
        {
            "name": param.name,
            "type": param.type.lower(),
            "required": False if optional else None,
            "default": param.default if param.has_default else None,
            "description": param.description,
            "choices": None if param.choices is None else list(param.choices),
            "minimum": _number(param.minimum),
            "maximum": _number(param.maximum),
        }
    )


def _block(block: Block) -> dict[str, JSONValue]:
    standard = RetryPolicy()
    retry = {
        key: _number(value)
        for key in _RETRY_KEYS
        if (value := getattr(block.retry, key)) != getattr(standard, key)
    }
    rule = block.when
    return _without_none(
        {
            "name": block.name,
            "type": block.type,
            "config": dict(block.config) or None,
            "retry": retry or None,
            "timeout_seconds": _number(block.timeout_seconds),
            "when": None if rule is TriggerRule.ALL_SUCCEEDED else rule.lower(),
            "cache": block.cache or None,
            "partitions": block.partitions,
            "rows_per_partition": block.rows_per_partition,
        }
    )


def _edge(edge: Edge) -> dict[str, JSONValue]:
    alias = None if edge.alias == edge.source else edge.alias
    return _without_none({"from": edge.source, "to": edge.target, "as": alias})


def _number(value: float | None) -> float | None:
    """Whole numbers without a point, as people write them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _without_none(document: dict[str, JSONValue]) -> dict[str, JSONValue]:
    return {key: value for key, value in document.items() if value is not None}
