"""Use cases of cleanup: finished runs that are old go, and with them what only they had."""

from dataclasses import asdict, dataclass
from functools import partial

from headrace.services.collecting import remove_older
from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, OutOfRange
from headrace.store import cleanup as store_cleanup
from headrace.store.cleanup import Removed
from headrace.store.clock import wall_ms
from headrace.store.database import Store
from headrace.store.idempotency import KeyReused, keep, key_of, recall

MOST_DAYS = 36_500
_DAY_MS = 86_400_000


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """How much went, or (`dry_run`) would go."""

    runs: int
    artifacts: int
    bytes: int
    dry_run: bool


async def cleanup(
    services: Services,
    *,
    older_than_days: int,
    dry_run: bool,
    principal: str,
    idempotency_key: str | None = None,
) -> Cleaned | OutOfRange | IdempotencyConflict:
    """Deletes the runs that finished more than so many days ago; says how much went.

    It goes in short transactions, so other work goes on beside it. The key is kept at the end.
    """
    if not 0 <= older_than_days <= MOST_DAYS:
        return OutOfRange("olderThanDays", 0, MOST_DAYS)
    given = {"older_than_days": older_than_days, "dry_run": dry_run}
    key = key_of(principal, "cleanup", idempotency_key, given)
    try:
        if (kept := await services.store.write(partial(recall, key=key))) is not None:
            return Cleaned(**kept)
        found = await _clean(services.store, older_than_days, dry_run=dry_run)
        cleaned = Cleaned(**asdict(found), dry_run=dry_run)
        await services.store.write(partial(keep, key=key, result=asdict(cleaned)))
    except KeyReused as error:
        return IdempotencyConflict(str(error))
    return cleaned


async def _clean(store: Store, older_than_days: int, *, dry_run: bool) -> Removed:
    before = wall_ms() - older_than_days * _DAY_MS
    if dry_run:
        async with store.snapshot() as snapshot:
            return await store_cleanup.what_would_go(snapshot, before)
    return await remove_older(store, before)
