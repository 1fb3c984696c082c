"""The API without sockets: the same operations, for the command line when no server is named.

What runs here is the caller's own: the principal is `local` and the client `cli`, no key is asked
for and nothing is rate limited. Bounds, deadlines and errors are those of every other transport.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from strawberry import Schema

from headrace.api.documents import is_subscription
from headrace.api.errors import ApiError, Code, formatted
from headrace.api.exchange import GraphQLRequest, RequestRefused
from headrace.api.graphql.context import RequestInfo, context_for
from headrace.api.operations import NewContext, Operations
from headrace.services.core import Services

LOCAL = RequestInfo(principal="local", client="cli")


class InProcess:
    """GraphQL by calling a function. Answers are `{data, errors}` as a response would hold them.

    `new_context` may give the caller of an operation more than LOCAL has: the grants of a run.
    """

    def __init__(
        self, services: Services, schema: Schema, *, new_context: NewContext | None = None
    ) -> None:
        self._operations = Operations(
            schema, new_context or (lambda caller: context_for(services, caller))
        )

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Runs a query or a mutation; errors are in the answer, never raised."""
        try:
            operation = self._operations.choose(GraphQLRequest(query=document, variables=variables))
        except RequestRefused as refused:
            return {"errors": refused.errors}
        if is_subscription(operation.node):
            words = "A subscription is asked for by subscribe()"
            return {"errors": [formatted(ApiError(Code.BAD_USER_INPUT, words))]}
        return (await self._operations.answer(operation, LOCAL)).payload

    async def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Runs a subscription: an answer for each event; one without `data` is the last."""
        try:
            operation = self._operations.choose(GraphQLRequest(query=document, variables=variables))
        except RequestRefused as refused:
            yield {"errors": refused.errors}
            return
        if not is_subscription(operation.node):
            yield (await self._operations.answer(operation, LOCAL)).payload
            return
        async with aclosing(self._operations.stream(operation, LOCAL)) as answers:
            async for answer in answers:
                yield answer.payload
