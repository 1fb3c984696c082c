"""The client of the app in this process: the same operations, without sockets."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from strawberry import Schema

from headrace.api.graphql.context import Context, RequestInfo, context_for
from headrace.api.inprocess import InProcess
from headrace.cli.client import JSONObject
from headrace.cli.errors import RequestFailed
from headrace.domain.grants import Grants
from headrace.services.core import Services


class Local:
    """Its caller is trusted, and so `grant` has an effect."""

    def __init__(self, services: Services, schema: Schema) -> None:
        self._services = services
        self._grants: Grants | None = None
        self._api = InProcess(services, schema, new_context=self._context)

    def grant(self, grants: Grants) -> None:
        self._grants = grants

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> JSONObject:
        return _data(await self._api.execute(document, variables))

    async def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[JSONObject, None]:
        async with aclosing(self._api.subscribe(document, variables)) as answers:
            async for answer in answers:
                yield _data(answer)

    def _context(self, caller: RequestInfo) -> Context:
        return context_for(self._services, replace(caller, grants=self._grants))


def _data(answer: Mapping[str, Any]) -> JSONObject:
    if answer.get("errors"):
        raise RequestFailed(answer["errors"])
    return dict(answer["data"])
