"""Connections: pages of lists, with keyset cursors, and the arguments that ask for them.

Cursors of edges are made when edges are asked for, and a count is made when a count is asked for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import UNSET, Private

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.described import named, object_type
from headrace.api.graphql.scalars import Cursor
from headrace.store.reads.keyset import (
    MAX_LONG_PAGE,
    MAX_PAGE,
    BadCursor,
    BadWindow,
    Key,
    Window,
    encode_cursor,
    window,
)
from headrace.store.reads.rows import Count, Page

T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(description=f"At most so many, from the start: 1..{MAX_PAGE}, default 50."),
]
Last = Annotated[
    int | None, strawberry.argument(description=f"So many from the end: 1..{MAX_PAGE}.")
]
LongFirst = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most so many, from the start: 1..{MAX_LONG_PAGE}, default 50."
    ),
]
LongLast = Annotated[
    int | None, strawberry.argument(description=f"So many from the end: 1..{MAX_LONG_PAGE}.")
]
After = Annotated[Cursor | None, strawberry.argument(description="Only what comes after this.")]
Before = Annotated[Cursor | None, strawberry.argument(description="Only what comes before this.")]


@object_type
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after the page.")
    has_previous_page: bool = strawberry.field(description="Whether it begins before the page.")
    start_cursor: Cursor | None = strawberry.field(description="The first item's; null if none.")
    end_cursor: Cursor | None = strawberry.field(description="The last item's; null if none.")


@object_type
class Edge(Generic[T]):
    """An item of a page with its place in the list."""

    cursor: Cursor = strawberry.field(description="The place of this item.")
    node: T = strawberry.field(description="The item.")


@object_type
class Connection(Generic[T]):
    """A page of a list."""

    nodes: list[T] = strawberry.field(description="The items of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    scope: Private[str]
    keys: Private[list[Key]]

    @strawberry.field
    def edges(self) -> list[Edge[T]]:
        """The items of the page, each with its cursor."""
        return [
            Edge(cursor=Cursor(encode_cursor(self.scope, key)), node=node)
            for key, node in zip(self.keys, self.nodes, strict=True)
        ]


@named("Connection")
@object_type
class CountedConnection(Connection[T]):
    """A page of a list that can be counted."""

    count: Private[Callable[[], Awaitable[Count]]]
    counting: Private[asyncio.Future[Count] | None] = None

    @strawberry.field
    async def total_count(self) -> int:
        """How many items the whole list has: exact to 10,000, beyond that it may be an estimate."""
        return (await self.counted()).value

    @strawberry.field
    async def total_count_exact(self) -> bool:
        """Whether totalCount is exact."""
        return (await self.counted()).exact

    async def counted(self) -> Count:
        """The count, made once."""
        if self.counting is None:
            self.counting = asyncio.ensure_future(self.count())
        return await self.counting


def connection(page: Page[T], scope: str) -> Connection[T]:
    """The connection of a page of the list `scope`."""
    return Connection(nodes=page.items, page_info=_info(page, scope), scope=scope, keys=page.keys)


def counted_connection(
    page: Page[T], scope: str, count: Callable[[], Awaitable[Count]]
) -> CountedConnection[T]:
    """The same with a way to count the list."""
    return CountedConnection(
        nodes=page.items,
        page_info=_info(page, scope),
        scope=scope,
        keys=page.keys,
        count=count,
    )


def asked(
    scope: str,
    *,
    numeric: bool = False,
    most: int = MAX_PAGE,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> Window:
    """The window that a field's arguments ask for. Raises ApiError BAD_USER_INPUT or BAD_CURSOR."""
    try:
        return window(
            scope=scope,
            numeric=numeric,
            most=most,
            first=_given(first),
            after=_given(after),
            last=_given(last),
            before=_given(before),
        )
    except BadCursor as error:
        raise ApiError(Code.BAD_CURSOR, str(error)) from error
    except BadWindow as error:
        raise ApiError(Code.BAD_USER_INPUT, str(error)) from error


def position(after: str | None, scope: str) -> int:
    """The number in a cursor of the list `scope`, 0 without one. Raises ApiError BAD_CURSOR."""
    wanted = asked(scope, numeric=True, after=after)
    return int(wanted.after or 0)


def _given(value: T | None) -> T | None:
    return None if value is UNSET else value


def _info(page: Page[T], scope: str) -> PageInfo:
    keys = page.keys
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=Cursor(encode_cursor(scope, keys[0])) if keys else None,
        end_cursor=Cursor(encode_cursor(scope, keys[-1])) if keys else None,
    )
