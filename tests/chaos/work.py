"""Runs to be at work while processes die: some that wait for a gate, some that are slow."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.system.checks import sound
from tests.system.client import Api, call

ROWS = 20
SUM = sum(n + 2 for n in range(ROWS))


async def bring_in(api: Api, folder: Path, *, attempts: int = 1) -> None:
    """Pipelines that wait for `go` and one that is slow.

    `held`: a block that waits, then one that waits in the middle of an artifact; `half`: that one
    alone; `slow`: a graph of several blocks and artifacts.
    """
    retry = {"maxAttempts": attempts, "delaySeconds": 0.01, "maxDelaySeconds": 0.05}
    held = [
        call("hold", "hold", args={"folder": str(folder)}),
        call("after", "half_an_artifact", args={"folder": str(folder)}),
    ]
    await api.bring_in(held, [("hold", "after")], name="held")
    await api.bring_in(held[1:], name="half")
    slow = [
        call("make", "numbers", args={"count": ROWS}),
        call("left", "slow_rows", args={"seconds": 0.004}),
        call("right", "slow_rows", args={"seconds": 0.002}),
        call("right2", "slow_rows", args={"seconds": 0.002}),
        call("add", "add_up"),
        {"name": "table", "type": "CSV_WRITER", "config": {}},
    ]
    edges = [
        ("make", "left"),
        ("make", "right"),
        ("right", "right2"),
        ("right2", "add"),
        ("left", "table"),
    ]
    await api.bring_in([{**block, "retry": retry} for block in slow], edges, name="slow")


async def all_succeed(api: Api, run_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """Each run, once all of them are over and found sound."""
    ends = await asyncio.gather(*(api.end(run_id) for run_id in run_ids))
    assert ends == ["SUCCEEDED"] * len(run_ids)
    runs: list[Mapping[str, Any]] = [await sound(api, run_id) for run_id in run_ids]
    for run in runs:
        await _holds_the_right_rows(api, run)
    return runs


async def _holds_the_right_rows(api: Api, run: Mapping[str, Any]) -> None:
    made = {(each["block"], each["name"]): each for each in run["artifacts"]["nodes"]}
    if ("table", "table.csv") in made:
        table = (await api.download(made["table", "table.csv"])).decode()
        assert table.split() == ["n", *(str(n + 1) for n in range(ROWS))]
        preview = await api.preview(made["add", "output.arrow"])
        assert preview["rows"] == [[SUM]]
