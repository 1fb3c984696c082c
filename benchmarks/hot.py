"""The four hot figures: many trivial blocks in a row, side by side, in many runs, and in one.

All on one server whose children are warm, round after round, and after each measurement the bare
loop does the same, so that both see the same moments of the machine.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.bare import BareLoop
from benchmarks.client import Client, client_of
from benchmarks.figures import Figure, Goal, Plan, percentile
from benchmarks.served import serve
from benchmarks.shapes import CHAIN, FANOUT, PAIR, SHAPES, SMALL

NAMES = ("chain", "fanout", "many", "small")
_PAIRS = 100


@dataclass(frozen=True)
class _Bench:
    client: Client
    bare: BareLoop
    plan: Plan


async def measure(plan: Plan) -> AsyncIterator[Figure]:
    """Those of the four that are wanted."""
    wanted = [name for name in NAMES if name in plan.wanted]
    if not wanted:
        return
    found: dict[str, Figure] = {}
    async with _bench(plan) as bench:
        for _ in range(plan.rounds):
            for name in wanted:
                for figure in await _MEASURED[name](bench):
                    known = found.setdefault(figure.title, figure)
                    if known is not figure:
                        known.rounds.extend(figure.rounds)
                        known.bare.extend(figure.bare)
    for figure in found.values():
        yield figure


@asynccontextmanager
async def _bench(plan: Plan) -> AsyncIterator[_Bench]:
    async with serve(plan.folder / "hot") as served, client_of(served.url) as client:
        for shape in SHAPES:
            await client.import_pipeline({"definition": shape.document()})
        for _ in range(
            3
        ):  # children, caches, compiled statements: what a server has after a minute
            for shape in (CHAIN, FANOUT, SMALL):
                await client.run(shape)
            await client.runs_at_once(PAIR, _PAIRS)
        bare = BareLoop(plan.folder / "bare.sqlite3", like=served.database)
        try:
            for shape in SHAPES:
                bare.run(shape)
            yield _Bench(client, bare, plan)
        finally:
            bare.close()


async def _chain(bench: _Bench) -> list[Figure]:
    return [
        Figure(
            name="chain",
            title="40 trivial blocks in a row",
            unit="s",
            rounds=[await bench.client.run(CHAIN)],
            bare=[bench.bare.run(CHAIN)],
            goal=Goal(limit=0.1),
        )
    ]


async def _fanout(bench: _Bench) -> list[Figure]:
    return [
        Figure(
            name="fanout",
            title="1 → 100 → 1",
            unit="s",
            rounds=[await bench.client.run(FANOUT)],
            bare=[bench.bare.run(FANOUT)],
            goal=Goal(limit=0.2),
        )
    ]


async def _many(bench: _Bench) -> list[Figure]:
    blocks = _PAIRS * PAIR.blocks
    client = bench.client
    return [
        Figure(
            name="many",
            title="100 runs of two blocks at once, each followed to its end",
            unit="blocks/s",
            rounds=[blocks / await client.runs_at_once(PAIR, _PAIRS, ends_only=True)],
            bare=[blocks / bench.bare.run(PAIR, _PAIRS)],
            goal=Goal(limit=400, at_least=True),
        ),
        Figure(
            name="many",
            title="… every event of each followed",
            unit="blocks/s",
            rounds=[blocks / await client.runs_at_once(PAIR, _PAIRS)],
        ),
    ]


async def _small(bench: _Bench) -> list[Figure]:
    served = [await bench.client.run(SMALL) for _ in range(bench.plan.runs)]
    bare = [bench.bare.run(SMALL) for _ in range(bench.plan.runs)]
    return [
        Figure(
            name="small",
            title=f"one run of three blocks, alone: p{percent}",
            unit="ms",
            rounds=[percentile(served, percent) * 1000],
            bare=[percentile(bare, percent) * 1000],
            goal=Goal(limit=limit),
        )
        for percent, limit in ((50, 15), (95, 30))
    ]


_MEASURED: dict[str, Callable[[_Bench], Awaitable[list[Figure]]]] = {
    "chain": _chain,
    "fanout": _fanout,
    "many": _many,
    "small": _small,
}
