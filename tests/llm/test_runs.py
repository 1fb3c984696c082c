"""LLM blocks in whole runs: what they took is summed from rows, and what fails is named."""

from pathlib import Path
from typing import Any

from headrace.api.graphql.schema import build_schema
from headrace.api.inprocess import InProcess
from headrace.domain.lifecycle import RunStatus
from headrace.settings import Settings
from headrace.store.reads.usage import UsageSums, usage_by_model, usage_of_blocks, usage_of_runs
from tests.databases import Database
from tests.llm.gemini_server import KEY, MODEL, GeminiServer
from tests.worker.house import House, open_house, settings_for

USAGE = "usage { calls ledgerHits inputTokens outputTokens costUsd }"
CSV = {"name": "csv", "type": "CSV_READER", "config": {"input_path": "input.csv"}}
SENT = {"name": "sent", "type": "LLM_SENTIMENT"}
NOTHING = {"calls": 0, "ledgerHits": 0, "inputTokens": 0, "outputTokens": 0, "costUsd": 0.0}


def gemini_settings(
    folder: Path, database: Database, server: GeminiServer, *texts: str, **changes: Any
) -> Settings:
    settings = settings_for(
        folder,
        database,
        **{
            "llm_provider": "gemini",
            "gemini_api_key": KEY,
            "gemini_model": MODEL,
            "gemini_base_url": server.url,
            **changes,
        },
    )
    settings.data_dir.mkdir(exist_ok=True)
    lines = [f"{number},{text}" for number, text in enumerate(texts)]
    (settings.data_dir / "input.csv").write_text("\n".join(["id,text", *lines]) + "\n")
    return settings


async def run(house: House, **sent: Any) -> str:
    return await house.start([CSV, {**SENT, **sent}], [("csv", "sent")])


async def test_usage_is_summed_by_block_and_run_and_a_second_run_pays_nothing(
    tmp_path: Path, database: Database, server: GeminiServer
) -> None:
    async with open_house(gemini_settings(tmp_path, database, server, "a", "b", "a")) as house:
        first, second = await run(house), ""
        assert await house.end(first) is RunStatus.SUCCEEDED
        second = await run(house)
        assert await house.end(second) is RunStatus.SUCCEEDED
        async with house.services.store.snapshot() as snapshot:
            runs = await usage_of_runs(snapshot, [first, second, "run_none"])
            blocks = await usage_of_blocks(snapshot, [(first, 0), (first, 1), (second, 1)])
            models = await usage_by_model(snapshot)
        told = await _ask(house, first)
    paid, found = UsageSums(2, 1, 14, 2), UsageSums(0, 3, 0, 0)
    assert runs == {first: paid, second: found}
    assert blocks == {(first, 1): paid, (second, 1): found}
    assert models == {("gemini", MODEL): UsageSums(2, 4, 14, 2)}
    usage = {
        "calls": 2,
        "ledgerHits": 1,
        "inputTokens": 14,
        "outputTokens": 2,
        "costUsd": None,
    }
    assert told == {"usage": usage, "blocks": [{"usage": NOTHING}, {"usage": usage}]}
    assert len(server.calls) == 2


async def test_the_mock_keeps_no_account_and_no_ledger(
    tmp_path: Path, database: Database, server: GeminiServer
) -> None:
    settings = gemini_settings(tmp_path, database, server, "a", llm_provider="mock")
    async with open_house(settings) as house:
        run_id = await run(house)
        assert await house.end(run_id) is RunStatus.SUCCEEDED
        assert (await _ask(house, run_id))["usage"] == NOTHING
        async with house.services.store.snapshot() as snapshot:
            assert await usage_by_model(snapshot) == {}
    assert server.calls == []


async def test_an_unknown_model_and_a_wrong_key_are_tried_once_and_named(
    tmp_path: Path, database: Database, server: GeminiServer
) -> None:
    retry = {"max_attempts": 3, "delay_seconds": 0.01}
    for change, kind, word in (
        ({"gemini_model": "gemini-0.1"}, "MODEL_NOT_FOUND", "GEMINI_MODEL"),
        ({"gemini_api_key": "wrong"}, "PROVIDER_ERROR", "GEMINI_API_KEY"),
        ({"gemini_api_key": ""}, "PROVIDER_ERROR", "GEMINI_API_KEY is empty"),
    ):
        async with open_house(gemini_settings(tmp_path, database, server, "a", **change)) as house:
            run_id = await run(house, retry=retry)
            assert await house.end(run_id) is RunStatus.FAILED
            assert await house.attempts(run_id) == [(1, "SUCCEEDED"), (1, "FAILED")]
            failed = await house.block(run_id, "sent")
            assert f'"kind": "{kind}"' in failed.error
            assert word in failed.error
    assert server.calls == []


async def _ask(house: House, run_id: str) -> Any:
    query = f'{{ run(id: "{run_id}") {{ {USAGE} blocks {{ {USAGE} }} }} }}'
    answer = await InProcess(house.services, build_schema()).execute(query)
    return answer["data"]["run"]
