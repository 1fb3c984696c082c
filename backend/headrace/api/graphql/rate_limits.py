"""How a client stands with the rate limit of the GraphQL endpoint, as the API shows it."""

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.scalars import DateTime
from headrace.api.rate_state import RateState


@object_type
class RateLimit:
    """The limit of this endpoint for this client. The request that asks has been counted."""

    path: str = strawberry.field(description="The path that is limited.")
    limit: int = strawberry.field(description="At most so many requests within the window.")
    window_seconds: int = strawberry.field(description="The sliding window, in seconds.")
    remaining: int = strawberry.field(description="How many are left by now.")
    reset_at: DateTime = strawberry.field(description="When the window has room for one more.")

    @classmethod
    def of(cls, state: RateState) -> "RateLimit":
        return cls(
            path=state.path,
            limit=state.limit,
            window_seconds=state.window_seconds,
            remaining=state.remaining,
            reset_at=DateTime(state.reset_at),
        )
