"""Definitions as clients give them: a text, or an input object that becomes a document."""

from collections.abc import Mapping
from typing import Any, Final

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import choice_type, input_type, named
from headrace.api.graphql.enums import ParamType, TriggerRule
from headrace.api.graphql.run_inputs import bad_input, given
from headrace.api.graphql.scalars import JSON
from headrace.services.pipelines import DefinitionSource, JsonSource, Source, YamlSource
from headrace.store.reads.pipelines import PipelineFilter

MAX_NAME: Final = 100
NAME_IN_WORDS: Final = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}, and not `new`"


@input_type
class ParamInput:
    """A value that a run is given."""

    name: str = strawberry.field(description="`{{ params.<name> }}` stands for it.")
    type: ParamType = strawberry.field(description="Its type.")
    default: JSON | None = strawberry.field(
        default=UNSET, description="Its value where none is given."
    )
    required: bool | None = strawberry.field(
        default=UNSET, description="Whether every run must give it; without a default, it must."
    )
    description: str | None = strawberry.field(default=UNSET, description="What it is for.")
    choices: list[JSON] | None = strawberry.field(
        default=UNSET, description="The only values it may have."
    )
    minimum: float | None = strawberry.field(
        default=UNSET, description="The smallest value, included."
    )
    maximum: float | None = strawberry.field(
        default=UNSET, description="The largest value, included."
    )


@input_type
class RetryInput:
    """How often a block is tried, and how long it waits in between."""

    max_attempts: int | None = strawberry.field(
        default=UNSET, description="Tries in all; default 1."
    )
    delay_seconds: float | None = strawberry.field(
        default=UNSET, description="The first delay; default 1."
    )
    backoff: float | None = strawberry.field(
        default=UNSET, description="What each delay is multiplied by; default 2."
    )
    max_delay_seconds: float | None = strawberry.field(
        default=UNSET, description="The longest delay; default 60."
    )


@input_type
class BlockInput:
    """A block of a definition."""

    name: str = strawberry.field(
        description="Unique; [A-Za-z0-9_][A-Za-z0-9_.-]{0,99}, and not `new`."
    )
    type: str = strawberry.field(description="The name of a block type.")
    config: JSON | None = strawberry.field(default=UNSET, description="Its configuration.")
    retry: RetryInput | None = strawberry.field(default=UNSET, description="When it is retried.")
    timeout_seconds: float | None = strawberry.field(
        default=UNSET, description="Its time limit; default BLOCK_TIMEOUT_SECONDS."
    )
    when: TriggerRule | None = strawberry.field(
        default=UNSET, description="When it runs; default ALL_SUCCEEDED."
    )
    cache: bool | None = strawberry.field(
        default=UNSET,
        description="Whether an earlier result may stand for it. This version knows false alone: "
        "true is a problem INVALID_CONFIG.",
    )
    partitions: int | None = strawberry.field(
        default=UNSET,
        description="Into how many parts its input is split, 2 to 1000, each worked on by itself.",
    )
    rows_per_partition: int | None = strawberry.field(
        default=UNSET,
        description="How many rows a part of its input has at most; instead of `partitions`.",
    )


@input_type
class EdgeInput:
    """A block that waits on another, and sees its data set by the upstream block's name or `as`."""

    from_: str = strawberry.field(name="from", description="The upstream block.")
    to: str = strawberry.field(description="The block that waits.")
    as_: str | None = strawberry.field(
        name="as", default=UNSET, description="The name the data set is seen by."
    )


@input_type
class PipelineInput:
    """A definition as an object. At most 2,000 blocks, 10,000 edges and 200 params.

    In YAML and JSON, of at most 1 MiB, its keys are in snake_case and enum words in lower case:
    name, description, params, blocks [name, type, config, retry {max_attempts 1, delay_seconds 1,
    backoff 2, max_delay_seconds 60}, timeout_seconds, when, cache, partitions, rows_per_partition],
    edges [from, to, as].
    `replace_if_exists` may stand in a document: an instruction, no part of the definition, its
    digest or an export.
    """

    name: str = strawberry.field(
        description="Unique; [A-Za-z0-9_][A-Za-z0-9_.-]{0,99}, and not `new`."
    )
    description: str | None = strawberry.field(default=UNSET, description="What it is for.")
    params: list[ParamInput] | None = strawberry.field(
        default=UNSET, description="What a run is given."
    )
    blocks: list[BlockInput] = strawberry.field(description="The blocks.")
    edges: list[EdgeInput] = strawberry.field(description="What they wait on.")


@choice_type
class PipelineSource:
    """A definition, in one of three forms."""

    definition: PipelineInput | None = strawberry.field(default=UNSET, description="As an object.")
    yaml: str | None = strawberry.field(default=UNSET, description="As YAML.")
    json: str | None = strawberry.field(default=UNSET, description="As JSON.")


@named("PipelineFilter")
@input_type
class PipelineFilterInput:
    """Which pipelines are meant: every condition that is given must hold."""

    name_contains: str | None = strawberry.field(
        default=UNSET, description="The name contains this, letter case aside."
    )
    archived: bool | None = strawberry.field(
        default=False, description="Only archived ones, only the others, or (null) both."
    )


def source_of(asked: PipelineSource) -> Source:
    """The definition that a client gives."""
    if (text := given(asked.yaml)) is not None:
        return YamlSource(text)
    if (text := given(asked.json)) is not None:
        return JsonSource(text)
    definition = given(asked.definition)
    assert definition is not None, "GraphQL lets exactly one of the three through"
    return DefinitionSource(document_of(definition))


def pipeline_filter(where: PipelineFilterInput | None) -> PipelineFilter:
    """The condition that a client's filter puts."""
    if where is None or where is UNSET:
        return PipelineFilter()
    part = given(where.name_contains)
    if part is not None and len(part) > MAX_NAME:
        raise bad_input("filter.nameContains", f"must be at most {MAX_NAME} characters")
    return PipelineFilter(name_contains=part, archived=where.archived)


def document_of(asked: PipelineInput) -> dict[str, Any]:
    """A definition's document. Null and nothing are the same, but for a param's default."""
    params = given(asked.params)
    return _given(
        {
            "name": asked.name,
            "description": asked.description,
            "params": UNSET if params is None else [_param(param) for param in params],
            "blocks": [_block(block) for block in asked.blocks],
            "edges": [
                _given({"from": edge.from_, "to": edge.to, "as": edge.as_}) for edge in asked.edges
            ],
        }
    )


def _param(asked: ParamInput) -> dict[str, Any]:
    document = _given(
        {
            "name": asked.name,
            "type": asked.type.lower(),
            "required": asked.required,
            "description": asked.description,
            "choices": asked.choices,
            "minimum": asked.minimum,
            "maximum": asked.maximum,
        }
    )
    if asked.default is not UNSET:
        document["default"] = asked.default
    return document


def _block(asked: BlockInput) -> dict[str, Any]:
    retry, rule = given(asked.retry), given(asked.when)
    return _given(
        {
            "name": asked.name,
            "type": asked.type,
            "config": asked.config,
            "retry": UNSET if retry is None else _retry(retry),
            "timeout_seconds": asked.timeout_seconds,
            "when": UNSET if rule is None else rule.lower(),
            "cache": asked.cache,
            "partitions": asked.partitions,
            "rows_per_partition": asked.rows_per_partition,
        }
    )


def _retry(asked: RetryInput) -> dict[str, Any]:
    return _given(
        {
            "max_attempts": asked.max_attempts,
            "delay_seconds": asked.delay_seconds,
            "backoff": asked.backoff,
            "max_delay_seconds": asked.max_delay_seconds,
        }
    )


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in document.items() if value is not UNSET and value is not None
    }
