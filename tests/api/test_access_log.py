"""The access log: a line per request, and never what could be used by who reads it."""

import logging

import httpx
import pytest

from headrace.api.access_log import uvicorn_log
from tests.api.conftest import Calling

SIGNED = "/artifacts/art_x/download?expires=1&signature=cafe"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "headrace.access"]


async def test_a_line_says_all_but_the_query_string(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "headrace.access")
    await http.get(SIGNED)
    (line,) = lines(caplog)
    assert "method=GET path=/artifacts/art_x/download status=403" in line
    assert "client=127.0.0.1" in line
    assert "cafe" not in line
    assert "?" not in line


async def test_a_path_cannot_begin_a_line_of_its_own(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "headrace.access")
    await http.get("/x%0Aapi.request%20method=GET")
    assert "\n" not in lines(caplog)[0]


async def test_probes_are_noted_at_debug_alone(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "headrace.access")
    await http.get("/health")
    assert lines(caplog) == []
    caplog.set_level(logging.DEBUG, "headrace.access")
    await http.get("/health")
    assert "status=200" in lines(caplog)[0]


async def test_uvicorns_own_log_loses_its_query_strings_while_we_run(
    calling: Calling, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> str:
        uvicorn_log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", SIGNED, "1.1", 200)
        return caplog.records[-1].getMessage()

    caplog.set_level(logging.INFO, "uvicorn.access")
    async with calling():
        assert "/artifacts/art_x/download" in said()
        assert "cafe" not in said()
    assert not uvicorn_log.filters
