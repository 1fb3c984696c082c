"""Small types that runs, blocks and attempts share."""

import json

import strawberry
from strawberry import Private

from headrace.api.graphql.described import object_type
from headrace.api.graphql.operation import Info
from headrace.api.graphql.references import RunRef
from headrace.api.graphql.scalars import BigInt, DateTime, optional_time
from headrace.domain import events
from headrace.domain.waiting import Waiting
from headrace.store.reads.usage import UsageSums


@object_type
class RunError:
    """Why a run, a block or an attempt failed."""

    kind: str = strawberry.field(
        description="BLOCK_ERROR, BAD_INPUT, PATH_REFUSED, TIMED_OUT, CRASHED, WORKER_LOST, "
        "QUEUE_TIMEOUT, RUN_TIMEOUT, BUDGET_EXCEEDED, PROVIDER_ERROR or MODEL_NOT_FOUND. "
        "BAD_INPUT, PATH_REFUSED, MODEL_NOT_FOUND, BUDGET_EXCEEDED and what a block raises as "
        "permanent are not retried."
    )
    message: str = strawberry.field(description="What went wrong, for people.")
    block: str | None = strawberry.field(description="The block it happened in.")
    retryable: bool = strawberry.field(description="Whether trying again may help.")
    detail: str | None = strawberry.field(description="More about it, such as a traceback.")

    @classmethod
    def of(cls, text: str | None) -> "RunError | None":
        """The error that a column holds as JSON."""
        if text is None:
            return None
        error = events.RunError(**json.loads(text))
        return cls(
            kind=error.kind,
            message=error.message,
            block=error.block,
            retryable=error.retryable,
            detail=error.detail,
        )


@object_type
class WaitingReason:
    """Why something does not move."""

    code: str = strawberry.field(
        description="The kind of reason, for programs: UPSTREAM (blocks before it are not over), "
        "RETRY (its next attempt begins at `until`), NO_WORKER (nobody takes up blocks), "
        "WORKERS_BUSY (every place for a block is taken) or QUEUE (others go first). There may "
        "come more."
    )
    message: str = strawberry.field(description="The reason, for people.")
    until: DateTime | None = strawberry.field(description="When it ends, where that is known.")
    blocks: list[str] = strawberry.field(
        description="The blocks that are waited for; of a run's reason those of its blocks that "
        "wait."
    )
    run_ids: Private[tuple[str, ...]]

    @classmethod
    def of(cls, waiting: Waiting) -> "WaitingReason":
        return cls(
            code=waiting.code.value,
            message=waiting.message,
            until=optional_time(waiting.until),
            blocks=list(waiting.blocks),
            run_ids=waiting.runs,
        )

    @strawberry.field
    async def runs(self, info: Info) -> list[RunRef]:
        """The runs that are waited for: some of them, where they are many."""
        found = await info.context.load.run.load_many(self.run_ids)
        return [run for run in found if run is not None]


@object_type
class LlmUsage:
    """What language models were asked and what it cost, summed from the rows that were answered."""

    calls: BigInt = strawberry.field(
        description="Calls that a provider answered, and so is paid for; the mock is free and "
        "keeps no account."
    )
    ledger_hits: BigInt = strawberry.field(description="Answers that the ledger had already.")
    input_tokens: BigInt = strawberry.field(description="Tokens that were sent.")
    output_tokens: BigInt = strawberry.field(description="Tokens that came back.")
    cost_usd: float | None = strawberry.field(
        description="The cost in US dollars; null where a model's price is not known."
    )

    @classmethod
    def of(cls, sums: UsageSums) -> "LlmUsage":
        return cls(
            calls=BigInt(sums.calls),
            ledger_hits=BigInt(sums.ledger_hits),
            input_tokens=BigInt(sums.input_tokens),
            output_tokens=BigInt(sums.output_tokens),
            # No prices are kept: only what was never asked for is known to cost nothing.
            cost_usd=None if sums.calls else 0.0,
        )
