"""Bad requests of every kind: each gets a clear error with its code, and nothing is kept."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import websockets
from gql.transport.exceptions import TransportQueryError

from tests.e2e.untouched import nothing_stays_behind
from tests.system import documents
from tests.system.client import Api, call
from tests.system.processes import Grounds

PARAMS = [
    {"name": "file", "type": "PATH", "required": True},
    {"name": "size", "type": "INTEGER", "default": 3, "minimum": 1, "maximum": 9},
    {"name": "mode", "type": "STRING", "default": "a", "choices": ["a", "b"]},
]
PIPELINE = {"name": "messages", "blocks": [call("a", "nothing")], "edges": [], "params": PARAMS}
ABSENT = "run_01jzzzzzzzzzzzzzzzzzzzzzzz"
SOCKET = websockets.Subprotocol("graphql-transport-ws")


@pytest.fixture
async def there(api: Api, grounds: Grounds) -> AsyncIterator[Api]:
    """A server with a pipeline, and nothing more after the test than before it."""
    given = {"source": {"definition": PIPELINE}, "replaceIfExists": True}
    await api.ask(documents.IMPORT, input=given)
    outside = grounds.folder / "outside.csv"
    outside.write_text("secret\n")
    link = grounds.folder / "data" / "link.csv"
    if not link.is_symlink():
        link.symlink_to(outside)
    with nothing_stays_behind(grounds):
        yield api


REFUSED_PARAMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "one that is needed": ({}, "MISSING_PARAM", "file"),
    "one that there is not": ({"file": "x.csv", "sise": 3}, "UNKNOWN_PARAM", "sise"),
    "of another type": ({"file": "x.csv", "size": "many"}, "INVALID_PARAM", "size"),
    "too large": ({"file": "x.csv", "size": 10}, "INVALID_PARAM", "size"),
    "none of the choices": ({"file": "x.csv", "mode": "c"}, "INVALID_PARAM", "mode"),
    "a path outside the roots": ({"file": "/etc/passwd"}, "INVALID_PARAM", "file"),
    "a path that climbs out": ({"file": "../outside.csv"}, "INVALID_PARAM", "file"),
    "a link that leads out": ({"file": "link.csv"}, "INVALID_PARAM", "file"),
    "the database": ({"file": "db.test.sqlite3"}, "INVALID_PARAM", "file"),
    "a file url outside": ({"file": "file:///etc/passwd"}, "INVALID_PARAM", "file"),
}


@pytest.mark.parametrize("name", REFUSED_PARAMS)
async def test_params_that_cannot_be_used_start_nothing(there: Api, name: str) -> None:
    params, code, param = REFUSED_PARAMS[name]
    done = await there.ask(documents.START, input={"pipeline": "messages", "params": params})
    answer = done["startRun"]
    assert (answer["__typename"], answer["code"]) == ("ParamsInvalid", "INVALID")
    assert [(each["code"], each["path"]) for each in answer["problems"]] == [
        (code, ["params", param])
    ]


GOOD = {"pipeline": "messages", "params": {"file": "x.csv"}}
LABEL = {"key": "k", "value": "v"}
REFUSED_STARTS: dict[str, dict[str, Any]] = {
    "a priority beyond a hundred": {"priority": 101},
    "no time at all": {"timeoutSeconds": 0},
    "less than no time": {"timeoutSeconds": -1},
    "a label twice": {"labels": [LABEL, LABEL]},
    "too many labels": {"labels": [{"key": f"k{n}", "value": ""} for n in range(33)]},
    "a label too long": {"labels": [{"key": "k", "value": "v" * 256}]},
    "params that are no object": {"params": [1]},
    "params too large": {"params": {"file": "x" * 2**18}},
    "an empty key": {"idempotencyKey": ""},
    "a key too long": {"idempotencyKey": "k" * 256},
    "a key that cannot be printed": {"idempotencyKey": "a\nb"},
    "a field that there is not": {"pipelin": "p"},
    "a name that is no text": {"pipeline": 3},
}


@pytest.mark.parametrize("name", REFUSED_STARTS)
async def test_a_start_out_of_bounds_is_bad_user_input(there: Api, name: str) -> None:
    given = GOOD | REFUSED_STARTS[name]
    assert await code_of(there, documents.START, input=given) == "BAD_USER_INPUT"


async def test_a_pipeline_that_is_absent_is_told_with_those_that_are_near(there: Api) -> None:
    done = (await there.ask(documents.START, input={"pipeline": "mesages"}))["startRun"]
    assert (done["__typename"], done["code"], done["nearest"]) == (
        "PipelineNotFound",
        "NOT_FOUND",
        ["messages"],
    )
    done = (await there.ask(documents.START, input=GOOD | {"version": 99}))["startRun"]
    assert (done["__typename"], done["code"]) == ("PipelineVersionNotFound", "NOT_FOUND")


CANCELS: dict[str, tuple[dict[str, Any], str]] = {
    "ids and a filter": ({"runIds": [ABSENT], "filter": {}}, "BAD_USER_INPUT"),
    "neither": ({}, "BAD_USER_INPUT"),
    "too many": ({"runIds": [ABSENT] * 501}, "LimitExceeded"),
    "an absent one": ({"runIds": [ABSENT]}, "RunNotFound"),
}


@pytest.mark.parametrize("name", CANCELS)
async def test_a_cancellation_of_nothing_is_told(there: Api, name: str) -> None:
    given, expected = CANCELS[name]
    try:
        done = (await there.ask(documents.CANCEL, input=given))["cancelRuns"]
    except TransportQueryError as error:
        told = _code(error)
    else:
        told = done["results"][0]["__typename"] if "results" in done else done["__typename"]
    assert told == expected


RUNS = "{ runs(%s) { nodes { id } } }"
QUERIES: dict[str, tuple[str, str]] = {
    "a page of nothing": (RUNS % "first: 0", "BAD_USER_INPUT"),
    "a page too long": (RUNS % "first: 201", "BAD_USER_INPUT"),
    "from both ends": (RUNS % "first: 1, last: 1", "BAD_USER_INPUT"),
    "a page of less than nothing": (RUNS % "last: -1", "BAD_USER_INPUT"),
    "a made-up cursor": (RUNS % 'after: "bm9uc2Vuc2U"', "BAD_CURSOR"),
    "a time that is none": (RUNS % 'filter: {createdAfter: "soon"}', "BAD_USER_INPUT"),
    "a field that there is not": ("{ runz { id } }", "BAD_USER_INPUT"),
    "no graphql": ("{ runs(", "BAD_USER_INPUT"),
    "too deep": (
        "{ pipelines { nodes { " + "graph { nodes { blockRun { " * 6 + "id" + "}" * 21,
        "QUERY_TOO_COMPLEX",
    ),
    "too many aliases": (
        "{" + " ".join(f"a{n}: service {{ name }}" for n in range(51)) + "}",
        "QUERY_TOO_COMPLEX",
    ),
    "too many words": ("{ service {" + " name" * 1_001 + "} }", "QUERY_TOO_COMPLEX"),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_a_bad_query_is_refused_with_its_code(there: Api, name: str) -> None:
    query, code = QUERIES[name]
    response = await there.post(json.dumps({"query": query}).encode())
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code, error
    assert error["extensions"]["retryable"] is False


BODIES: dict[str, tuple[bytes, str, int]] = {
    "no json": (b"{", "application/json", 400),
    "null": (b"null", "application/json", 400),
    "a number": (b"3", "application/json", 400),
    "bytes that are no text": (b'{"query": "\xff"}', "application/json", 400),
    "deeper than anyone nests": (b"[" * 20_000 + b"]" * 20_000, "application/json", 400),
    "an endless number": (b'{"query": ' + b"1" * 5_000 + b"}", "application/json", 400),
    "a form": (b"query={}", "application/x-www-form-urlencoded", 415),
    "more than two mebibytes": (b" " * (2 * 2**20 + 1), "application/json", 413),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_refused_with_its_status(there: Api, name: str) -> None:
    body, kind, status = BODIES[name]
    response = await there.post(body, kind)
    assert response.status_code == status
    assert response.json()["message"]
    if status == 413:
        assert response.json()["code"] == "PAYLOAD_TOO_LARGE"


async def test_a_socket_takes_frames_and_subscriptions_up_to_its_bounds(there: Api) -> None:
    url = f"ws{there.url.removeprefix('http')}/graphql"
    async with websockets.connect(url, subprotocols=[SOCKET]) as socket:
        await socket.send('{"type": "connection_init"}')
        await socket.recv()
        for number in range(101):
            payload = {"query": "subscription { runs { runId } }"}
            message = {"type": "subscribe", "id": str(number), "payload": payload}
            await socket.send(json.dumps(message))
        refused = json.loads(await socket.recv())
        assert (refused["type"], refused["id"]) == ("error", "100")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await socket.send(" " * 300_000)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in {1009, 4400}


OUTPUTS: dict[str, tuple[dict[str, Any], str]] = {
    "no rows": ({"count": 0}, "ValueOutOfRange"),
    "too many rows": ({"count": 100_001}, "ValueOutOfRange"),
    "a path outside the roots": ({"outputPath": "/tmp/mine.csv"}, "PathRefused"),
    "a path that climbs out": ({"outputPath": "../mine.csv"}, "PathRefused"),
    "a link that leads out": ({"outputPath": "link.csv"}, "PathRefused"),
    "the artifacts": ({"outputPath": "artifacts/mine.csv"}, "PathRefused"),
    "the database": ({"outputPath": "db.test.sqlite3"}, "PathRefused"),
    "a program": ({"outputPath": "mine.py"}, "PathRefused"),
    "somebody's file": ({"outputPath": "theirs.csv"}, "PathRefused"),
}


@pytest.mark.parametrize("name", OUTPUTS)
async def test_a_dataset_goes_nowhere_where_it_must_not(
    api: Api, grounds: Grounds, name: str
) -> None:
    given, expected = OUTPUTS[name]
    (grounds.folder / "data" / "theirs.csv").write_text("mine\n")
    with nothing_stays_behind(grounds):
        done = (await api.ask(documents.SYNTHESIZE, input=given))["synthesizeDataset"]
    assert done["__typename"] == expected, done
    assert done["message"]


async def code_of(api: Api, document: str, **variables: Any) -> str:
    """The code of the one error of an operation."""
    with pytest.raises(TransportQueryError) as refused:
        await api.ask(document, **variables)
    return _code(refused.value)


def _code(error: TransportQueryError) -> str:
    (told,) = error.errors or []
    extensions: Mapping[str, Any] = told["extensions"]
    return str(extensions["code"])
