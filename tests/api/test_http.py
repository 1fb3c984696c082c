"""GraphQL over HTTP, on a socket: what is asked, what is refused, and with which status."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from headrace.api.bodies import MAX_BODY_BYTES
from tests.api.conftest import Calling
from tests.api.serving import Server
from tests.api.small_schema import World

RESPONSE_JSON = "application/graphql-response+json"


async def ask(http: httpx.AsyncClient, query: str, **members: Any) -> dict[str, Any]:
    answer = await http.post("/graphql", json={"query": query, **members})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_query_is_answered_with_its_data(http: httpx.AsyncClient) -> None:
    answer = await http.post("/graphql", json={"query": "{ ping }"})
    assert answer.json()["data"] == {"ping": "pong"}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}, application/json;q=0.9", RESPONSE_JSON),
        (f"application/json;q=0.9, {RESPONSE_JSON};q=0.1", "application/json"),
        ("text/html, application/*;q=0.8", "application/json"),
        (f"application/json;q=nonsense, {RESPONSE_JSON};q=0.1", RESPONSE_JSON),
    ],
)
async def test_the_media_type_is_the_one_the_client_likes_best(
    http: httpx.AsyncClient, accept: str, media_type: str
) -> None:
    answer = await http.post("/graphql", json={"query": "{ ping }"}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type


async def test_a_client_that_takes_no_json_is_told_406(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/graphql", json={"query": "{ ping }"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 406
    assert answer.json()["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"null", "JSON object"),
        (b"7", "JSON object"),
        (b'"{ ping }"', "JSON object"),
        (b'[{"query": "{ ping }"}]', "batches"),
        (b'{"query": "{ ping }"', "no JSON"),
        (b'{"query": "\xff"}', "UTF-8"),
        (b"[" * 20_000 + b"]" * 20_000, "nested"),
        (b'{"query": "{ ping }", "variables": {"a": ' + b"9" * 5000 + b"}}", "digits"),
        (b'{"query": "{ ping }", "variables": {"a": NaN}}', "NaN"),
        (b'{"query": "{ ping }", "variables": {"a": "\\ud800"}}', "surrogate"),
        (b'{"query": "{ ping }", "variables": ' + b'{"a":' * 200 + b"1" + b"}" * 201, "nested"),
        (b"{}", "must have a query"),
        (b'{"query": 1}', "must have a query"),
        (b'{"query": "{ ping }", "variables": []}', "variables"),
        (b'{"query": "{ ping }", "operationName": 1}', "operationName"),
        (b'{"query": "{ ping }", "extensions": "x"}', "extensions"),
    ],
    ids=range(17),
)
async def test_a_body_that_is_no_request_is_a_400_in_both_shapes(
    http: httpx.AsyncClient, body: bytes, words: str
) -> None:
    answer = await http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    told = answer.json()
    assert told["code"] == "BAD_USER_INPUT"
    assert words in told["message"]
    assert told["errors"][0]["message"] == told["message"]
    assert told["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
    ],
)
async def test_only_json_is_taken_because_any_page_may_send_a_form(
    http: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await http.post("/graphql", content=b'{"query": "{ ping }"}', headers=headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "BAD_USER_INPUT"


async def test_a_body_over_the_bound_is_a_413_though_no_length_is_announced(
    live: httpx.AsyncClient,
) -> None:
    async def endless() -> Any:
        for _ in range(MAX_BODY_BYTES // 65_536 + 2):
            yield b" " * 65_536

    announced = await live.post(
        "/graphql",
        content=b" " * (MAX_BODY_BYTES + 1),
        headers={"content-type": "application/json"},
    )
    unannounced = await live.post(
        "/graphql", content=endless(), headers={"content-type": "application/json"}
    )
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert answer.json()["code"] == "PAYLOAD_TOO_LARGE"
    assert (await ask(live, "{ ping }"))["data"] == {"ping": "pong"}


async def test_a_body_of_just_the_bound_is_read(http: httpx.AsyncClient) -> None:
    body = json.dumps({"query": "{ ping }"}).encode().ljust(MAX_BODY_BYTES)
    answer = await http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.json()["data"] == {"ping": "pong"}


async def test_get_asks_queries_and_never_mutates(http: httpx.AsyncClient, world: World) -> None:
    params = {"query": "query Q($n: Int!) { twice(number: $n) }", "variables": '{"n": 21}'}
    assert (await http.get("/graphql", params=params)).json()["data"] == {"twice": 42}
    refused = await http.get("/graphql", params={"query": "mutation { bump }"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert world.bumps == 0
    assert (await http.head("/graphql", params={"query": "mutation { bump }"})).status_code == 405
    assert world.bumps == 0


async def test_other_methods_and_paths_are_refused_in_json(http: httpx.AsyncClient) -> None:
    refused = await http.put("/graphql", json={"query": "{ ping }"})
    assert refused.status_code == 405
    assert {"GET", "POST"} <= set(refused.headers["allow"].split(", "))
    assert refused.json()["code"] == "BAD_USER_INPUT"
    absent = await http.get("/nowhere")
    assert (absent.status_code, absent.json()["code"]) == (404, "NOT_FOUND")
    assert (await http.post("/graphql/", json={"query": "{ ping }"})).status_code == 404


async def test_two_operations_without_a_name_are_refused_rather_than_guessed(
    http: httpx.AsyncClient, world: World
) -> None:
    document = "query A { ping } mutation B { bump }"
    body = await ask(http, document)
    assert "data" not in body
    assert "operationName" in body["errors"][0]["message"]
    assert world.bumps == 0
    assert (await ask(http, document, operationName="B"))["data"] == {"bump": 1}
    unknown = await ask(http, document, operationName="C")
    assert "'C'" in unknown["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{", None),
        ("{ nothing }", None),
        ("query Q($n: Int!) { twice(number: $n) }", {}),
        ("query Q($n: Int!) { twice(number: $n) }", {"n": "x"}),
        ("subscription { forever }", None),
        ("fragment F on Query { ping }", None),
    ],
)
async def test_what_was_not_executed_has_no_data_and_a_status_by_media_type(
    http: httpx.AsyncClient, query: str, variables: dict[str, Any] | None
) -> None:
    for accept, status in (("application/json", 200), (RESPONSE_JSON, 400)):
        answer = await http.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"accept": accept},
        )
        assert answer.status_code == status
        assert "data" not in answer.json()
        for error in answer.json()["errors"]:
            assert error["extensions"] == {"code": "BAD_USER_INPUT", "retryable": False}


async def test_numbers_beyond_64_bits_go_in_and_out_as_they_are(http: httpx.AsyncClient) -> None:
    value = {"big": 123456789012345678901234567890, "text": "naïve ☃", "deep": [[1.5, None]]}
    query = "query Q($v: JSON!) { echo(value: $v) }"
    assert (await ask(http, query, variables={"v": value}))["data"] == {"echo": value}


async def test_a_query_is_given_up_when_its_client_leaves(
    live: httpx.AsyncClient, world: World
) -> None:
    asking = asyncio.create_task(live.post("/graphql", json={"query": "{ hang }"}))
    await world.entered.wait()
    asking.cancel()
    await asyncio.wait_for(world.cancelled.wait(), 60)
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_mutation_runs_to_its_end_though_its_client_leaves(
    server: Server, world: World
) -> None:
    """Half of an effect is worse than an answer that nobody reads."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        asking = asyncio.create_task(http.post("/graphql", json={"query": "mutation { hang }"}))
        await world.entered.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    world.release.set()
    await asyncio.wait_for(world.idle.wait(), 60)
    assert (world.bumps, world.cancelled.is_set()) == (1, False)


async def test_every_operation_has_a_context_of_its_own_that_is_closed(
    http: httpx.AsyncClient, world: World
) -> None:
    for query in ("{ ping }", "mutation { bump }", "{ boom }", "{ refused }"):
        await ask(http, query)
    assert (world.opened, world.closed) == (4, 4)


async def test_introspection_can_be_switched_off_with_its_suggestions(calling: Calling) -> None:
    query = "{ __schema { types { name } } }"
    async with calling(introspection=False) as http:
        refused = await ask(http, query)
        assert "introspection" in refused["errors"][0]["message"]
        assert "ping" not in str(await ask(http, "{ pin }"))
    async with calling() as http:
        assert "data" in await ask(http, query)
        assert "ping" in str(await ask(http, "{ pin }"))
