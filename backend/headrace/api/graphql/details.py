"""Small types that runs, blocks and attempts share."""

import json

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.references import RunRef
from headrace.api.graphql.scalars import BigInt, DateTime
from headrace.domain import events


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

    code: str = strawberry.field(description="The kind of reason, for programs.")
    message: str = strawberry.field(description="The reason, for people.")
    until: DateTime | None = strawberry.field(description="When it ends, where that is known.")
    blocks: list[str] = strawberry.field(description="The blocks that are waited for.")
    runs: list[RunRef] = strawberry.field(description="The runs that are waited for.")


@object_type
class LlmUsage:
    """What language models were asked and what it cost, summed from the rows that were answered."""

    calls: BigInt = strawberry.field(description="Calls that reached a provider.")
    ledger_hits: BigInt = strawberry.field(description="Answers that the ledger had already.")
    input_tokens: BigInt = strawberry.field(description="Tokens that were sent.")
    output_tokens: BigInt = strawberry.field(description="Tokens that came back.")
    cost_usd: float | None = strawberry.field(
        description="The cost in US dollars; null where a model's price is not known."
    )

    @classmethod
    def none(cls) -> "LlmUsage":
        """What is true where no provider was paid: the mock keeps no account."""
        zero = BigInt(0)
        return cls(
            calls=zero, ledger_hits=zero, input_tokens=zero, output_tokens=zero, cost_usd=0.0
        )
