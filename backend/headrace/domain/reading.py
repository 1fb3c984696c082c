"""A parsed document into a definition: the shape of every key, each fault noted.

Invariant: reading always gives a definition, with "" for names that cannot be used; it is whole
only if nothing was noted. What needs more than one value at a time (edges that lead nowhere,
cycles, block types) is checked in `validation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from headrace.domain.definition import (
    Block,
    Definition,
    Edge,
    Param,
    ParamType,
    RetryPolicy,
)
from headrace.domain.fields import Fields
from headrace.domain.json import JSONValue, show
from headrace.domain.lifecycle import TriggerRule
from headrace.domain.names import input_name_fault, name_fault, param_name_fault
from headrace.domain.notes import Notes
from headrace.domain.param_values import BadParam, accept, of_type
from headrace.domain.partitions import MAX_PARTITIONS, MAX_ROWS_PER_PARTITION, MIN_PARTITIONS
from headrace.domain.problems import ProblemCode
from headrace.domain.suggestions import Suggester

MAX_ATTEMPTS = 100
DAY_SECONDS = 86_400
YEAR_SECONDS = 365 * DAY_SECONDS
MAX_BACKOFF = 100


def read(notes: Notes, suggester: Suggester, document: Mapping[str, JSONValue]) -> Definition:
    """The definition in a document, as far as it can be made out."""
    top = Fields(notes, suggester, (), dict(document), "The pipeline")
    definition = Definition(
        name=top.name("name", name_fault),
        description=top.text("description"),
        params=tuple(
            _param(Fields(notes, suggester, ("params", str(place)), value, f"Param {place + 1}"))
            for place, value in enumerate(top.listing("params"))
        ),
        blocks=tuple(
            _block(Fields(notes, suggester, ("blocks", str(place)), value, f"Block {place + 1}"))
            for place, value in enumerate(top.listing("blocks", required=True))
        ),
        edges=tuple(
            _edge(Fields(notes, suggester, ("edges", str(place)), value, f"Edge {place + 1}"))
            for place, value in enumerate(top.listing("edges"))
        ),
    )
    if document.get("blocks") == []:
        top.note(ProblemCode.WRONG_TYPE, "`blocks` should hold at least one block", "blocks")
    top.close()
    return definition


def _block(fields: Fields) -> Block:
    name = fields.name("name", name_fault)
    if name:
        fields.what = f"Block {show(name)}"
    block = Block(
        name=name,
        type=fields.text("type", required=True) or "",
        config=fields.mapping("config"),
        retry=_retry(fields.inner("retry")),
        timeout_seconds=fields.number("timeout_seconds", 0, YEAR_SECONDS, above=True),
        when=fields.word("when", TriggerRule) or TriggerRule.ALL_SUCCEEDED,
        cache=fields.boolean("cache") or False,
        partitions=fields.whole("partitions", MIN_PARTITIONS, MAX_PARTITIONS),
        rows_per_partition=fields.whole("rows_per_partition", 1, MAX_ROWS_PER_PARTITION),
    )
    fields.close()
    return block


def _retry(fields: Fields) -> RetryPolicy:
    standard = RetryPolicy()
    attempts = fields.whole("max_attempts", 1, MAX_ATTEMPTS)
    delay = fields.number("delay_seconds", 0, DAY_SECONDS)
    backoff = fields.number("backoff", 1, MAX_BACKOFF)
    longest = fields.number("max_delay_seconds", 0, DAY_SECONDS)
    fields.close()
    return RetryPolicy(
        max_attempts=standard.max_attempts if attempts is None else attempts,
        delay_seconds=standard.delay_seconds if delay is None else delay,
        backoff=standard.backoff if backoff is None else backoff,
        max_delay_seconds=standard.max_delay_seconds if longest is None else longest,
    )


def _edge(fields: Fields) -> Edge:
    source = fields.text("from", required=True) or ""
    target = fields.text("to", required=True) or ""
    if source and target:
        fields.what = f"Edge {show(source)} → {show(target)}"
    alias = fields.text("as")
    if alias is not None:
        fields.check_name("as", alias, input_name_fault)
    fields.close()
    return Edge(source=source, target=target, alias=None if alias == source else alias)


def _param(fields: Fields) -> Param:
    name = fields.name("name", param_name_fault)
    if name:
        fields.what = f"Param {show(name)}"
    type_ = fields.word("type", ParamType, required=True)
    default = fields.get("default")
    asked = fields.boolean("required")
    param = Param(
        name=name,
        type=type_ or ParamType.JSON,
        default=default,
        has_default=default is not None,
        # `default: null` is another way to say that the run may do without.
        required=asked if asked is not None else not fields.has("default"),
        description=fields.text("description"),
        minimum=fields.number("minimum"),
        maximum=fields.number("maximum"),
    )
    choices = fields.listing("choices") if fields.get("choices") is not None else None
    fields.close()
    return param if type_ is None else _checked_param(fields, param, choices)


def _checked_param(fields: Fields, param: Param, choices: Sequence[JSONValue] | None) -> Param:
    if param.required and param.has_default:
        message = "it is required and has a default, which would never be used: remove one of them"
        fields.note(ProblemCode.INVALID_PARAM, message, "default", at_key=True)
    if param.type not in {ParamType.INTEGER, ParamType.NUMBER}:
        for key in ("minimum", "maximum"):
            if getattr(param, key) is not None:
                message = f"`{key}` is for integer and number, not for {param.type.lower()}"
                fields.note(ProblemCode.INVALID_PARAM, message, key, at_key=True)
        param = replace(param, minimum=None, maximum=None)
    if param.minimum is not None and param.maximum is not None and param.minimum > param.maximum:
        fields.note(ProblemCode.INVALID_PARAM, "`minimum` is above `maximum`", "minimum")
        param = replace(param, minimum=None, maximum=None)
    if choices is not None:
        param = replace(param, choices=_choices(fields, param, choices))
    if param.has_default:
        try:
            return replace(param, default=accept(param, param.default))
        except BadParam as error:
            fields.note(ProblemCode.INVALID_PARAM, f"its default {error}", "default")
    return param


def _choices(
    fields: Fields, param: Param, choices: Sequence[JSONValue]
) -> tuple[JSONValue, ...] | None:
    """The choices that are of the param's type and within its bounds; None if there are none."""
    if not choices:
        message = "`choices` should hold at least one value, or be left out"
        fields.note(ProblemCode.INVALID_PARAM, message, "choices")
    good = []
    for place, choice in enumerate(choices):
        try:
            good.append(accept(param, of_type(param.type, choice)))
        except BadParam as error:
            fields.note(ProblemCode.INVALID_PARAM, f"its choice {error}", "choices", str(place))
    return tuple(good) or None
