"""What asking a language model took, as a block tells it: a record for each answer that was paid.

Invariant: a `Usage` is handed over with the answers that it is of, and one transaction keeps both,
so a crash loses neither without the other and counts nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What was asked of one model.

    `calls` were answered and so are paid for; `ledger_hits` are answers that were there already.
    """

    provider: str
    model: str
    calls: int = 0
    ledger_hits: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


def summed(usages: Iterable[Usage]) -> list[Usage]:
    """One for each model, in order of appearance."""
    sums: dict[tuple[str, str], Usage] = {}
    for usage in usages:
        key = (usage.provider, usage.model)
        before = sums.get(key)
        sums[key] = usage if before is None else _added(before, usage)
    return list(sums.values())


def _added(one: Usage, other: Usage) -> Usage:
    return replace(
        one,
        calls=one.calls + other.calls,
        ledger_hits=one.ledger_hits + other.ledger_hits,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
    )
