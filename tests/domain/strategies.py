"""Hypothesis strategies: JSON values, awkward texts, and valid definitions of all shapes."""

from typing import Any

from hypothesis import strategies as st

from headrace.domain.definition import (
    Block,
    Definition,
    Edge,
    Param,
    ParamType,
    RetryPolicy,
)
from headrace.domain.lifecycle import TriggerRule

# Words that one YAML reader or another takes for something that is no text.
WORDS = (
    "no Yes on OFF y N null ~ True 1e3 0x10 0o17 012 1_000 12:30:00 2024-01-01 .5 .inf .NaN +1 -1 "
    "1. - # ' \" \\ [a] {a:b} &a *a @a `a` | > << = --- ... . .. ./x ../x /x a: a,b é 😀 日本"
)
BLANKS = ["", " ", " leading", "trailing ", "a\tb", "\ta", "- a", "? a", ": a", "a: b", "a #b"]
MARKS = ["!!str x", "%YAML 1.1", "{{ params.x }}", "\x7f", "\x1b", "\ufeff", "a\ufeffb", "\uffff"]
LINES = ["a\nb", "a\n\nb\n", " a\nb", "a \nb", "a\n", "\n", "\na", "a\n\n\n", "a\r\nb", "a\rb"]
MORE_LINES = ["a\n\tb", "a\x85b", "a\u2028b", "a\u2029b", "key: |\n  text", "a\n b\n  c", "a\n# b"]
AWKWARD = (*WORDS.split(), *BLANKS, *MARKS, *LINES, *MORE_LINES, "a\n---\nb", "a\n...", "x" * 2_000)
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.text(alphabet="ab \n\t:#-'\"{}[],&*!|>%@`?~\\01.", max_size=20),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,8}", fullmatch=True).filter(
    lambda name: name != "new"
)
seconds = st.floats(0, 86_400)


@st.composite
def params(draw: st.DrawFn, name: str) -> Param:
    type_ = draw(st.sampled_from([ParamType.STRING, ParamType.INTEGER, ParamType.JSON]))
    values = {
        ParamType.STRING: texts,
        ParamType.INTEGER: st.integers(-1000, 1000),
        ParamType.JSON: json_values,
    }[type_]
    default = draw(st.none() | values)
    limits = type_ is ParamType.INTEGER
    return Param(
        name=name,
        type=type_,
        default=default,
        has_default=default is not None,
        required=default is None and draw(st.booleans()),
        description=draw(st.none() | texts),
        minimum=draw(st.none() | st.floats(-5000, -1000)) if limits else None,
        maximum=draw(st.none() | st.integers(1000, 5000)) if limits else None,
    )


@st.composite
def blocks(draw: st.DrawFn, name: str, *, has_input: bool) -> Block:
    key = draw(st.sampled_from(["partitions", "rows_per_partition", None]))
    size = draw(st.integers(2, 1_000)) if has_input else None
    return Block(
        name=name,
        type=draw(st.sampled_from(["FREE", "OTHER"])),
        config=draw(st.dictionaries(texts, json_values, max_size=4)),
        retry=draw(
            st.just(RetryPolicy())
            | st.builds(
                RetryPolicy,
                max_attempts=st.integers(1, 100),
                delay_seconds=seconds,
                backoff=st.floats(1, 100),
                max_delay_seconds=seconds,
            )
        ),
        timeout_seconds=draw(st.none() | st.floats(0, 86_400, exclude_min=True)),
        when=draw(st.sampled_from(TriggerRule)),
        partitions=size if key == "partitions" else None,
        rows_per_partition=size if key == "rows_per_partition" else None,
    )


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Definitions that are valid for a catalogue that takes any config of FREE and OTHER."""
    block_names = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    pairs = [(a, b) for i, a in enumerate(block_names) for b in block_names[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    param_names = draw(st.lists(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), unique=True))
    return Definition(
        name=draw(names),
        description=draw(st.none() | texts),
        params=tuple(draw(params(name)) for name in param_names[:4]),
        blocks=tuple(
            draw(blocks(name, has_input=any(name == target for _, target in chosen)))
            for name in block_names
        ),
        edges=tuple(
            Edge(source=a, target=b, alias=f"in_{place}" if draw(st.booleans()) else None)
            for place, (a, b) in enumerate(chosen)
        ),
    )
