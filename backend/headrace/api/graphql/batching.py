"""How loaders are made: each reads in one statement what one step of the execution asks for."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias, TypeVar

from strawberry.dataloader import DataLoader

from headrace.store.database import Snapshot

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
T = TypeVar("T")

Reading: TypeAlias = Callable[[], AbstractAsyncContextManager[Snapshot]]
"""Gives the operation's snapshot."""


def one_of(
    reading: Reading,
    read: Callable[[Snapshot, Sequence[K]], Awaitable[Mapping[K, R]]],
    make: Callable[[R], T],
) -> DataLoader[K, T | None]:
    """Makes an object of the row of each key, None where there is no row."""

    async def batch(keys: list[K]) -> Sequence[T | None]:
        async with reading() as snapshot:
            found = await read(snapshot, keys)
        return [make(found[key]) if key in found else None for key in keys]

    return DataLoader(batch)


def sum_of(
    reading: Reading,
    read: Callable[[Snapshot, Sequence[K]], Awaitable[Mapping[K, T]]],
    nothing: T,
) -> DataLoader[K, T]:
    """Gives what the rows of each key come to, `nothing` where there are none."""

    async def batch(keys: list[K]) -> Sequence[T]:
        async with reading() as snapshot:
            found = await read(snapshot, keys)
        return [found.get(key, nothing) for key in keys]

    return DataLoader(batch)


def many_of(
    reading: Reading,
    read: Callable[[Snapshot, Sequence[K]], Awaitable[Mapping[K, Sequence[R]]]],
    make: Callable[[R], T],
) -> DataLoader[K, list[T]]:
    """Makes an object of each row of each key, in the order they are read."""

    async def batch(keys: list[K]) -> Sequence[list[T]]:
        async with reading() as snapshot:
            found = await read(snapshot, keys)
        return [[make(row) for row in found.get(key, ())] for key in keys]

    return DataLoader(batch)
