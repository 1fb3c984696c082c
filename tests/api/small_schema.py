"""A small schema whose resolvers misbehave on demand: what the transport is tested with.

Headrace's own resolvers neither hang, nor raise what they should not, nor say how often they ran;
these do. The world counts the contexts that were opened and closed, and is idle while none is open.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import strawberry
from strawberry.scalars import JSON

from headrace.api.errors import ApiError
from headrace.api.graphql.context import RequestInfo


@dataclass
class World:
    """What the resolvers of one test share with it."""

    entered: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    bumps: int = 0
    opened: int = 0
    closed: int = 0
    streams_open: int = 0
    caller: RequestInfo | None = None  # of the last operation


class SmallContext:
    def __init__(self, world: World, caller: RequestInfo) -> None:
        self.world, self.caller = world, caller
        world.caller = caller
        world.opened += 1
        world.idle.clear()

    async def close(self) -> None:
        self.world.closed += 1
        if self.world.closed == self.world.opened:
            self.world.idle.set()


Info = strawberry.Info[SmallContext, None]


async def hang(world: World) -> None:
    world.entered.set()
    try:
        await world.release.wait()
    except asyncio.CancelledError:
        world.cancelled.set()
        raise


async def gone() -> list[int]:
    raise ApiError("NOT_FOUND", "There is no such run")


@strawberry.type
class Leaf:
    number: int

    @strawberry.field
    def leaf(self) -> "Leaf":
        return self


@strawberry.type
class Event:
    number: int
    leaves: list[Leaf]


@strawberry.type
class Query:
    @strawberry.field
    def ping(self) -> str:
        return "pong"

    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf(number=1)

    @strawberry.field
    def whoami(self, info: Info) -> str:
        caller = info.context.caller
        return f"{caller.principal}/{caller.client}"

    @strawberry.field
    def echo(self, value: JSON) -> JSON:
        return value

    @strawberry.field
    def twice(self, number: int) -> int:
        return 2 * number

    @strawberry.field
    async def hang(self, info: Info) -> str:
        await hang(info.context.world)
        return "released"

    @strawberry.field
    def boom(self) -> str | None:
        raise RuntimeError("secret: /srv/passwords")

    @strawberry.field
    def wrong_type(self) -> int | None:
        return "no number"  # type: ignore[return-value] # the bug that the test is about

    @strawberry.field
    def refused(self) -> str | None:
        raise ApiError("NOT_FOUND", "There is no such thing", extensions={"thing": "x"})


@strawberry.type
class Mutation:
    @strawberry.mutation
    def bump(self, info: Info) -> int:
        info.context.world.bumps += 1
        return info.context.world.bumps

    @strawberry.mutation
    async def hang(self, info: Info) -> str:
        await hang(info.context.world)
        info.context.world.bumps += 1
        return "released"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Info, to: int, leaves: int = 0) -> AsyncGenerator[Event, None]:
        world = info.context.world
        world.streams_open += 1
        try:
            for number in range(1, to + 1):
                yield Event(number=number, leaves=[Leaf(number=n) for n in range(leaves)])
        finally:
            world.streams_open -= 1

    @strawberry.subscription
    async def forever(self, info: Info) -> AsyncGenerator[int, None]:
        world = info.context.world
        world.streams_open += 1
        try:
            yield 1
            await hang(world)
        finally:
            world.streams_open -= 1

    @strawberry.subscription
    async def absent(self) -> AsyncGenerator[int, None]:
        for number in await gone():
            yield number

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("secret: /srv/passwords")


def build() -> strawberry.Schema:
    return strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
