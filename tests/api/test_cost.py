"""The static cost of operations: what counts how much, and what is over the bound."""

import time
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from headrace.api.cost import LIST_SIZE, MAX_COST
from headrace.api.documents import Documents
from headrace.api.graphql.schema import build_schema
from tests.api.conftest import Calling, Serve
from tests.api.small_schema import World


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(build_schema()._schema)


def cost(documents: Documents, text: str, **variables: Any) -> int:
    document = documents.get(text)
    assert not document.errors, document.errors
    (found,) = document.costs.values()
    return found.value(variables)


RUNS = "query Q($n: Int) { runs(first: $n) { totalCount nodes { id status } } }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ queue { depth } }", 2),
        ("{ queue { ...F } } fragment F on Queue { depth ready }", 3),
        ("{ runs { nodes { id status } } }", 2 + 50 * 2),
        ("{ runs(first: 10) { nodes { id status } } }", 2 + 10 * 2),
        ("{ runs(last: 3) { edges { cursor node { id } } } }", 2 + 3 * 3),
        ("{ runs(first: 10) { ...P } } fragment P on RunConnection { nodes { id } }", 12),
        ("{ runs(first: 2) { nodes { blocks { name } } } }", 2 + 2 * (1 + LIST_SIZE)),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 1 + 3),
        ('{ node(id: "a") { id ... on Run { status } ... on Worker { pid } } }', 4),
        ("{ runs(first: 2) { nodes { artifacts(first: 3) { nodes { name } } } } }", 2 + 2 * 5),
        ("{ __schema { types { name fields { name } } } }", 1),
        ("{ queue { depth @skip(if: true) } }", 2),
    ],
)
def test_an_operation_costs_as_many_fields_as_its_answer_may_hold(
    documents: Documents, text: str, expected: int
) -> None:
    assert cost(documents, text) == expected


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ({}, 50),
        ({"n": None}, 50),
        ({"n": 7}, 7),
        ({"n": 0}, 0),
        ({"n": -5}, 0),
        ({"n": True}, 50),
        ({"n": "many"}, 50),
        ({"n": 10**4000}, 1_000),
        ({"n": 1e9}, 50),
    ],
)
def test_variables_say_how_large_a_page_is_whatever_a_client_puts_there(
    documents: Documents, given: dict[str, Any], items: int
) -> None:
    assert cost(documents, RUNS, **given) == 3 + 2 * items


def test_a_variable_without_a_value_has_its_default(documents: Documents) -> None:
    text = RUNS.replace("Int)", "Int = 4)")
    assert cost(documents, text) == 3 + 2 * 4
    assert cost(documents, text, n=5) == 3 + 2 * 5


def test_what_reads_files_costs_more(documents: Documents) -> None:
    assert cost(documents, '{ artifact(id: "a") { preview { __typename } } }') == 1 + 50 + 1


def test_fragments_that_double_sixty_times_are_counted_at_once(documents: Documents) -> None:
    text = "{ ...F0 } " + " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60)
    )
    began = time.thread_time()
    assert cost(documents, text + " fragment F60 on Query { queue { depth } }") > 2**50
    assert time.thread_time() - began < 1


def test_the_introspection_of_tools_and_the_pages_of_a_screen_are_within_the_bound(
    documents: Documents,
) -> None:
    screen = """query Screen($id: ID!) { run(id: $id) {
      id status blocks { name status attempt attempts { number status startedAt finishedAt } }
      timeline(first: 1000) { nodes { seq kind timestamp message } }
      logs(first: 1000) { nodes { seq level block message timestamp } pageInfo { endCursor } }
    } }"""
    assert cost(documents, screen) < MAX_COST
    assert cost(documents, get_introspection_query()) < MAX_COST


async def test_a_response_says_what_it_cost(http: httpx.AsyncClient) -> None:
    for query, expected in (("{ leaf { number } }", 2), ("mutation { bump }", 1)):
        answer = await http.post("/graphql", json={"query": query})
        assert answer.json()["extensions"] == {"cost": expected}
    failed = await http.post("/graphql", json={"query": "{ boom }"})
    assert failed.json()["extensions"] == {"cost": 1}


async def test_an_operation_over_the_bound_is_refused_with_its_cost(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headrace.api import app as module
    from headrace.api.operations import Operations

    def bounded(*given: Any, **more: Any) -> Operations:
        return Operations(*given, **more, most_cost=3)

    monkeypatch.setattr(module, "Operations", bounded)
    async with calling() as http:
        dear = {"query": "{ leaf { leaf { leaf { number } } } }"}
        refused = (await http.post("/graphql", json=dear)).json()
        assert "data" not in refused
        told = refused["errors"][0]["extensions"]
        assert told == {"code": "QUERY_TOO_COMPLEX", "retryable": False, "cost": 4, "limit": 3}
        answer = await http.post("/graphql", json=dear, headers={"accept": "text/event-stream"})
        assert answer.status_code == 200
        assert '"cost":4' in answer.text
        assert (await http.post("/graphql", json={"query": "{ ping }"})).json()["data"]


async def test_what_is_refused_for_its_cost_runs_nowhere(serve: Serve, world: World) -> None:
    async with serve() as server, httpx.AsyncClient(base_url=server.url) as http:
        query = "mutation { " + " ".join(f"b{n}: bump" for n in range(51)) + " }"
        refused = (await http.post("/graphql", json={"query": query})).json()
    assert refused["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert world.bumps == 0
