"""A stream of record across dropped connections: each event once, until the last."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest

from headrace.cli import client as client_module
from headrace.cli.client import patiently, resumed
from headrace.cli.errors import ConnectionLost, RequestFailed
from headrace.domain.grants import Grants

LAST = 10


class FlakyServer:
    """Numbers as cursors; after `every` events the connection ends in one of several ways."""

    def __init__(self, every: int, ending: BaseException | None) -> None:
        self._every, self._ending = every, ending
        self.connections = 0

    def grant(self, grants: Grants) -> None:
        raise NotImplementedError

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        raise NotImplementedError

    async def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        self.connections += 1
        first = ((variables or {})["after"] or 0) + 1
        for number in range(first, min(first + self._every, LAST + 1)):
            yield {"runEvents": {"cursor": number}}
        if self._ending is not None:
            raise self._ending


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.0)


async def seen_of(server: FlakyServer, **options: Any) -> list[int]:
    values = resumed(server, "", {}, finished=lambda value: value["cursor"] == LAST, **options)
    return [value["cursor"] async for value in values]


@pytest.mark.parametrize("ending", [None, ConnectionLost("gone")], ids=["completes", "drops"])
@pytest.mark.parametrize("every", [1, 3, LAST])
async def test_each_event_comes_once_however_often_the_connection_ends(
    every: int, ending: BaseException | None
) -> None:
    server = FlakyServer(every, ending)
    assert await seen_of(server) == list(range(1, LAST + 1))
    assert server.connections == -(-LAST // every)


async def test_a_refusal_is_not_tried_again() -> None:
    server = FlakyServer(1, RequestFailed([{"message": "no such run"}]))
    with pytest.raises(RequestFailed, match="no such run"):
        await seen_of(server)
    assert server.connections == 1


async def test_patience_has_an_end_and_every_loss_is_told() -> None:
    told: list[ConnectionLost] = []
    server = FlakyServer(0, ConnectionLost("gone"))
    with pytest.raises(ConnectionLost, match="gone"):
        await seen_of(server, on_loss=told.append, patience_seconds=-1)
    assert len(told) == 1


class AwayFirst(FlakyServer):
    """Away for two requests, then there."""

    def __init__(self, refusal: Exception | None = None) -> None:
        super().__init__(LAST, None)
        self._refusal = refusal

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self.connections += 1
        if self._refusal is not None:
            raise self._refusal
        if self.connections <= 2:
            raise ConnectionLost("away")
        return {"run": dict(variables or {})}


async def test_how_a_run_ended_is_asked_again_while_the_server_is_away() -> None:
    server = AwayFirst()
    assert await patiently(server, "", {"id": "r"}) == {"run": {"id": "r"}}
    assert server.connections == 3


async def test_what_is_refused_is_not_asked_again_nor_an_absent_server_for_ever() -> None:
    refused = AwayFirst(RequestFailed([{"message": "no"}]))
    with pytest.raises(RequestFailed):
        await patiently(refused, "", {})
    assert refused.connections == 1
    with pytest.raises(ConnectionLost):
        await patiently(AwayFirst(), "", {}, patience_seconds=0)
