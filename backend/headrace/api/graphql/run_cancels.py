"""Cancellation in bulk: the runs that a client means, by ids or by a filter."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.run_inputs import (
    KEY_WORDS,
    RunFilterInput,
    bad_input,
    given,
    idempotency_key,
    run_filter,
)
from headrace.domain.lifecycle import RUN_ACTIVE
from headrace.services import runs as service
from headrace.services.results import IdempotencyConflict
from headrace.services.runs import MOST_CANCELLED_AT_ONCE, CancelResults, TooMany
from headrace.store.reads.keyset import Window
from headrace.store.reads.run_filters import RunFilter
from headrace.store.reads.runs import run_page

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context

MAX_REASON: Final = 1_000


@input_type
class CancelRunsInput:
    """Runs to be cancelled: by their ids, or by a filter."""

    run_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description=f"At most {MOST_CANCELLED_AT_ONCE}; or a filter."
    )
    where: RunFilterInput | None = strawberry.field(
        name="filter",
        default=UNSET,
        description=f"Those of its runs that are not over, at most {MOST_CANCELLED_AT_ONCE}; or "
        "ids.",
    )
    reason: str | None = strawberry.field(
        default=UNSET, description=f"Why, for people: at most {MAX_REASON} characters."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


async def cancel(
    context: "Context", asked: CancelRunsInput
) -> CancelResults | TooMany | IdempotencyConflict:
    """Asks for it. Raises ApiError BAD_USER_INPUT unless there are either ids or a filter."""
    run_ids, where = given(asked.run_ids), given(asked.where)
    if (run_ids is None) == (where is None):
        raise bad_input("runIds", "or `filter` must be given, and not both")
    reason = given(asked.reason)
    if reason is not None and len(reason) > MAX_REASON:
        raise bad_input("reason", f"must be at most {MAX_REASON} characters")
    condition = run_filter(where)
    return await service.cancel_runs(
        context.services,
        await _found(context, condition) if run_ids is None else run_ids,
        reason=reason,
        principal=context.caller.principal,
        idempotency_key=idempotency_key(asked.idempotency_key),
        meant=_meant(condition) if run_ids is None else None,
    )


def _meant(condition: RunFilter) -> dict[str, Any]:
    """The filter as JSON, the same for all ways of saying the same."""
    status = condition.status
    return {
        "status": None if status is None else sorted(status),
        "pipeline": condition.pipeline,
        "labels": sorted(map(list, condition.labels)),
        "created_after": condition.created_after,
        "created_before": condition.created_before,
        **({} if condition.search is None else {"search": condition.search}),
    }


async def _found(context: "Context", condition: RunFilter) -> list[str]:
    status = RUN_ACTIVE if condition.status is None else condition.status & RUN_ACTIVE
    async with context.reading() as snapshot:
        wanted = Window(limit=MOST_CANCELLED_AT_ONCE + 1)
        page = await run_page(snapshot, wanted, replace(condition, status=status))
    return [run.id for run in page.items]
