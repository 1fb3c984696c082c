"""The doors: hosts, the key, other origins, and that faults outside GraphQL are JSON too."""

import hmac
import logging
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from headrace.api import doors, limits
from tests.api.conftest import Calling, Serve

ASK = {"query": "{ whoami }"}


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("localhost", True),
        ("LOCALHOST:8000", True),
        ("127.0.0.1:1", True),
        ("[::1]:8000", True),
        ("[::1]", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example:8000", False),
        ("", False),
    ],
)
async def test_a_host_that_is_not_ours_is_told_421(
    http: httpx.AsyncClient, host: str, served: bool
) -> None:
    """Else a page of another site could reach us by pointing its own name here."""
    answer = await http.get("/health", headers={"host": host})
    assert answer.status_code == (200 if served else 421)
    if not served:
        assert answer.json()["code"] == "FORBIDDEN"


async def test_hosts_can_be_named_or_all_be_served(calling: Calling) -> None:
    async with calling(allowed_hosts=["api.example"]) as http:
        assert (await http.get("/health")).status_code == 421
        assert (await http.get("/health", headers={"host": "api.example:8"})).status_code == 200
    async with calling(allowed_hosts=["*"]) as http:
        assert (await http.get("/health", headers={"host": "any.example"})).status_code == 200


async def test_a_websocket_asks_for_a_host_too(serve: Serve) -> None:
    async with serve(allowed_hosts=["api.example"]) as server:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server.socket_url):
                pass
        assert refused.value.response.status_code == 421


async def test_without_a_key_graphql_says_401_in_both_shapes(calling: Calling) -> None:
    async with calling(api_key="right") as http:
        for headers in ({}, {"X-API-Key": "wrong"}, {"X-API-Key": "rightx"}):
            answer = await http.post("/graphql", json=ASK, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["code"] == "UNAUTHENTICATED"
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert "www-authenticate" in answer.headers
        answer = await http.post("/graphql", json=ASK, headers={"X-API-Key": "right"})
        assert answer.json()["data"] == {"whoami": "api-key/None"}
        assert (await http.get("/health")).status_code == 200


async def test_keys_are_compared_in_constant_time(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, known: bytes) -> bool:
        compared.append((given, known))
        return hmac.compare_digest(given, known)

    monkeypatch.setattr(doors, "hmac", SimpleNamespace(compare_digest=compare))
    async with calling(api_key="right") as http:
        await http.post("/graphql", json=ASK, headers={"X-API-Key": "wrong"})
    assert compared == [(b"wrong", b"right")]


async def test_a_client_names_itself_in_any_case(http: httpx.AsyncClient) -> None:
    answer = await http.post("/graphql", json=ASK, headers={"X-Headrace-Client": " UI "})
    assert answer.json()["data"] == {"whoami": "anonymous/ui"}


async def test_pages_of_allowed_origins_may_ask_and_others_may_not(
    http: httpx.AsyncClient,
) -> None:
    preflight = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-api-key,x-headrace-client",
    }
    friend = {"Origin": "http://localhost:5173"}
    allowed = await http.options("/graphql", headers={**friend, **preflight})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:5173"
    answered = await http.post("/graphql", json=ASK, headers=friend)
    assert answered.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "ETag" in answered.headers["access-control-expose-headers"]

    stranger = {"Origin": "http://evil.example"}
    refused = await http.options("/graphql", headers={**stranger, **preflight})
    assert refused.status_code == 400
    answered = await http.post("/graphql", json=ASK, headers=stranger)
    assert "access-control-allow-origin" not in answered.headers


async def test_a_bug_outside_graphql_is_a_500_in_json_logged_once(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("secret: /srv/passwords")

    monkeypatch.setattr(limits.RateLimits, "refusal", broken)
    for _ in range(121):
        answer = await http.get("/health")
    assert answer.status_code == 500
    assert answer.json()["code"] == "INTERNAL"
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert answer.json()["errorId"] in record.getMessage()
    assert "secret" not in answer.text
