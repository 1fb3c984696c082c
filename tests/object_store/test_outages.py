"""The store is killed, a block is killed: nothing half is ever seen, and nothing is lost."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.databases import Database
from tests.object_store.seaweed import Seaweed
from tests.object_store.test_whole_run import CHECKS, call, made
from tests.system.client import Api
from tests.system.grounds import Grounds
from tests.system.processes import PATIENCE_SECONDS
from tests.system.signs import let_go, running

PARTS = 4
ONCE_MORE = {"maxAttempts": 2, "delaySeconds": 0.01}
KEPT_SIGN = ["headrace-store"]


@pytest.fixture
def database(one_database: Database) -> Database:
    """What is killed is the store, and what uploads to it is a block, which has no database."""
    return one_database


async def test_a_store_that_is_killed_in_the_middle_of_an_upload_and_comes_back_costs_nothing(
    grounds: Grounds, seaweed: Seaweed, tmp_path: Path
) -> None:
    server = grounds.serve()
    await grounds.up(server)
    async with Api(server.url) as api, httpx.AsyncClient(base_url=server.url, verify=False) as http:
        await api.bring_in([call("a", "lines", count=20_000)], name="before")
        before = await api.start("before")
        assert await api.end(before) == "SUCCEEDED"
        await api.bring_in([call("a", "much", folder=str(tmp_path), parts=PARTS)])
        run_id = await api.start()
        await running(tmp_path, run_id, "a")
        seaweed.kill()
        try:
            let_go(tmp_path)
            down = await http.get("/ready")
            assert (down.status_code, down.json()["code"]) == (503, "UNAVAILABLE")
            checks = (await api.ask(CHECKS))["service"]["checks"]
            (told,) = [each for each in checks if each["name"] == "artifacts"]
            assert told == {
                "name": "artifacts",
                "ok": False,
                "message": "The artifact store does not answer",
            }
            found = (await made(api, before))["a", "output.arrow"]
            refused = await http.get(found["downloadUrl"])
            assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
        finally:
            seaweed.start()
        assert await api.end(run_id) == "SUCCEEDED"
        (attempt,) = (await api.state(run_id))["blocks"][0]["attempts"]
        assert attempt["status"] == "SUCCEEDED"
        artifact = (await made(api, run_id))["a", "much.bin"]
        assert len(await api.download(artifact)) == 2 * PARTS * 8 * 1024 * 1024
        await api.download(found)
        assert (await http.get("/ready")).status_code == 200


@pytest.mark.slow
async def test_an_outage_that_lasts_fails_the_attempt_in_words_and_the_next_one_does_it(
    grounds: Grounds, seaweed: Seaweed, tmp_path: Path
) -> None:
    server = grounds.serve()
    await grounds.up(server)
    async with Api(server.url) as api:
        block = call("a", "much", folder=str(tmp_path), parts=1)
        await api.bring_in([{**block, "retry": {"maxAttempts": 2, "delaySeconds": 5}}])
        run_id = await api.start()
        await running(tmp_path, run_id, "a")
        seaweed.kill()
        try:
            let_go(tmp_path)
            await _retrying(api, run_id)
        finally:
            seaweed.start()
        assert await api.end(run_id) == "SUCCEEDED"
        state = await api.state(run_id)
    attempts = [(each["number"], each["status"]) for each in state["blocks"][0]["attempts"]]
    assert attempts == [(1, "FAILED"), (2, "SUCCEEDED")]
    (why,) = [
        each["error"] for each in state["timeline"]["nodes"] if each["kind"] == "BLOCK_RETRYING"
    ]
    assert why["kind"] == "BLOCK_ERROR"
    assert "The artifact store does not answer" in why["message"]


async def test_a_block_that_is_killed_in_the_middle_of_an_upload_leaves_nothing(
    grounds: Grounds, seaweed: Seaweed, place: str, tmp_path: Path
) -> None:
    server = grounds.serve()
    await grounds.up(server)
    async with Api(server.url) as api:
        block = call("a", "much", folder=str(tmp_path), parts=PARTS)
        await api.bring_in([{**block, "retry": ONCE_MORE}])
        run_id = await api.start()
        pid = await running(tmp_path, run_id, "a")
        (upload,) = await asyncio.to_thread(seaweed.unfinished, place)
        os.kill(pid, signal.SIGKILL)
        await running(tmp_path, run_id, "a", attempt=2)
        await _until_gone(seaweed, place, upload)
        assert (await api.state(run_id))["artifacts"]["nodes"] == []
        let_go(tmp_path)
        assert await api.end(run_id) == "SUCCEEDED"
        artifact = (await made(api, run_id))["a", "much.bin"]
        key = artifact["uri"].removeprefix(f"{place}/")
        assert seaweed.keys(place) == sorted([*KEPT_SIGN, key])
        assert seaweed.unfinished(place) == []


async def test_two_workers_that_make_the_same_bytes_at_once_share_them(
    grounds: Grounds, seaweed: Seaweed, place: str
) -> None:
    server, *workers = grounds.serve("--no-worker"), grounds.worker(), grounds.worker()
    await grounds.up(server, *workers)
    async with Api(server.url) as api:
        await api.bring_in([call(f"b{n}", "lines", count=200_000) for n in range(4)])
        run_id = await api.start()
        assert await api.end(run_id) == "SUCCEEDED"
        state = await api.state(run_id)
        attempts = [each for block in state["blocks"] for each in block["attempts"]]
        assert len({each["worker"]["id"] for each in attempts}) == 2
        outputs = state["artifacts"]["nodes"]
        (uri,) = {each["uri"] for each in outputs}
        assert len(outputs) == 4
        assert seaweed.keys(place) == sorted([*KEPT_SIGN, uri.removeprefix(f"{place}/")])
        await api.download(outputs[0])


async def _retrying(api: Api, run_id: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await api.state(run_id))["blocks"][0]["attempts"][0]["error"]:  # noqa: ASYNC110 # polled as anyone may
            await asyncio.sleep(0.05)


async def _until_gone(seaweed: Seaweed, place: str, upload: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while upload in await asyncio.to_thread(seaweed.unfinished, place):  # noqa: ASYNC110 # another process ends it
            await asyncio.sleep(0.05)
