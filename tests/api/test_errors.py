"""Errors: the client's go out as they are, ours are masked under an id that the log has."""

import logging
from typing import Any

import httpx
import pytest

from headrace.api.errors import ApiError, Code, masked
from headrace.store.errors import StoreUnavailable


async def error_of(http: httpx.AsyncClient, query: str) -> dict[str, Any]:
    answer = await http.post("/graphql", json={"query": query})
    (error,) = answer.json()["errors"]
    return dict(error)


@pytest.mark.parametrize("query", ["{ boom }", "{ wrongType }"])
async def test_a_bug_is_masked_and_logged_once_under_its_id(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    error = await error_of(http, query)
    assert "log" in error["message"]
    assert error["path"] == [query.strip("{ }")]
    extensions = error["extensions"]
    assert (extensions["code"], extensions["retryable"]) == ("INTERNAL", False)
    (record,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert extensions["errorId"] in record.getMessage()
    assert record.exc_info is not None
    assert "secret" not in str(error)
    assert "no number" not in str(error)


async def test_a_clients_error_keeps_its_words_and_is_no_line_in_the_log(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "headrace.api.errors")
    error = await error_of(http, "{ refused }")
    assert error["message"] == "There is no such thing"
    assert error["path"] == ["refused"]
    assert error["extensions"] == {"code": "NOT_FOUND", "retryable": False, "thing": "x"}
    await error_of(http, "{ nothing }")
    assert not [one for one in caplog.records if one.name == "headrace.api.errors"]


async def test_a_variable_that_is_missing_at_run_time_is_the_clients_fault(
    http: httpx.AsyncClient,
) -> None:
    body = {"query": "query Q($n: Int = 1) { twice(number: $n) }", "variables": {"n": None}}
    answer = (await http.post("/graphql", json=body)).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_what_can_be_tried_again_follows_from_the_code_unless_it_is_said() -> None:
    assert ApiError("RATE_LIMITED", "x").retryable
    assert not ApiError(Code.NOT_FOUND, "x").retryable
    assert ApiError("INTERNAL", "x", retryable=True).extensions["retryable"] is True
    with pytest.raises(ValueError, match="NO_SUCH_CODE"):
        ApiError("NO_SUCH_CODE", "x")


def test_an_outage_of_the_database_says_that_it_can_be_tried_again() -> None:
    told = masked(StoreUnavailable("/srv/data/db.sqlite3 is full"))
    assert told["extensions"]["code"] == "UNAVAILABLE"
    assert told["extensions"]["retryable"] is True
    assert "/srv" not in str(told)
