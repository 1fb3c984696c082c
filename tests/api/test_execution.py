"""The executor's short way gives what the long way gives, to the last error.

Random queries over a schema whose values are often not what their types say, executed by ours and
by Strawberry's own executor.
"""

import asyncio
import enum
from typing import Annotated, Any, cast

import strawberry
from graphql import (
    ExecutionResult,
    GraphQLInterfaceType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    parse,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from headrace.api.execution import OperationExecutor, Plans


@strawberry.enum
class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str
    colour: Colour | None


@strawberry.type
class Fruit(Named):
    weight: float | None
    seeds: int
    parts: list["Either | None"]

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        return self.name.upper() * times

    @strawberry.field
    async def later(self) -> int | None:
        return self.seeds


@strawberry.type
class Stone(Named):
    hard: bool
    inside: "Either | None"


Either = Annotated[Fruit | Stone, strawberry.union("Either")]


@strawberry.type
class Query:
    things: list[Named | None]
    first: Named | None
    words: list[str]


_SCHEMA = strawberry.Schema(query=Query, types=[Fruit, Stone])
_CORE = _SCHEMA._schema
_PLANS = Plans()

_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "text", 7, 2.5, True, Colour.RED, "red", "nothing", ValueError("of a value"), [1], {}]
)


def _made(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Instances whose attributes are mostly right, sometimes odd, sometimes missing."""

    def build(values: dict[str, Any]) -> Any:
        made = object.__new__(kind)
        for name, value in values.items():
            if value is not _MISSING:
                setattr(made, name, value)
        return made

    odd = {name: fields[name] | fields[name] | _ODD | st.just(_MISSING) for name in fields}
    return st.fixed_dictionaries(odd).map(build)


_MISSING = object()
_NAMED = {
    "name": st.text(max_size=3),
    "colour": st.sampled_from([Colour.RED, Colour.BLUE, None]),
}


def _things(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _made(
        Fruit,
        **_NAMED,
        weight=st.floats(allow_nan=False, allow_infinity=False),
        seeds=st.integers(-9, 9),
        parts=st.lists(inner, max_size=2),
    ) | _made(Stone, **_NAMED, hard=st.booleans(), inside=inner)


_THING = st.recursive(st.none(), _things, max_leaves=4)
_ROOT = _made(
    Query, things=st.lists(_THING, max_size=3), first=_THING, words=st.lists(st.text(max_size=2))
)


@st.composite
def _selection(draw: st.DrawFn, kind: Any, depth: int = 0) -> str:
    """A selection set on an object or an interface type, with aliases and fragments."""
    names = [*getattr(kind, "fields", ()), "__typename"]
    found = []
    for number, name in enumerate(draw(st.lists(st.sampled_from(names), min_size=1, max_size=5))):
        alias = draw(st.sampled_from(["", f"a{number}: "]))
        leaf = name == "__typename" or is_leaf_type(get_named_type(kind.fields[name].type))
        if leaf:
            found.append(alias + name)
        elif depth < 3:
            below = draw(_selection(get_named_type(kind.fields[name].type), depth + 1))
            found.append(f"{alias or f'b{number}: '}{name} {below}")
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        possible = draw(st.lists(st.sampled_from(_CORE.get_possible_types(kind)), max_size=2))
        found += [f"... on {one.name} {draw(_selection(one, depth + 1))}" for one in possible]
    return "{ " + " ".join(found or ["__typename"]) + " }"


def _executed(kind: type[Any], document: str, root: Any, **more: Any) -> ExecutionResult:
    executor = kind.build(_CORE, parse(document), root_value=root, **more)
    assert not isinstance(executor, list), executor

    async def run() -> ExecutionResult:
        result = executor.execute_operation()
        if executor.is_awaitable(result):
            result = await result
        # What an error made superfluous is settled by tasks of graphql-core's.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*left, return_exceptions=True)
        return cast(ExecutionResult, result)

    return asyncio.run(run())


@settings(max_examples=400, deadline=None)
@given(_selection(_CORE.query_type), _ROOT)
def test_both_executors_answer_alike(document: str, root: Any) -> None:
    ours = _executed(OperationExecutor, document, root, plans=_PLANS)
    theirs = _executed(StrawberryGraphQLCoreExecutionContext, document, root)
    assert ours.data == theirs.data
    assert str(ours.data) == str(theirs.data)  # in the same order
    found, expected = ours.errors or [], theirs.errors or []
    assert [(each.message, each.path, each.locations) for each in found] == [
        (each.message, each.path, each.locations) for each in expected
    ]
