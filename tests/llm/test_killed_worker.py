"""`kill -9` of the worker in the middle of an LLM block: no answer that was kept is paid twice.

The promise: calls paid ≤ distinct rows + kills × (LEDGER_BATCH + calls in flight); and a worker
that is dead asks for nothing.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace_worker.llm.pacing import MOST_AT_ONCE
from tests.databases import Database
from tests.llm.gemini_server import KEY, Call, GeminiServer, Reply, says
from tests.system.client import Api
from tests.system.grounds import Grounds

LEDGER_BATCH = 16
USAGE = """
query Usage($run: ID!) {
  run(id: $run) {
    usage { calls ledgerHits inputTokens outputTokens costUsd }
    blocks { name usage { calls } attempts { status } }
  }
}
"""
BLOCKS: list[dict[str, Any]] = [
    {"name": "csv", "type": "CSV_READER", "config": {"input_path": "input.csv"}},
    {"name": "sent", "type": "LLM_SENTIMENT"},
]


def behave(call: Call) -> Reply:
    return says("POSITIVE" if int(call.text.split()[1]) % 2 else "NEGATIVE", seconds=0.1)


@pytest.fixture
def grounds(tmp_path: Path, server: GeminiServer, database: Database) -> Iterator[Grounds]:
    server.behave = behave
    settings = {
        "LLM_PROVIDER": "gemini",
        "GEMINI_API_KEY": KEY,
        "GEMINI_BASE_URL": server.url,
        "LEDGER_BATCH": str(LEDGER_BATCH),
        "MAX_WORKER_LOSSES": "1000",
        **database.short_lease,
        **database.environment,
    }
    with Grounds(tmp_path, **settings) as made:
        yield made


async def kill_a_second_after_it_began(
    grounds: Grounds, server: GeminiServer, run: "asyncio.Task[str]"
) -> bool:
    """Starts a worker and kills it; false when the run was over before."""
    before = len(server.calls)
    worker = grounds.worker()
    began = asyncio.create_task(asyncio.to_thread(server.wait, lambda s: len(s.calls) > before))
    await asyncio.wait({began, run}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({run}, timeout=1)
    if run.done():
        server.stop_waiting()
        return False
    # Nobody is left of it by then who could ask for more.
    await grounds.kill(worker)
    return True


async def end_of(api: Api, run_id: str) -> str:
    """How the run ended; it may take longer than anything else is waited for."""
    while True:
        with contextlib.suppress(TimeoutError):
            return await api.end(run_id)


@pytest.mark.parametrize(
    ("rows", "distinct", "partitions"),
    [
        (400, 300, None),
        (200, 150, 4),
        pytest.param(5_000, 4_000, None, marks=pytest.mark.slow),
    ],
)
async def test_a_worker_killed_each_second_pays_for_little_twice(
    grounds: Grounds, server: GeminiServer, rows: int, distinct: int, partitions: int | None
) -> None:
    texts = [f"row {number % distinct}" for number in range(rows)]
    lines = [f"{number},{text}" for number, text in enumerate(texts)]
    data = grounds.folder / "data"
    data.mkdir()
    (data / "input.csv").write_text("\n".join(["id,text", *lines]) + "\n")
    front = grounds.serve("--no-worker")
    await grounds.up(front)
    kills = 0
    async with Api(front.url) as api:
        csv, sent = BLOCKS
        await api.bring_in([csv, {**sent, "partitions": partitions}], [("csv", "sent")])
        run_id = await api.start()
        run = asyncio.create_task(end_of(api, run_id))
        while await kill_a_second_after_it_began(grounds, server, run):
            kills += 1
        assert await run == "SUCCEEDED"
        told = (await api.ask(USAGE, run=run_id))["run"]
        (output,) = [
            each
            for each in (await api.state(run_id))["artifacts"]["nodes"]
            if (each["block"], each["name"]) == ("sent", "output.arrow")
        ]
        labels = [row[2] for row in (await api.preview(output))["rows"]]
    assert kills >= 1
    paid = server.answered.total()
    assert set(server.answered) == set(texts)
    # The bound is of each process that asks, and each of a worker's two is killed with it.
    asking = 1 if partitions is None else 2
    assert paid <= distinct + kills * asking * (LEDGER_BATCH + MOST_AT_ONCE)
    assert labels == ["POSITIVE" if number % 2 else "NEGATIVE" for number in range(len(labels))]
    # Whatever was told was paid; what was paid and not told was lost with its answer.
    assert distinct <= int(told["usage"]["calls"]) <= paid
    assert int(told["usage"]["inputTokens"]) == 7 * int(told["usage"]["calls"])
    assert int(told["usage"]["ledgerHits"]) >= rows - distinct
    assert told["usage"]["costUsd"] is None
    assert [block["usage"]["calls"] for block in told["blocks"]] == [0, told["usage"]["calls"]]
    ends = Counter(attempt["status"] for attempt in told["blocks"][1]["attempts"])
    # A call of the worker before may come in late, and the next is killed before it has claimed.
    assert set(ends) == {"WORKER_LOST", "SUCCEEDED"}
    assert ends["SUCCEEDED"] == 1
    assert 1 <= ends["WORKER_LOST"] <= kills
