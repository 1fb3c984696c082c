"""What language models were asked and what came of it: sums over rows that were only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from headrace.store.database import Snapshot
from headrace.store.reads.blocks import BlockKey
from headrace.store.reads.pairs import among_pairs, pairs
from headrace.store.statements import Row
from headrace.store.tables import llm_usage


@dataclass(frozen=True, slots=True)
class UsageSums:
    """`calls` were answered; `ledger_hits` are answers that were there already."""

    calls: int = 0
    ledger_hits: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


NO_USAGE: Final = UsageSums()

_U = llm_usage.c
_SUMMED = (_U.calls, _U.ledger_hits, _U.input_tokens, _U.output_tokens)
_SUMS = [func.sum(column).label(column.name) for column in _SUMMED]
_OF_RUNS = (
    select(_U.run_id, *_SUMS)
    .where(_U.run_id.in_(bindparam("runs", expanding=True)))
    .group_by(_U.run_id)
)
_OF_BLOCKS = (
    select(_U.run_id, _U.position, *_SUMS)
    .where(among_pairs(_U.run_id, _U.position))
    .group_by(_U.run_id, _U.position)
)
_BY_MODEL = select(_U.provider, _U.model, *_SUMS).group_by(_U.provider, _U.model)


async def usage_of_runs(snapshot: Snapshot, runs: Sequence[str]) -> dict[str, UsageSums]:
    """By run id; a run that asked for nothing is left out."""
    rows = await snapshot.all(_OF_RUNS, runs=runs)
    return {row.run_id: _sums(row) for row in rows}


async def usage_of_blocks(
    snapshot: Snapshot, keys: Sequence[BlockKey]
) -> dict[BlockKey, UsageSums]:
    """By (run id, position), all attempts together; a block that asked for nothing is left out."""
    rows = await snapshot.all(_OF_BLOCKS, **pairs(keys))
    return {(row.run_id, row.position): _sums(row) for row in rows}


async def usage_by_model(snapshot: Snapshot) -> dict[tuple[str, str], UsageSums]:
    """By (provider, model), over every run that is kept."""
    rows = await snapshot.all(_BY_MODEL)
    return {(row.provider, row.model): _sums(row) for row in rows}


def _sums(row: Row) -> UsageSums:
    # A database may give a sum of integers as a decimal.
    return UsageSums(*(int(getattr(row, column.name)) for column in _SUMMED))
