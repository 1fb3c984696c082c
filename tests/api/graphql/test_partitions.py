"""How far the partitions of a block are, asked for and told live."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

from headrace.api.graphql.schema import build_schema
from headrace.api.inprocess import InProcess
from tests.databases import Database
from tests.partitions.ground import held, house_of, numbers, split
from tests.worker.house import PATIENCE

BLOCKS = """
query Blocks($run: ID!) {
  run(id: $run) { blocks { name partitions { total done running failed } } }
}
"""
PROGRESS = """
subscription Progress($run: ID!) {
  runEvents(runId: $run) { progress { block partitionsDone partitionsTotal rowsDone rowsTotal } }
}
"""
IMPORT = """
mutation Import($definition: PipelineInput!) {
  importPipeline(input: {source: {definition: $definition}}) {
    __typename
    ... on PipelineInvalid { problems { code message path } }
  }
}
"""
START = """
mutation { startRun(input: {pipeline: "p"}) { ... on StartRunSuccess { run { id } } } }
"""


async def test_partitions_are_counted_and_told_live(tmp_path: Path, database: Database) -> None:
    block = split("hold_from", args={"folder": str(tmp_path), "at": 5}, partitions=4)
    definition = {
        "name": "p",
        "blocks": [numbers(10), block],
        "edges": [{"from": "make", "to": "split"}],
    }
    async with house_of(tmp_path, database) as house:
        api = InProcess(house.services, build_schema())
        done = await api.execute(IMPORT, {"definition": definition})
        assert done["data"]["importPipeline"]["__typename"] == "ImportPipelineSuccess", done
        run_id = (await api.execute(START))["data"]["startRun"]["run"]["id"]
        told = await _progress(api, run_id, done=2)
        await held(tmp_path, 5, 7)  # whose records were written before
        now = await _partitions(api, run_id)
        (tmp_path / "go").touch()
        await house.end(run_id)
        after = await _partitions(api, run_id)
        whole = (await api.execute(BLOCKS, {"run": run_id}))["data"]["run"]["blocks"][0]
    assert told["partitionsTotal"] == 4
    assert now == {"total": 4, "done": 2, "running": 2, "failed": 0}
    assert after == {"total": 4, "done": 4, "running": 0, "failed": 0}
    assert whole == {"name": "make", "partitions": None}


async def test_a_definition_that_cannot_be_split_is_refused(
    tmp_path: Path, database: Database
) -> None:
    block = {"name": "csv", "type": "CSV_READER", "config": {"inputPath": "a"}}
    definition = {"name": "p", "blocks": [{**block, "rowsPerPartition": 5}], "edges": []}
    async with house_of(tmp_path, database, worker_concurrency=1) as house:
        api = InProcess(house.services, build_schema())
        done = await api.execute(IMPORT, {"definition": definition})
    problems = done["data"]["importPipeline"]["problems"]
    (problem,) = [each for each in problems if each["path"][-1] == "rows_per_partition"]
    assert problem["code"] == "INVALID_CONFIG"
    assert "CSV_READER cannot be split into partitions" in problem["message"]


async def _partitions(api: InProcess, run_id: str) -> Any:
    answer = await api.execute(BLOCKS, {"run": run_id})
    return answer["data"]["run"]["blocks"][1]["partitions"]


async def _progress(api: InProcess, run_id: str, *, done: int) -> Any:
    """The first progress that tells of so many partitions."""
    async with (
        asyncio.timeout(PATIENCE),
        aclosing(api.subscribe(PROGRESS, {"run": run_id})) as all_,
    ):
        async for answer in all_:
            for each in answer["data"]["runEvents"]["progress"]:
                if each["block"] == "split" and each["partitionsDone"] == done:
                    return each
    raise AssertionError("the run ended before")
