"""Reruns: what clients ask for, and what one would do."""

from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type, object_type
from headrace.api.graphql.enums import RerunFrom, VersionChoice
from headrace.api.graphql.run_inputs import KEY_WORDS, bad_input, given
from headrace.domain import reruns as domain
from headrace.domain.documents import MAX_BLOCKS
from headrace.services.reruns import Rerun, plan

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context

_FROM_WORDS: Final = "Where it begins."
_BLOCKS_WORDS: Final = f"With BLOCKS: their names, at most {MAX_BLOCKS:,}."
_VERSION_WORDS: Final = "Which version it runs."

FromArg: TypeAlias = Annotated[RerunFrom, strawberry.argument(name="from", description=_FROM_WORDS)]
BlocksArg: TypeAlias = Annotated[
    list[str] | None, strawberry.argument(name="blocks", description=_BLOCKS_WORDS)
]
VersionArg: TypeAlias = Annotated[
    VersionChoice, strawberry.argument(name="version", description=_VERSION_WORDS)
]


@object_type
class RerunReason:
    """Why a rerun reuses, runs or skips a block, or why there can be no such rerun."""

    block: str = strawberry.field(description="The block; empty where it is none in particular.")
    message: str = strawberry.field(description="The reason, for people.")

    @classmethod
    def of(cls, reason: domain.Reason) -> "RerunReason":
        return cls(block=reason.block, message=reason.message)


@object_type
class RerunPlan:
    """What a rerun would do with each block, in definition order.

    Where there can be no such rerun, nothing is reused, run or skipped, and the reasons say why.
    """

    reuse: list[str] = strawberry.field(
        description="Blocks whose earlier output is linked: nothing is copied or run again."
    )
    run: list[str] = strawberry.field(description="Blocks that run.")
    skip: list[str] = strawberry.field(
        description="Blocks whose trigger rule cannot hold after what is reused."
    )
    reasons: list[RerunReason] = strawberry.field(
        description="Why, of each block; or why there can be no such rerun."
    )

    @classmethod
    def of(cls, found: domain.RerunPlan) -> "RerunPlan":
        return cls(
            reuse=list(found.reuse),
            run=list(found.run),
            skip=list(found.skip),
            reasons=[RerunReason.of(reason) for reason in found.impossible or found.reasons],
        )


@input_type
class RerunInput:
    """A run to be repeated, as a whole or in part."""

    run_id: strawberry.ID = strawberry.field(description="The run, which must be over.")
    from_: RerunFrom = strawberry.field(
        name="from", default=RerunFrom.FAILED, description=_FROM_WORDS
    )
    blocks: list[str] | None = strawberry.field(default=UNSET, description=_BLOCKS_WORDS)
    version: VersionChoice = strawberry.field(
        default=VersionChoice.SAME, description=_VERSION_WORDS
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


def rerun_of(
    run_id: str, start: RerunFrom, blocks: list[str] | None, version: VersionChoice
) -> Rerun:
    """What the service is asked for. Raises ApiError BAD_USER_INPUT."""
    names = given(blocks) or []
    if len(names) > MAX_BLOCKS:
        raise bad_input("blocks", f"must be at most {MAX_BLOCKS:,} names")
    return Rerun(run_id=run_id, start=start, blocks=tuple(names), version=version)


async def plan_of(context: "Context", asked: Rerun) -> RerunPlan | None:
    """What a rerun would do; None when there is no such run."""
    async with context.reading() as snapshot:
        found = await plan(snapshot, asked)
    return None if found is None else RerunPlan.of(found)
