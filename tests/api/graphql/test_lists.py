"""Lists: order, pages, filters, counts, cursors, and how many statements they take."""

from dataclasses import replace
from typing import cast

import pytest

from headrace.services.core import Services
from headrace.store.database import Store
from tests.api.graphql.asking import Asking
from tests.api.graphql.watched import WatchedStore
from tests.store.reads.world import World, document

RUNS = """
query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $filter: RunFilter) {
  runs(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount totalCountExact nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
PIPELINES = """
query ($filter: PipelineFilter) { pipelines(filter: $filter) { totalCount nodes { name } } }
"""


async def test_runs_are_paged_newest_first(api: Asking, world: World) -> None:
    saved = await world.save(document("p"))
    ids = [await world.start(saved) for _ in range(5)][::-1]
    first = (await api(RUNS, first=2))["runs"]
    assert [node["id"] for node in first["nodes"]] == ids[:2]
    assert (first["totalCount"], first["totalCountExact"]) == (5, True)
    assert first["pageInfo"]["hasNextPage"]
    assert not first["pageInfo"]["hasPreviousPage"]
    assert [edge["node"]["id"] for edge in first["edges"]] == ids[:2]
    assert first["edges"][1]["cursor"] == first["pageInfo"]["endCursor"]
    rest = (await api(RUNS, first=9, after=first["pageInfo"]["endCursor"]))["runs"]
    assert [node["id"] for node in rest["nodes"]] == ids[2:]
    back = (await api(RUNS, last=2, before=rest["pageInfo"]["startCursor"]))["runs"]
    assert back["nodes"] == first["nodes"]


async def test_a_page_has_fifty_items_unless_told(api: Asking, world: World) -> None:
    saved = await world.save(document("p"))
    for _ in range(51):
        await world.start(saved)
    page = (await api(RUNS))["runs"]
    assert len(page["nodes"]) == 50
    assert page["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first": 0}, "BAD_USER_INPUT"),
        ({"first": 201}, "BAD_USER_INPUT"),
        ({"last": -1}, "BAD_USER_INPUT"),
        ({"first": 1, "last": 1}, "BAD_USER_INPUT"),
        ({"after": "nonsense"}, "BAD_CURSOR"),
        ({"before": "ÿ"}, "BAD_CURSOR"),
        ({"after": 7}, "BAD_USER_INPUT"),
        ({"filter": {"labels": [{"key": "", "value": "x"}]}}, "BAD_USER_INPUT"),
        ({"filter": {"labels": [{"key": "k", "value": "x" * 256}]}}, "BAD_USER_INPUT"),
        (
            {"filter": {"labels": [{"key": str(n), "value": ""} for n in range(33)]}},
            "BAD_USER_INPUT",
        ),
        ({"filter": {"createdAfter": "yesterday"}}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(
    api: Asking, given: dict[str, object], code: str
) -> None:
    assert (await api.error(RUNS, **given))[0] == code


async def test_a_cursor_of_another_list_is_refused(api: Asking, world: World) -> None:
    """A cursor that is misread instead would skip items without a word."""
    run_id = await world.start(document("p"))
    other = await world.start(document("q"))
    found = await api(
        "query ($id: ID!) { run(id: $id) { cursor } pipelines { pageInfo { endCursor } } }",
        id=run_id,
    )
    foreign = found["pipelines"]["pageInfo"]["endCursor"]
    assert (await api.error(RUNS, after=foreign))[0] == "BAD_CURSOR"
    timeline = (
        "query ($id: ID!, $after: Cursor) {"
        " run(id: $id) { timeline(after: $after) { nodes { seq } } } }"
    )
    cursor = found["run"]["cursor"]
    assert (await api.error(timeline, id=other, after=cursor))[0] == "BAD_CURSOR"
    assert await api(timeline, id=run_id, after=cursor)


async def test_runs_are_filtered(api: Asking, world: World) -> None:
    etl = await world.save(document("etl"))
    one = await world.start(etl, labels={"team": "x"})
    two = await world.start(document("web"), labels={"team": "x", "tier": "1"})
    await world.cancel(two)

    async def found(**condition: object) -> list[str]:
        page = (await api(RUNS, filter=condition))["runs"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"]]

    assert await found() == [two, one]
    assert await found(pipeline="etl") == [one]
    assert await found(status=["CANCELLED", "FAILED"]) == [two]
    assert await found(status=None, labels=None) == [two, one]
    assert await found(labels=[{"key": "team", "value": "x"}]) == [two, one]
    assert await found(labels=[{"key": "tier", "value": "1"}, {"key": "team", "value": "x"}]) == [
        two
    ]
    assert await found(createdAfter="2000-01-01T00:00:00+01:00") == [two, one]
    assert await found(createdBefore="2000-01-01T00:00:00Z") == []
    of_etl = await api(
        '{ pipeline(name: "etl") { runs { totalCount nodes { id } }'
        " none: runs(filter: {status: [FAILED]}) { totalCount } } }"
    )
    assert of_etl["pipeline"] == {
        "runs": {"totalCount": 1, "nodes": [{"id": one}]},
        "none": {"totalCount": 0},
    }


async def test_pipelines_are_by_name_and_filtered(api: Asking, world: World) -> None:
    for name in ("etl_2", "ETL-1"):
        await world.save(document(name))
    await world.archive((await world.save(document("web"))).pipeline_id)

    async def names(**condition: object) -> list[str]:
        page = (await api(PIPELINES, filter=condition))["pipelines"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["name"] for node in page["nodes"]]

    assert await names() == ["ETL-1", "etl_2"]
    assert await names(nameContains="Etl") == ["ETL-1", "etl_2"]
    assert await names(nameContains="l_") == ["etl_2"]
    assert await names(archived=True) == ["web"]
    too_long = {"nameContains": "x" * 101}
    assert (await api.error(PIPELINES, filter=too_long))[0] == "BAD_USER_INPUT"
    assert await names(archived=None) == ["ETL-1", "etl_2", "web"]


@pytest.fixture
def counted(services: Services) -> WatchedStore:
    return WatchedStore(services.store)


@pytest.fixture
def api_counted(services: Services, counted: WatchedStore) -> Asking:
    return Asking(replace(services, store=cast(Store, counted)))


async def test_a_list_of_runs_takes_as_many_statements_as_it_has_relations(
    api_counted: Asking, world: World, counted: WatchedStore
) -> None:
    """One more would be one more for each of its runs: the way lists become slow."""
    worker = await world.worker()
    for number in range(15):
        await world.start(document(f"p{number}", "a b c", "a>b b>c"), labels={"n": str(number)})
    await world.claim(worker, 5)
    found = await api_counted(
        """
        { runs(first: 15) { totalCount totalCountExact nodes {
            id status cursor params
            pipeline { name latestVersion { number } } version { number } labels { key value }
            progress { fraction rowsDone blocksByStatus { status count } }
            blocks { name status attempts { number status worker { name } } worker { name }
                     artifacts { name } inputs { name } }
            graph { nodes { name level blockRun { status } } edges { from to } }
        } } }
        """
    )
    assert len(found["runs"]["nodes"]) == 15
    relations = {
        "the page": 1,
        "its count": 1,
        "pipelines": 1,
        "latest versions": 1,
        "versions": 1,
        "labels": 1,
        "progress": 1,
        "blocks": 1,
        "attempts": 1,
        "workers": 1,
        "artifacts of blocks": 1,
        "runs and definitions of inputs": 2,
    }
    assert len(counted.statements) == sum(relations.values()), counted.statements


async def test_a_count_is_made_only_when_it_is_asked_for(
    api_counted: Asking, world: World, counted: WatchedStore
) -> None:
    await world.start(document("p"))
    await api_counted("{ runs { nodes { id } } }")
    assert len(counted.statements) == 1
