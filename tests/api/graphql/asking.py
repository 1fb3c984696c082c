"""Asking the API as a client does, past the sockets: the same operations, bounds and errors."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from headrace.api.exchange import GraphQLRequest, RequestRefused
from headrace.api.graphql.context import Context, RequestInfo, context_for
from headrace.api.graphql.schema import build_schema
from headrace.api.operations import Operations
from headrace.services.core import Services


class Asking:
    """A client. `contexts` are those of every operation and event, the newest last."""

    def __init__(self, services: Services, caller: RequestInfo | None = None) -> None:
        self.services = services
        self.caller = caller or RequestInfo(principal="tester")
        self.contexts: list[Context] = []
        self._operations = Operations(build_schema(), self._context)

    def _context(self, caller: RequestInfo) -> Context:
        self.contexts.append(context_for(self.services, caller))
        return self.contexts[-1]

    async def response(self, document: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors and all."""
        try:
            operation = self._operations.choose(GraphQLRequest(query=document, variables=variables))
        except RequestRefused as refused:
            return {"errors": refused.errors}
        return (await self._operations.answer(operation, self.caller)).payload

    async def __call__(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.response(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def error(self, document: str, **variables: Any) -> tuple[str, str]:
        """(code, message) of the only error of an answer."""
        (error,) = (await self.response(document, **variables))["errors"]
        return str(error["extensions"]["code"]), error["message"]

    @asynccontextmanager
    async def subscribed(
        self, document: str, **variables: Any
    ) -> AsyncGenerator[AsyncGenerator[Any, None], None]:
        """The stream of a subscription's data; an error of it is raised as AssertionError."""
        async with aclosing(self._data(document, variables)) as stream:
            yield stream

    async def stream_error(self, document: str, **variables: Any) -> tuple[str, str]:
        """(code, message) of the error that is all a subscription has to say."""
        operation = self._operations.choose(GraphQLRequest(query=document, variables=variables))
        async with aclosing(self._operations.stream(operation, self.caller)) as answers:
            (answer,) = [each async for each in answers]
        (error,) = answer.payload["errors"]
        return str(error["extensions"]["code"]), error["message"]

    async def _data(self, document: str, variables: dict[str, Any]) -> AsyncGenerator[Any, None]:
        operation = self._operations.choose(GraphQLRequest(query=document, variables=variables))
        async with aclosing(self._operations.stream(operation, self.caller)) as answers:
            async for answer in answers:
                assert "errors" not in answer.payload, answer.payload["errors"]
                yield answer.payload["data"]
