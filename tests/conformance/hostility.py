"""How a hostile request has to be answered: cheaply, as the client's fault, telling nothing."""

from dataclasses import dataclass
from typing import Any

import httpx
import psutil

from headrace.api.errors import Code
from tests.system.processes import Server

MOST_CPU_SECONDS = 1.0
PATIENCE_SECONDS = 60
"""For an answer to come on a busy machine; what it cost the server is held to a stricter bound."""
INTERNALS = ("Traceback", "site-packages", ".py", "OperationalError", "sqlalchemy", "INTERNAL")
CODES = frozenset(Code) - {Code.INTERNAL}


@dataclass
class Hostile:
    """A client of one server that means no good."""

    http: httpx.AsyncClient
    server: Server

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
        """Any request; its answer, which cost little and tells nothing of us."""
        before = work_of(self.server)
        answer = await self.http.request(method, path, **more)
        took = work_of(self.server) - before
        assert took < MOST_CPU_SECONDS, f"{took:.2f} s"
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
        """The server answers."""
        answer = await self.ask("{ queue { depth } }")
        assert "errors" not in answer


def work_of(server: Server) -> float:
    """How many seconds of a processor the server has used: its own, whoever else is at work."""
    used = psutil.Process(server.pid).cpu_times()
    return float(used.user + used.system)


def code_of(errors: list[dict[str, Any]]) -> str:
    """The code of the first of them; each has one that the API promises."""
    codes = [each["extensions"]["code"] for each in errors]
    assert CODES.issuperset(codes), errors
    return str(codes[0])
