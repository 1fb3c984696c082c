"""Small fields of the root: counts, the schema for editors, the rate limit."""

from dataclasses import replace
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from headrace.api.graphql.context import RequestInfo
from headrace.api.rate_state import RateState
from headrace.services.core import Services
from headrace.store.database import Store
from tests.api.graphql.asking import Asking
from tests.api.graphql.watched import WatchedStore
from tests.store.reads.world import World, document

COUNTS = "query ($filter: RunFilter) { runCounts(filter: $filter) { status count } }"
LIMIT = "{ rateLimit { path limit windowSeconds remaining resetAt } }"


async def counts(api: Asking, **condition: Any) -> dict[str, int]:
    found = (await api(COUNTS, filter=condition))["runCounts"]
    return {each["status"]: each["count"] for each in found}


async def test_runs_are_counted_by_where_they_stand(services: Services, world: World) -> None:
    store = WatchedStore(services.store)
    api = Asking(replace(services, store=cast(Store, store)))
    etl = await world.save(document("etl", "a", ""))
    over = await world.start(etl, labels={"team": "x"})
    await world.start(etl)
    await world.start(document("web", "a", ""), labels={"team": "x"})
    await world.cancel(over)
    store.statements.clear()
    assert await counts(api) == {
        "QUEUED": 2,
        "RUNNING": 0,
        "CANCELLING": 0,
        "SUCCEEDED": 0,
        "FAILED": 0,
        "CANCELLED": 1,
    }
    assert len(store.statements) == 1
    assert await counts(api, status=["CANCELLED", "FAILED"]) == {"FAILED": 0, "CANCELLED": 1}
    assert (await counts(api, pipeline="etl"))["QUEUED"] == 1
    by_label = await counts(api, labels=[{"key": "team", "value": "x"}])
    assert (by_label["QUEUED"], by_label["CANCELLED"]) == (1, 1)
    assert sum((await counts(api, createdBefore="2000-01-01T00:00:00Z")).values()) == 0


async def test_a_filter_at_fault_is_refused(api: Asking) -> None:
    given = {"labels": [{"key": "", "value": "x"}]}
    assert (await api.error(COUNTS, filter=given))[0] == "BAD_USER_INPUT"


async def test_editors_get_a_schema_that_takes_what_an_import_takes(api: Asking) -> None:
    schema = (await api("{ pipelineSchema }"))["pipelineSchema"]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    block: dict[str, Any] = {"name": "a", "type": "CSV_READER", "config": {"input_path": "x.csv"}}
    assert validator.is_valid({"name": "p", "blocks": [block]})
    assert not validator.is_valid({"name": "p", "blocks": [{**block, "type": "CSV_REEDER"}]})
    assert not validator.is_valid({"name": "p", "blocks": [{**block, "cache": True}]})


async def test_a_cache_is_refused_in_every_form_of_a_source(api: Asking) -> None:
    ask = """query ($source: PipelineSource!) { validatePipeline(source: $source) {
               valid problems { code path line } } }"""
    block = {"name": "a", "type": "PYTHON", "config": {"function": "m:f"}, "cache": True}
    text = (
        "name: p\nblocks:\n  - name: a\n    type: PYTHON\n"
        '    config: {function: "m:f"}\n    cache: true\n'
    )
    json_text = (
        '{"name": "p", "blocks": [{"name": "a", "type": "PYTHON", '
        '"config": {"function": "m:f"}, "cache": true}]}'
    )
    sources: list[tuple[dict[str, Any], int | None]] = [
        ({"definition": {"name": "p", "blocks": [block], "edges": []}}, None),
        ({"yaml": text}, 6),
        ({"json": json_text}, 1),
    ]
    for source, line in sources:
        found = (await api(ask, source=source))["validatePipeline"]
        assert found == {
            "valid": False,
            "problems": [
                {"code": "INVALID_CONFIG", "path": ["blocks", "0", "cache"], "line": line}
            ],
        }


async def test_without_a_limit_there_is_none_to_tell(api: Asking) -> None:
    assert (await api(LIMIT))["rateLimit"] is None


async def test_a_limit_is_told_as_it_stands(services: Services) -> None:
    state = RateState(path="/graphql", limit=120, window_seconds=2, remaining=7, reset_at=1_000)
    caller = RequestInfo(principal="t", rate=lambda: state)
    assert (await Asking(services, caller)(LIMIT))["rateLimit"] == {
        "path": "/graphql",
        "limit": 120,
        "windowSeconds": 2,
        "remaining": 7,
        "resetAt": "1970-01-01T00:00:01.000Z",
    }


@pytest.mark.parametrize("name", ["archivePipeline", "cleanup", "rerun", "publishMessage"])
async def test_a_key_that_cannot_be_kept_is_refused_before_any_effect(
    api: Asking, world: World, name: str
) -> None:
    await world.save(document("p"))
    inputs = {
        "archivePipeline": '{name: "p", idempotencyKey: ""}',
        "cleanup": '{olderThanDays: 0, idempotencyKey: ""}',
        "rerun": '{runId: "run_x", idempotencyKey: ""}',
        "publishMessage": '{value: 1, idempotencyKey: ""}',
    }
    code, message = await api.error(
        f"mutation {{ {name}(input: {inputs[name]}) {{ __typename }} }}"
    )
    assert (code, "idempotencyKey" in message) == ("BAD_USER_INPUT", True)
    assert (await api("{ pipelines { totalCount } }"))["pipelines"]["totalCount"] == 1
