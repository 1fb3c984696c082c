"""Bad queries, bodies and frames: each gets a clear error with its code, and nothing is kept."""

import json
from collections.abc import Iterator

import pytest
import websockets

from tests.e2e.untouched import nothing_stays_behind
from tests.system.client import Api
from tests.system.grounds import Grounds

SOCKET = websockets.Subprotocol("graphql-transport-ws")


@pytest.fixture(autouse=True)
def _nothing_stays(api: Api, grounds: Grounds) -> Iterator[None]:
    with nothing_stays_behind(grounds):
        yield


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
async def test_a_bad_query_is_refused_with_its_code(api: Api, name: str) -> None:
    query, code = QUERIES[name]
    response = await api.post(json.dumps({"query": query}).encode())
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
async def test_a_bad_body_is_refused_with_its_status(api: Api, name: str) -> None:
    body, kind, status = BODIES[name]
    response = await api.post(body, kind)
    assert response.status_code == status
    assert response.json()["message"]
    if status == 413:
        assert response.json()["code"] == "PAYLOAD_TOO_LARGE"


async def test_a_socket_takes_frames_and_subscriptions_up_to_its_bounds(api: Api) -> None:
    url = f"ws{api.url.removeprefix('http')}/graphql"
    silent = 'subscription { runs(filter: {pipeline: "nobody"}) { runId } }'
    async with websockets.connect(url, subprotocols=[SOCKET]) as socket:
        await socket.send('{"type": "connection_init"}')
        await socket.recv()
        for number in range(101):
            payload = {"query": silent}
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
