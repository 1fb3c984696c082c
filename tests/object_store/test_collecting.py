"""Cleanup over an object store: bytes go an hour after their last row, and not before."""

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from headrace.artifacts import object_store
from headrace.domain.lifecycle import RunStatus
from headrace.services.artifacts import ArtifactRemoved, locate
from headrace.services.collecting import collect_content
from headrace.services.reruns import Rerun, rerun
from headrace.settings import Settings
from headrace.store.statements import Statement
from headrace.store.tables import tombstones
from tests.databases import Database
from tests.object_store.seaweed import Seaweed
from tests.services.test_cleanup import all_rows, clean, old_run
from tests.worker.house import House, call, open_house, settings_for

HOUR_MS = 3_600_000
_EARLIER = Statement(update(tombstones).values(since=tombstones.c.since - bindparam("ms")))


@pytest.fixture
def local(tmp_path: Path, database: Database) -> Settings:
    """Every artifact is a file."""
    return settings_for(tmp_path, database, inline_bytes=0)


@pytest.fixture
def remote(local: Settings, place: str) -> Settings:
    """Every artifact is an object."""
    return local.model_copy(update={"artifacts_url": place})


async def an_hour_passes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the tombstones and for the objects."""
    later = SimpleNamespace(time=lambda: time.time() + HOUR_MS / 1000 + 1)
    monkeypatch.setattr(object_store, "time", later)
    await house.services.store.write(lambda tx: tx.change(_EARLIER, {"ms": HOUR_MS}))


def published(seaweed: Seaweed, place: str) -> list[str]:
    return [key for key in seaweed.keys(place) if key.startswith("sha256/")]


async def test_bytes_go_an_hour_after_their_last_row(
    seaweed: Seaweed, place: str, remote: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(remote) as house:
        store, content = house.services.store, house.services.content
        run_id = await old_run(house)
        (artifact,) = await house.artifacts(run_id)
        assert published(seaweed, place) == [artifact.uri.removeprefix(f"{place}/")]
        await clean(house, 5)
        assert isinstance(await locate(house.services, artifact.id), ArtifactRemoved)
        assert await collect_content(store, content) == 0
        assert len(published(seaweed, place)) == 1
        await an_hour_passes(house, monkeypatch)
        assert await collect_content(store, content) == 1
        assert published(seaweed, place) == []
        assert await all_rows(house, tombstones) == []


async def test_bytes_that_another_run_made_again_stay(
    seaweed: Seaweed, place: str, remote: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(remote) as house:
        await old_run(house)
        again = await old_run(house, days=0)
        await clean(house, 5)
        await an_hour_passes(house, monkeypatch)
        assert await collect_content(house.services.store, house.services.content) == 0
        (kept,) = await house.artifacts(again)
        assert published(seaweed, place) == [kept.uri.removeprefix(f"{place}/")]


async def test_an_input_that_is_gone_fails_the_block_for_good(remote: Settings) -> None:
    check = call("check", "fail", retry={"max_attempts": 3, "delay_seconds": 0.01})
    blocks = [call("make", "numbers", args={"count": 3}), check]
    async with open_house(remote) as house:
        first = await house.start(blocks, [("make", "check")])
        await house.end(first)
        (made,) = await house.artifacts(first)
        assert house.services.content.remove(made.uri)
        second: Any = await rerun(house.services, Rerun(run_id=first), principal="me")
        assert await house.end(second.run_id) is RunStatus.FAILED
        assert await house.attempts(second.run_id) == [(1, "FAILED")]
        block = await house.block(second.run_id, "check")
    error = json.loads(block.error)
    assert (error["kind"], error["retryable"]) == ("BAD_INPUT", False)
    assert made.uri in error["message"]


async def test_what_a_folder_kept_before_is_still_read_and_collected_there(
    seaweed: Seaweed, place: str, remote: Settings, local: Settings
) -> None:
    async with open_house(local) as house:
        run_id = await old_run(house)
        (artifact,) = await house.artifacts(run_id)
        assert artifact.uri.startswith("local://")
        data = Path(str(house.services.content.path(artifact.uri))).read_bytes()
    async with open_house(remote) as house:
        content = house.services.content
        with content.open(artifact.uri).open("rb") as file:
            assert file.read() == data
        assert content.remove(artifact.uri)
        assert published(seaweed, place) == []


async def test_bytes_in_a_store_that_is_not_in_use_any_more_hold_nothing_up(
    seaweed: Seaweed,
    remote: Settings,
    local: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_house(remote) as house:
        await old_run(house)
    async with open_house(local) as house:
        await clean(house, 5)
        await an_hour_passes(house, monkeypatch)
        assert await collect_content(house.services.store, house.services.content) == 1
        assert await all_rows(house, tombstones) == []
    (kept,) = published(seaweed, remote.artifacts_url)
    assert f"{remote.artifacts_url}/{kept}" in caplog.text
