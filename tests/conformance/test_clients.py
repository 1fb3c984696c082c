"""Clients of others, from Node: each imports, starts, follows and resumes, and the audits pass."""

import pytest

from tests.conformance.conftest import KEY
from tests.conformance.node_tools import CLIENTS
from tests.databases import BOTH
from tests.system.processes import Server

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

AUDITS = 61


@pytest.mark.parametrize("client", ["graphql-ws", "graphql-sse", "apollo-ws", "apollo-sse"])
async def test_a_client_follows_a_run_over_lost_connections_without_a_gap_or_a_repeat(
    guarded: Server, pipeline: str, client: str
) -> None:
    CLIENTS.need_node()
    told = await CLIENTS.run("clients.mjs", client, guarded.url, KEY, stdin=pipeline)
    assert told["imported"] == "ImportPipelineSuccess"
    assert told["drops"] >= 1
    assert told["chained"]
    assert told["events"] == told["timeline"] == list(range(1, len(told["events"]) + 1))
    assert told["again"] == told["events"][told["firstThrough"] :]
    assert told["last"] == "SUCCEEDED"


async def test_every_audit_of_graphql_over_http_passes(guarded: Server) -> None:
    CLIENTS.need_node()
    results = await CLIENTS.run("audits.mjs", guarded.url, KEY)
    assert len(results) == AUDITS
    assert [each for each in results if each["status"] != "ok"] == []
