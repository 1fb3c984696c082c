"""Runs through the whole engine: store, worker, block processes, live events."""

import asyncio
import hashlib
import json
import os
from pathlib import Path

from headrace.artifacts.local_content import LocalContent
from headrace.domain.lifecycle import RunStatus
from headrace.live.run_events import run_events
from headrace.store.tables import inline_data
from tests.databases import Database
from tests.worker.house import appears, call, open_house, settings_for


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")


async def test_data_flows_from_block_to_block(tmp_path: Path, database: Database) -> None:
    blocks = [
        call("make", "numbers", args={"count": 5}),
        call("twice", "double"),
        call("again", "double"),
    ]
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start(blocks, [("make", "twice"), ("twice", "again")])
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        outputs = [(a.block, a.name, a.rows) for a in await house.artifacts(run_id)]
    assert outputs == [(n, "output.arrow", 5) for n in ("make", "twice", "again")]


async def test_events_count_rows_as_people_do(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        one, more = call("one", "numbers", args={"count": 1}), call("more", "numbers")
        more["config"]["args"] = {"count": 1_200}
        run_id = await house.start([one, more])
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        events = await house.events(run_id)
    said = [each.message for each in events]
    assert "one succeeded with 1 row" in said
    assert "more succeeded with 1,200 rows" in said
    (made,) = [text for text in said if text.startswith("one made ")]
    assert made.endswith(" bytes, 1 row)")


async def test_a_large_data_set_is_a_file_whose_bytes_match_its_digest(
    tmp_path: Path, database: Database
) -> None:
    settings = settings_for(tmp_path, database, inline_bytes=100)
    async with open_house(settings) as house:
        blocks = [call("make", "numbers", args={"count": 1000}), call("twice", "double")]
        run_id = await house.start(blocks, [("make", "twice")])
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        for artifact in await house.artifacts(run_id):
            path = LocalContent(settings.artifacts_dir).open(artifact.uri)
            assert hashlib.sha256(path.read_bytes()).hexdigest() == artifact.sha256
            assert path.stat().st_size == artifact.size_bytes


async def test_a_small_data_set_is_kept_in_the_database(tmp_path: Path, database: Database) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([call("make", "numbers", args={"count": 5})])
        await house.end(run_id)
        (artifact,) = await house.artifacts(run_id)
        async with house.services.store.snapshot() as snapshot:
            (row,) = await snapshot.all(inline_data.select())
    assert artifact.uri == "inline:"
    assert hashlib.sha256(row.data).hexdigest() == artifact.sha256


async def test_a_failing_block_fails_its_run_with_its_words_and_its_trace(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([call("a", "fail", args={"message": "no luck"})])
        events = await house.events(run_id)
    failed = next(e for e in events if e.kind == "BLOCK_FAILED")
    error = json.loads(str(failed.error))
    assert (error["kind"], error["block"]) == ("BLOCK_ERROR", "a")
    assert "no luck" in error["message"]
    assert "functions.py" in error["detail"]
    assert events[-1].kind == "RUN_FAILED"


async def test_a_retry_comes_after_its_delay_and_may_succeed(
    tmp_path: Path, database: Database
) -> None:
    retry = {"max_attempts": 3, "delay_seconds": 0.05}
    args = {"folder": str(tmp_path), "attempts": 3}
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([call("a", "fail_until", args=args, retry=retry)])
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await house.attempts(run_id) == [(1, "FAILED"), (2, "FAILED"), (3, "SUCCEEDED")]


async def test_a_block_that_crashes_leaves_its_worker_alive(
    tmp_path: Path, database: Database
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([call("a", "crash"), call("b", "nothing")])
        events = await house.events(run_id)
        assert (await house.block(run_id, "b")).status == "SUCCEEDED"
        assert await house.end(await house.start([call("c", "nothing")])) is RunStatus.SUCCEEDED
    error = json.loads(str(next(e for e in events if e.kind == "BLOCK_FAILED").error))
    assert error["kind"] == "CRASHED"
    assert "SIGSEGV" in error["message"]


async def test_a_block_past_its_timeout_is_killed_and_has_timed_out(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "stubborn", args={"folder": str(tmp_path)}, timeout_seconds=4.0)
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([block])
        assert await house.end(run_id) is RunStatus.FAILED
        assert await house.attempts(run_id) == [(1, "TIMED_OUT")]
    assert gone(int(await appears(tmp_path / "a.pid")))


async def test_a_cancelled_block_may_tidy_up_and_its_run_is_cancelled(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "hold", args={"folder": str(tmp_path)})
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([block, call("b", "nothing")], [("a", "b")])
        await appears(tmp_path / "a.pid")
        await house.cancel(run_id)
        kinds = [event.kind for event in await house.events(run_id)]
    assert kinds[-4:] == ["RUN_CANCELLING", "BLOCK_CANCELLED", "BLOCK_CANCELLED", "RUN_CANCELLED"]


async def test_a_block_that_ignores_sigterm_is_gone_within_ten_seconds_of_its_cancellation(
    tmp_path: Path,
    database: Database,
) -> None:
    block = call("a", "stubborn", args={"folder": str(tmp_path)})
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([block])
        pid = int(await appears(tmp_path / "a.pid"))
        async with asyncio.timeout(10):
            await house.cancel(run_id)
            assert await house.end(run_id) is RunStatus.CANCELLED
    assert gone(pid)


async def test_a_run_past_its_timeout_fails_and_its_blocks_are_killed(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "stubborn", args={"folder": str(tmp_path)})
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([block], timeout_seconds=4.0)
        events = await house.events(run_id)
    assert events[-1].kind == "RUN_FAILED"
    assert json.loads(str(events[-1].error))["kind"] == "RUN_TIMEOUT"
    assert gone(int(await appears(tmp_path / "a.pid")))


async def test_without_a_worker_a_block_waits_no_longer_than_the_queue_timeout(
    tmp_path: Path,
    database: Database,
) -> None:
    async with open_house(
        settings_for(tmp_path, database, queue_timeout_seconds=0.2), workers=0
    ) as house:
        run_id = await house.start([call("a", "nothing")])
        events = await house.events(run_id)
    assert [e.kind for e in events] == ["RUN_QUEUED", "BLOCK_READY", "BLOCK_FAILED", "RUN_FAILED"]


async def test_a_stopping_worker_gives_back_what_does_not_finish_in_time(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "hold", args={"folder": str(tmp_path)})
    settings = settings_for(tmp_path, database, drain_seconds=0.1)
    async with open_house(settings) as house:
        run_id = await house.start([block])
        await appears(tmp_path / "a.pid")
    (tmp_path / "go").touch()
    async with open_house(settings) as house:
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert await house.attempts(run_id) == [(1, "RELEASED"), (1, "SUCCEEDED")]


async def test_a_stopping_worker_lets_what_runs_finish_within_its_time(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "hold", args={"folder": str(tmp_path)})
    settings = settings_for(tmp_path, database)
    async with open_house(settings) as house:
        run_id = await house.start([block])
        await appears(tmp_path / "a.pid")
        (tmp_path / "go").touch()
    async with open_house(settings, workers=0) as house:
        assert await house.end(run_id) is RunStatus.SUCCEEDED


async def test_what_a_block_says_is_there_before_its_end_with_level_and_stream(
    tmp_path: Path,
    database: Database,
) -> None:
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([call("a", "talk", args={"lines": 0})])
        await house.until(run_id, "BLOCK_SUCCEEDED")
        lines = await house.lines(run_id)
    found = {(line.message, line.stream, line.level) for line in lines}
    assert found == {
        ("to stdout", "STDOUT", 20),
        ("to stderr", "STDERR", 30),
        ("to the log", "LOG", 30),
        ("from a grandchild", "STDOUT", 20),
    }
    assert [line.seq for line in lines] == [1, 2, 3, 4]


async def test_log_lines_over_the_cap_are_counted_by_a_line_of_record(
    tmp_path: Path, database: Database
) -> None:
    settings = settings_for(tmp_path, database, log_bytes_per_attempt=20_000)
    async with open_house(settings) as house:
        run_id = await house.start([call("a", "talk", args={"lines": 3_000})])
        lines = await house.lines(run_id)
    kept = [line for line in lines if line.message.startswith("line ")]
    assert sum(len(line.message) for line in lines[:-1]) <= 20_000
    assert lines[-1].omitted == 3_000 - len(kept)
    assert "LOG_BYTES_PER_ATTEMPT" in lines[-1].message


async def test_progress_is_seen_while_a_block_runs(tmp_path: Path, database: Database) -> None:
    block = call("a", "tell_progress", args={"folder": str(tmp_path)})
    async with open_house(settings_for(tmp_path, database)) as house:
        run_id = await house.start([block])
        seen = []
        async with asyncio.timeout(60):
            async for page in run_events(house.services.hub, run_id):
                assert not (page.events and page.progress)
                seen += [(p.rows_done, p.rows_total) for p in page.progress]
                if (3, 10) in seen:
                    (tmp_path / "go").touch()
    assert (3, 10) in seen


async def test_what_a_block_remembers_is_found_by_the_next_run(
    tmp_path: Path, database: Database
) -> None:
    block = call("a", "remember", args={"folder": str(tmp_path), "keys": 700})
    made = []
    async with open_house(settings_for(tmp_path, database)) as house:
        for _ in range(2):
            run_id = await house.start([block])
            assert await house.end(run_id) is RunStatus.SUCCEEDED
            result = next(a for a in await house.artifacts(run_id) if a.name == "result.json")
            with house.services.content.open(result.uri).open("rb") as file:
                made.append(json.load(file)["made"])
    assert made == [700, 0]


async def test_two_workers_share_the_queue_and_run_each_block_once(
    tmp_path: Path, database: Database
) -> None:
    blocks = [call(f"b{n}", "nothing") for n in range(30)]
    async with open_house(settings_for(tmp_path, database), workers=2) as house:
        run_id = await house.start(blocks)
        events = await house.events(run_id)
    assert sum(e.kind == "BLOCK_STARTED" for e in events) == 30
    assert sum(e.kind == "BLOCK_SUCCEEDED" for e in events) == 30
