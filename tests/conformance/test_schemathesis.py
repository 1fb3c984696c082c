"""schemathesis asks everything that the schema allows, and much that it does not.

It runs for a few seconds here, and for as long as wanted by hand:
`SCHEMATHESIS_SECONDS=300 make test ARGS='-k schemathesis'`. Besides its own check for server errors
the server's log must hold no word of trouble: see Grounds.
"""

import asyncio
import os
import sys
from pathlib import Path

import httpx
import pytest

from tests.conformance.hostility import PATIENCE_SECONDS, Hostile
from tests.system.grounds import Grounds
from tests.system.processes import ROOT

SECONDS = int(os.environ.get("SCHEMATHESIS_SECONDS", "8"))


async def test_schemathesis_finds_no_server_error(own_grounds: Grounds, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    server = own_grounds.serve()
    await own_grounds.up(server)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/graphql"),
        *("--max-time", str(SECONDS), "--request-timeout", str(PATIENCE_SECONDS)),
        *("--checks", "not_a_server_error", "--warnings", "off"),
        *("--generation-database", "none", "--no-color"),
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.conformance.scalars",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SECONDS + 4 * PATIENCE_SECONDS):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
    assert b"generated" in said
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE_SECONDS) as http:
        await Hostile(http, server).is_well()
