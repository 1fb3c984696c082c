"""What a key promises: a repeat gives the same member and objects, another input a conflict."""

from typing import Any

import pytest

from headrace.api.graphql.context import RequestInfo
from headrace.services import runs
from headrace.services.core import Services
from headrace.store.cleanup import delete_old_runs
from tests.api.graphql.asking import Asking
from tests.api.graphql.test_mutations import SYNTHESIZE, YAML, cancelled, imported, started
from tests.store.reads.world import World, document

CONFLICT = ("IdempotencyConflict", "IDEMPOTENCY_CONFLICT")


def is_conflict(result: dict[str, Any]) -> bool:
    return (result["__typename"], result["code"]) == CONFLICT


async def test_a_repeated_import_is_the_same_version_even_after_newer_ones(api: Asking) -> None:
    first = await imported(api, {"yaml": YAML}, idempotencyKey="k")
    await imported(api, {"yaml": YAML.replace("name: a", "name: b")}, replaceIfExists=True)
    again = await imported(api, {"yaml": YAML}, idempotencyKey="k")
    assert (again["created"], again["version"]) == (True, first["version"])
    assert again["pipeline"]["latestVersion"]["number"] == 2  # its fields are as they are now
    assert is_conflict(await imported(api, {"yaml": YAML + "\n"}, idempotencyKey="k"))
    assert is_conflict(
        await imported(api, {"yaml": YAML}, replaceIfExists=True, idempotencyKey="k")
    )


async def test_a_repeated_import_succeeds_though_its_block_type_is_gone(
    api: Asking, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await imported(api, {"yaml": YAML}, idempotencyKey="k")
    monkeypatch.setattr(type(services.catalogue), "get", lambda _self, _name: None)
    assert await imported(api, {"yaml": YAML}, idempotencyKey="k") == first
    assert (await imported(api, {"yaml": YAML}))["__typename"] == "PipelineInvalid"


async def test_failed_imports_are_not_kept(api: Asking) -> None:
    wrong = await imported(api, {"yaml": "name: demo"}, idempotencyKey="k")
    assert wrong["__typename"] == "PipelineInvalid"
    assert (await imported(api, {"yaml": YAML}, idempotencyKey="k"))["created"]


async def test_a_filter_with_a_key_repeats_the_results_of_the_first_time(
    api: Asking, world: World
) -> None:
    """A filter finds other runs each time; were those the input, a retry after a lost answer would
    be a conflict, or cancel runs that nobody meant.
    """
    one, two = await world.start(document("p")), await world.start(document("p"))
    first = await cancelled(api, filter={"pipeline": "p"}, idempotencyKey="k")
    assert [each["run"]["id"] for each in first["results"]] == [two, one]
    late = await world.start(document("p"))
    again = await cancelled(api, filter={"pipeline": "p"}, idempotencyKey="k")
    assert again == first
    assert (await api("query ($id: ID!) { run(id: $id) { status } }", id=late))["run"] == {
        "status": "QUEUED"
    }
    assert is_conflict(await cancelled(api, filter={"pipeline": "q"}, idempotencyKey="k"))
    assert is_conflict(
        await cancelled(api, filter={"pipeline": "p"}, reason="why", idempotencyKey="k")
    )
    assert is_conflict(await cancelled(api, runIds=[two, one], idempotencyKey="k"))


async def test_two_ways_to_say_one_filter_are_one_input(api: Asking, world: World) -> None:
    labels = {"a": "1", "b": "2"}
    await world.start(document("p"), labels=labels)
    pairs = [{"key": key, "value": value} for key, value in labels.items()]
    first = await cancelled(
        api, filter={"labels": pairs, "status": ["QUEUED", "RUNNING"]}, idempotencyKey="k"
    )
    assert len(first["results"]) == 1
    other = {"labels": pairs[::-1], "status": ["RUNNING", "QUEUED"], "pipeline": None}
    assert await cancelled(api, filter=other, idempotencyKey="k") == first


async def test_a_kept_list_of_none_is_kept(api: Asking, world: World) -> None:
    both: list[dict[str, Any]] = [{"filter": {"pipeline": "p"}}, {"runIds": []}]
    for given in both:
        key = next(iter(given))
        assert (await cancelled(api, **given, idempotencyKey=key))["results"] == []
        run_id = await world.start(document("p"))
        assert (await cancelled(api, **given, idempotencyKey=key))["results"] == []
        found = await api("query ($id: ID!) { run(id: $id) { status } }", id=run_id)
        assert found["run"]["status"] == "QUEUED"
        await world.cancel(run_id)


async def test_a_repeat_succeeds_though_too_many_would_match_by_now(
    api: Asking, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = await world.save(document("p"))
    await world.start(saved)
    first = await cancelled(api, filter={}, idempotencyKey="k")
    for _ in range(3):
        await world.start(saved)
    monkeypatch.setattr(runs, "MOST_CANCELLED_AT_ONCE", 2)
    assert await cancelled(api, filter={}, idempotencyKey="k") == first
    assert (await cancelled(api, filter={}, idempotencyKey="l"))["__typename"] == "LimitExceeded"


async def test_ids_with_a_key_repeat_their_results(api: Asking, world: World) -> None:
    run_id = await world.start(document("p"))
    first = await cancelled(api, runIds=[run_id, "run_nobody"], idempotencyKey="k")
    assert [each["__typename"] for each in first["results"]] == ["CancelRunSuccess", "RunNotFound"]
    assert await cancelled(api, runIds=[run_id, "run_nobody"], idempotencyKey="k") == first
    assert is_conflict(await cancelled(api, runIds=["run_nobody", run_id], idempotencyKey="k"))


async def test_a_repeat_after_the_object_went_says_gone(api: Asking, world: World) -> None:
    await world.save(document("p"))
    first = await started(api, pipeline="p", idempotencyKey="k")
    await world.cancel(first["run"]["id"])
    await world.write(delete_old_runs, 2**53)
    answer = await api.response(
        """mutation { startRun(input: {pipeline: "p", idempotencyKey: "k"}) { __typename } }"""
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "GONE"


async def test_keys_belong_to_a_mutation_and_to_whoever_asks(
    api: Asking, services: Services, world: World
) -> None:
    await world.save(document("p"))
    mine = await started(api, pipeline="p", idempotencyKey="k")
    assert (await cancelled(api, runIds=[], idempotencyKey="k"))["results"] == []
    somebody = Asking(services, RequestInfo(principal="somebody else"))
    theirs = await started(somebody, pipeline="p", idempotencyKey="k")
    assert theirs["run"]["id"] != mine["run"]["id"]


async def test_a_repeated_synthesis_writes_nothing_again(api: Asking, services: Services) -> None:
    given = {"count": 3, "outputPath": "three.csv", "idempotencyKey": "k"}
    first = (await api(SYNTHESIZE, input=given))["synthesizeDataset"]
    services.roots.input(first["path"]).unlink()
    assert (await api(SYNTHESIZE, input=given))["synthesizeDataset"] == first
    assert not services.roots.input(first["path"]).exists()
    other = (await api(SYNTHESIZE, input={**given, "count": 4}))["synthesizeDataset"]
    assert is_conflict(other)
