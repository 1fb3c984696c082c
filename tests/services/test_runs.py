"""Starting and cancelling runs: what is refused and why, and what an idempotency key promises."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.domain.grants import Grants
from headrace.services.core import Services, open_services
from headrace.services.pipelines import (
    DefinitionSource,
    Exists,
    Imported,
    YamlSource,
    import_pipeline,
    validate,
)
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.runs import (
    AlreadyFinished,
    Cancelled,
    CancelResults,
    NoPipeline,
    NoVersion,
    RunMissing,
    Started,
    StartRun,
    TooMany,
    cancel_runs,
    start_run,
)
from tests.databases import Database
from tests.worker.house import settings_for

DOCUMENT = {
    "name": "readings",
    "params": [
        {"name": "input_path", "type": "path", "default": "data/input.csv"},
        {"name": "limit", "type": "integer", "minimum": 1, "default": 5},
    ],
    "blocks": [
        {"name": "csv", "type": "CSV_READER", "config": {"input_path": "{{ params.input_path }}"}}
    ],
    "edges": [],
}


@pytest.fixture
async def services(tmp_path: Path, database: Database) -> AsyncIterator[Services]:
    async with open_services(settings_for(tmp_path, database)) as opened:
        yield opened


async def imported(services: Services, document: Any = None, **asked: Any) -> Any:
    values = {"replace_if_exists": None, "principal": "me", **asked}
    return await import_pipeline(services, source=DefinitionSource(document or DOCUMENT), **values)


def asking(**values: Any) -> StartRun:
    return StartRun(**{"pipeline": "readings", "params": {}, "labels": {}, **values})


async def started(services: Services, asked: StartRun | None = None, **values: Any) -> Any:
    return await start_run(services, asked or asking(), **{"principal": "me", **values})


async def test_an_unchanged_import_makes_no_version_and_a_change_needs_to_be_asked_for(
    services: Services,
) -> None:
    first = await imported(services)
    assert isinstance(first, Imported)
    assert first.created
    again = await imported(services)
    assert isinstance(again, Imported)
    assert (again.created, again.version_id) == (False, first.version_id)
    changed = {**DOCUMENT, "description": "of rivers"}
    assert await imported(services, changed) == Exists(first.pipeline_id)
    replaced = await imported(services, {**changed, "replace_if_exists": True})
    assert isinstance(replaced, Imported)
    assert replaced.version_id != first.version_id


async def test_every_problem_of_a_document_comes_at_once_and_nothing_is_kept(
    services: Services,
) -> None:
    text = "name: x\nblocks:\n  - {name: a, type: CVS_READER}\n  - {name: a, type: CSV_READER}\n"
    found = await import_pipeline(
        services, source=YamlSource(text), replace_if_exists=None, principal="me"
    )
    assert isinstance(found, Invalid)
    assert {p.code for p in found.problems} == {
        "UNKNOWN_BLOCK_TYPE",
        "DUPLICATE_BLOCK",
        "INVALID_CONFIG",
    }
    assert all(p.line for p in found.problems)
    assert found.problems == validate(services, YamlSource(text)).problems
    assert isinstance(await started(services, asking(pipeline="x")), NoPipeline)


async def test_what_cannot_be_started_says_why(services: Services) -> None:
    await imported(services)
    assert await started(services, asking(pipeline="reading")) == NoPipeline(("readings",))
    assert await started(services, asking(version=7)) == NoVersion(1)
    refused = await started(services, asking(params={"limt": 3, "limit": 0}))
    assert isinstance(refused, Invalid)
    assert [(p.code, p.path) for p in refused.problems] == [
        ("UNKNOWN_PARAM", ("params", "limt")),
        ("INVALID_PARAM", ("params", "limit")),
    ]
    assert refused.problems[0].suggestion == "limit"


async def test_a_path_outside_the_roots_is_refused_unless_the_local_caller_granted_it(
    services: Services, tmp_path: Path
) -> None:
    await imported(services)
    outside = str(tmp_path / "elsewhere.csv")
    asked = asking(params={"input_path": outside})
    refused = await started(services, asked)
    assert isinstance(refused, Invalid)
    assert refused.problems[0].path == ("params", "input_path")
    grants = Grants(paths=(outside,))
    assert isinstance(await started(services, asking(params=asked.params, grants=grants)), Started)


async def test_a_key_gives_the_same_run_again_and_refuses_another_input(
    services: Services,
) -> None:
    await imported(services)
    first = await started(services, idempotency_key="k")
    assert isinstance(first, Started)
    assert await started(services, idempotency_key="k") == first
    other = await started(services, asking(priority=3), idempotency_key="k")
    assert isinstance(other, IdempotencyConflict)
    somebody = await started(services, idempotency_key="k", principal="somebody else")
    assert isinstance(somebody, Started)
    assert somebody != first


async def test_a_failure_is_not_kept_under_its_key(services: Services) -> None:
    assert isinstance(await started(services, idempotency_key="k"), NoPipeline)
    await imported(services)
    assert isinstance(await started(services, idempotency_key="k"), Started)


async def test_cancelling_answers_for_each_run_in_the_order_asked(services: Services) -> None:
    await imported(services)
    run = (await started(services)).run_id
    missing = "run_00000000000000000000000000"
    asked: dict[str, Any] = {"reason": None, "principal": "me"}
    first = await cancel_runs(services, [missing, run], idempotency_key="k", **asked)
    assert first == CancelResults((RunMissing(missing), Cancelled(run)))
    assert await cancel_runs(services, [missing, run], idempotency_key="k", **asked) == first
    assert await cancel_runs(services, [run], **asked) == CancelResults((AlreadyFinished(run),))
    assert await cancel_runs(services, [run] * 501, **asked) == TooMany(500)
