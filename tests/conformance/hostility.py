"""How a hostile request has to be answered: soon, as the client's fault, telling nothing of us."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from headrace.api.errors import Code

SOON_SECONDS = 1.0
INTERNALS = ("Traceback", "site-packages", ".py", "OperationalError", "sqlalchemy", "INTERNAL")
CODES = frozenset(Code) - {Code.INTERNAL}


@dataclass
class Hostile:
    """A client of one server that means no good."""

    http: httpx.AsyncClient

    async def post(self, body: bytes | str, **headers: str) -> httpx.Response:
        """A POST to GraphQL with a body as it is."""
        return await self.send(
            "POST",
            "/graphql",
            content=body,
            headers={"content-type": "application/json", **headers},
        )

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """A request that is well formed, if nothing else; its whole answer."""
        answer = await self.send("POST", "/graphql", json={"query": query, "variables": variables})
        found: dict[str, Any] = answer.json()
        return found

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request; its answer, which came soon and tells nothing of us."""
        began = time.perf_counter()
        answer = await self.http.request(method, path, **more)
        took = time.perf_counter() - began
        assert took < SOON_SECONDS, f"{took:.2f} s"
        assert answer.status_code < 500, answer.text
        told = answer.text if len(answer.content) < 100_000 else answer.text[:100_000]
        assert not [word for word in INTERNALS if word in told], told
        return answer

    async def refused(self, query: str, **variables: Any) -> str:
        """The code of the first error that answers a request."""
        answer = await self.ask(query, **variables)
        assert answer.get("errors"), answer
        return code_of(answer["errors"])

    async def is_well(self) -> None:
        """The server answers, and soon."""
        answer = await self.ask("{ queue { depth } }")
        assert "errors" not in answer


def code_of(errors: list[dict[str, Any]]) -> str:
    """The code of the first of them; each has one that the API promises."""
    codes = [each["extensions"]["code"] for each in errors]
    assert CODES.issuperset(codes), errors
    return str(codes[0])
