"""Clients of others, from Node: each imports, starts, follows and resumes, and the audits pass."""

import asyncio
import json
import os
import re

import pytest

from tests.conformance.conftest import KEY
from tests.conformance.node_tools import need_node, node
from tests.system.processes import ROOT, Server

AUDITS = 61


@pytest.mark.parametrize("client", ["graphql-ws", "graphql-sse", "apollo-ws", "apollo-sse"])
async def test_a_client_follows_a_run_over_lost_connections_without_a_gap_or_a_repeat(
    guarded: Server, pipeline: str, client: str
) -> None:
    need_node()
    told = await node("clients.mjs", client, guarded.url, KEY, stdin=pipeline)
    assert told["imported"] == "ImportPipelineSuccess"
    assert told["drops"] >= 1
    assert told["chained"]
    assert told["events"] == told["timeline"] == list(range(1, len(told["events"]) + 1))
    assert told["again"] == told["events"][told["firstThrough"] :]
    assert told["last"] == "SUCCEEDED"


async def test_every_audit_of_graphql_over_http_passes(guarded: Server) -> None:
    need_node()
    results = await node("audits.mjs", guarded.url, KEY)
    assert len(results) == AUDITS
    assert [each for each in results if each["status"] != "ok"] == []


async def test_the_command_of_the_docs_follows_a_run_from_a_shell(
    guarded: Server, pipeline: str
) -> None:
    need_node()
    page = (ROOT / "docs" / "how-to" / "follow-a-run.md").read_text("utf-8")
    (command,) = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    told = await node("clients.mjs", "graphql-sse", guarded.url, KEY, stdin=pipeline)
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", command),
        env={**os.environ, "SERVER": guarded.url, "KEY": KEY, "RUN": told["run"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    *events, (end, _) = re.findall(r"^event: (\w+)\ndata: ?(.*)$", said.decode(), re.MULTILINE)
    batches = [json.loads(data)["data"]["runEvents"]["events"] for _, data in events]
    assert [event["seq"] for batch in batches for event in batch] == told["events"]
    assert end == "complete"
