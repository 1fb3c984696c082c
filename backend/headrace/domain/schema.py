"""JSON Schema (2020-12) of a whole definition, for editors: completion, hover and first checks.

Invariant: every document that `validation.check` takes is valid by this schema; the schema cannot
see everything that `check` refuses (cycles, edges that lead nowhere, …).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from headrace.domain.catalogue import BlockCatalogue, BlockTypeInfo
from headrace.domain.config_schemas import TEMPLATE, TEMPLATE_SCHEMA, embedded
from headrace.domain.definition import ParamType, RetryPolicy
from headrace.domain.documents import INSTRUCTION, MAX_BLOCKS, MAX_EDGES, MAX_PARAMS
from headrace.domain.lifecycle import TriggerRule
from headrace.domain.names import NAME_PATTERN, PARAM_PATTERN, RESERVED
from headrace.domain.partitions import MAX_PARTITIONS, MAX_ROWS_PER_PARTITION, MIN_PARTITIONS
from headrace.domain.reading import DAY_SECONDS, MAX_ATTEMPTS, MAX_BACKOFF, YEAR_SECONDS

Schema = dict[str, Any]

_NAME: Schema = {"type": "string", "pattern": f"^{NAME_PATTERN}$", "not": {"enum": [*RESERVED]}}


def definition_schema(catalogue: BlockCatalogue) -> Schema:
    """The schema of documents whose blocks are of the installed types."""
    types = [info for name in catalogue.names() if (info := catalogue.get(name)) is not None]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Headrace pipeline",
        **_object(
            "A pipeline: blocks, and the edges along which data sets go from one to the next.",
            {
                "name": {**_NAME, "description": "What the pipeline is called."},
                "description": _optional("string", "What it is for."),
                "params": _list("param", "Values that each run is given.", MAX_PARAMS),
                "blocks": {
                    "type": "array",
                    "items": {"$ref": "#/$defs/block"},
                    "minItems": 1,
                    "maxItems": MAX_BLOCKS,
                    "description": "The steps.",
                },
                "edges": _list("edge", "Which block feeds which.", MAX_EDGES),
                INSTRUCTION: _optional(
                    "boolean",
                    "Whether an import may replace a pipeline of this name. No part of it.",
                ),
            },
            required=("name", "blocks"),
        ),
        "$defs": {
            "block": _block(types),
            "retry": _retry(),
            "edge": _edge(),
            "param": _param(),
            TEMPLATE: TEMPLATE_SCHEMA,
            **{_key(info): embedded(info.config_schema(), _key(info)) for info in types},
        },
    }


def _block(types: Iterable[BlockTypeInfo]) -> Schema:
    types = list(types)
    mapping = ", ".join(info.name for info in types if info.maps) or "none of the installed types"
    schema = _object(
        "One step.",
        {
            "name": {**_NAME, "description": "What the block is called; unique in the pipeline."},
            "type": {
                "oneOf": [{"const": info.name, "description": info.description} for info in types],
                "description": "What the block does.",
            },
            "config": _optional("object", "What the block's type wants to know."),
            "retry": {
                "anyOf": [{"$ref": "#/$defs/retry"}, {"type": "null"}],
                "description": "How often the block is tried, and how long it waits in between.",
            },
            "timeout_seconds": {
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "maximum": YEAR_SECONDS,
                "description": "How long one attempt may take.",
            },
            "when": _words(TriggerRule, "What it asks of the blocks before it. "),
            "cache": {
                "enum": [False, None],
                "description": "Whether an earlier result of equal work may be taken: not in this "
                "version.",
            },
            "partitions": _whole(
                MIN_PARTITIONS,
                MAX_PARTITIONS,
                "Into how many parts its input is split, to be worked on at the same time. "
                f"For {mapping}.",
            ),
            "rows_per_partition": _whole(
                1,
                MAX_ROWS_PER_PARTITION,
                "How many rows a part of its input has at most; instead of `partitions`.",
            ),
        },
        required=("name", "type"),
    )
    schema["allOf"] = [
        {
            "if": {"properties": {"type": {"const": info.name}}, "required": ["type"]},
            "then": {
                "properties": {
                    "config": {"anyOf": [{"$ref": f"#/$defs/{_key(info)}"}, {"type": "null"}]}
                }
            },
        }
        for info in types
    ]
    return schema


def _retry() -> Schema:
    standard = RetryPolicy()
    seconds = {"type": ["number", "null"], "minimum": 0, "maximum": DAY_SECONDS}
    properties: dict[str, Schema] = {
        "max_attempts": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": MAX_ATTEMPTS,
            "description": "Attempts in all.",
        },
        "delay_seconds": {**seconds, "description": "The wait after the first failure."},
        "backoff": {
            "type": ["number", "null"],
            "minimum": 1,
            "maximum": MAX_BACKOFF,
            "description": "By what the wait grows with each failure.",
        },
        "max_delay_seconds": {**seconds, "description": "The longest wait."},
    }
    for key, schema in properties.items():
        schema["default"] = getattr(standard, key)
    return _object("How a block is tried again.", properties)


def _edge() -> Schema:
    end: Schema = {"type": "string", "minLength": 1}
    return _object(
        "The block `to` waits on the block `from` and reads its data set.",
        {
            "from": {**end, "description": "The name of the block that comes first."},
            "to": {**end, "description": "The name of the block that comes after it."},
            "as": {
                "anyOf": [{"type": "string", "pattern": f"^{NAME_PATTERN}$"}, {"type": "null"}],
                "description": "What `to` calls this input; without it, the name of `from`.",
            },
        },
        required=("from", "to"),
    )


def _param() -> Schema:
    return _object(
        "A value that each run is given, used in configs as {{ params.name }}.",
        {
            "name": {"type": "string", "pattern": f"^{PARAM_PATTERN}$"},
            "type": _words(ParamType, "", optional=False),
            "default": {"description": "What it is when a run gives none."},
            "required": _optional(
                "boolean", "Whether a run must give it; true where there is no default."
            ),
            "description": _optional("string", "What it is for."),
            "choices": {
                "type": ["array", "null"],
                "minItems": 1,
                "description": "The only values that it takes.",
            },
            "minimum": _optional("number", "The least value, of an integer or number."),
            "maximum": _optional("number", "The greatest value, of an integer or number."),
        },
        required=("name", "type"),
    )


def _object(
    description: str, properties: dict[str, Schema], *, required: Iterable[str] = ()
) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(kind: str, description: str, limit: int) -> Schema:
    return {
        "type": ["array", "null"],
        "items": {"$ref": f"#/$defs/{kind}"},
        "maxItems": limit,
        "description": description,
    }


def _optional(type_: str, description: str) -> Schema:
    return {"type": [type_, "null"], "description": description}


def _whole(least: int, most: int, description: str) -> Schema:
    return {
        "type": ["integer", "null"],
        "minimum": least,
        "maximum": most,
        "description": description,
    }


def _words(words: type[StrEnum], description: str, *, optional: bool = True) -> Schema:
    """Enum words in lower case, as documents write them; GraphQL's own spelling is taken too."""
    lower = [member.value.lower() for member in words]
    options: list[Schema] = [{"enum": lower}, {"enum": [member.value for member in words]}]
    if optional:
        options.append({"type": "null"})
    return {"anyOf": options, "description": f"{description}One of {', '.join(lower)}."}


def _key(info: BlockTypeInfo) -> str:
    return f"config.{info.name}"
