"""A scripted client: `gql` over HTTP, as anyone would write it, and plain downloads."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.httpx import HTTPXAsyncTransport

from tests.system import documents
from tests.system.following import follow_run

JSONObject = dict[str, Any]


def call(name: str, function: str, **rest: Any) -> JSONObject:
    """A PYTHON block; `args` and the block's own keys may follow."""
    config = {"function": f"tests.system.functions:{function}", "args": rest.pop("args", {})}
    return {"name": name, "type": "PYTHON", "config": config, **rest}


class Api:
    """One server's API, with the key that it may want."""

    def __init__(self, url: str, *, key: str = "") -> None:
        self.url = url
        headers = {"X-API-Key": key} if key else {}
        # No certificates are needed here, and reading them costs 20 ms a client.
        transport = HTTPXAsyncTransport(
            url=f"{url}/graphql", headers=headers, timeout=60, verify=False
        )
        self._client = Client(transport=transport)
        self._session: AsyncClientSession | None = None
        self._open = AsyncExitStack()
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=60, verify=False)

    async def __aenter__(self) -> Self:
        self._session = await self._open.enter_async_context(self._client)
        await self._open.enter_async_context(self._http)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def ask(self, document: str, **variables: Any) -> JSONObject:
        """The `data` of a query or a mutation."""
        assert self._session is not None
        request = GraphQLRequest(document, variable_values=variables)
        return dict(await self._session.execute(request))

    async def post(self, body: bytes, kind: str = "application/json") -> httpx.Response:
        """The answer to any bytes at all."""
        return await self._http.post("/graphql", content=body, headers={"Content-Type": kind})

    async def bring_in(
        self,
        blocks: Sequence[JSONObject],
        edges: Sequence[tuple[str, str]] = (),
        name: str = "p",
        **rest: Any,
    ) -> None:
        """Imports a pipeline, over whatever had its name."""
        definition = {
            **rest,
            "name": name,
            "blocks": [*blocks],
            "edges": [{"from": source, "to": target} for source, target in edges],
        }
        given = {"source": {"definition": definition}, "replaceIfExists": True}
        done = (await self.ask(documents.IMPORT, input=given))["importPipeline"]
        assert done["__typename"] == "ImportPipelineSuccess", done

    async def start(self, name: str = "p", **asked: Any) -> str:
        """Starts a run; its id."""
        given = {"pipeline": name, **asked}
        done = (await self.ask(documents.START, input=given))["startRun"]
        assert done["__typename"] == "StartRunSuccess", done
        return str(done["run"]["id"])

    async def cancel(self, *run_ids: str) -> None:
        done = (await self.ask(documents.CANCEL, input={"runIds": run_ids}))["cancelRuns"]
        kinds = [each["__typename"] for each in done["results"]]
        assert kinds == ["CancelRunSuccess"] * len(run_ids), done

    async def cancel_all(self) -> None:
        """Cancels every run that is not over; returns when all are."""
        found = [each["id"] for each in (await self.ask(documents.UNFINISHED))["runs"]["nodes"]]
        if found:
            await self.ask(documents.CANCEL, input={"runIds": found})
        for run_id in found:
            await self.end(run_id)

    async def state(self, run_id: str) -> JSONObject:
        """A run, its blocks, its timeline and its artifacts, of one moment."""
        found = (await self.ask(documents.STATE, run=run_id))["run"]
        assert found is not None
        return dict(found)

    async def download(self, artifact: Mapping[str, Any]) -> bytes:
        """An artifact's bytes, which are what its row says."""
        response = await self._http.get(artifact["downloadUrl"])
        response.raise_for_status()
        data = response.content
        assert hashlib.sha256(data).hexdigest() == artifact["sha256"]
        assert len(data) == int(artifact["sizeBytes"])
        return data

    async def preview(self, artifact: Mapping[str, Any]) -> JSONObject:
        """An artifact's preview as a table."""
        found = await self.ask(documents.PREVIEW, id=artifact["id"])
        return dict(found["artifact"]["preview"])

    async def end(self, run_id: str) -> str:
        """How the run ended, once it has."""
        return str((await follow_run(self.url, run_id).to_the_end())[-1]["status"])
