"""Where a stream begins: after a cursor, at its end, and not at all where there is none."""

from typing import Any

import pytest

from tests.databases import BOTH
from tests.system import documents
from tests.system.client import Api, call
from tests.system.following import follow_run
from tests.system.streams import Stream, refusal

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

ABSENT = "run_01jzzzzzzzzzzzzzzzzzzzzzzz"


async def a_finished_run(api: Api) -> tuple[str, list[dict[str, Any]]]:
    """A run that is over, and its events."""
    await api.bring_in([call("a", "numbers", args={"count": 3}), call("b", "nothing")])
    run_id = await api.start()
    return run_id, await follow_run(api.url, run_id).to_the_end()


async def test_a_cursor_is_good_for_the_subscription_and_for_the_query(api: Api) -> None:
    run_id, events = await a_finished_run(api)
    for event in events:
        variables = {"run": run_id, "after": event["cursor"]}
        rest = (await api.ask(documents.TIMELINE, **variables))["run"]["timeline"]
        assert rest["nodes"] == events[event["seq"] :]
        stream = Stream(api.url, documents.EVENTS, variables)
        streamed = [each async for batch in stream.values() for each in batch["events"]]
        assert streamed == rest["nodes"]


async def test_the_stream_of_a_run_that_is_over_completes_at_once_after_its_end(api: Api) -> None:
    run_id, events = await a_finished_run(api)
    for document, cursor in (
        (documents.EVENTS, events[-1]["cursor"]),
        (documents.EVENTS, (await api.state(run_id))["cursor"]),
        (documents.LOGS, None),
    ):
        stream = Stream(api.url, document, {"run": run_id, "after": cursor})
        assert [value async for value in stream.values()] == []


@pytest.mark.parametrize("document", [documents.EVENTS, documents.LOGS])
async def test_the_stream_of_an_absent_run_ends_with_not_found(api: Api, document: str) -> None:
    for run_id in (ABSENT, "nonsense", ""):
        error = await refusal(api.url, document, run=run_id)
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert error["extensions"]["retryable"] is False


async def test_a_cursor_of_another_run_or_of_another_stream_is_refused(api: Api) -> None:
    run_id, events = await a_finished_run(api)
    other, _ = await a_finished_run(api)
    for document, run, cursor in (
        (documents.EVENTS, other, events[0]["cursor"]),
        (documents.LOGS, run_id, events[0]["cursor"]),
        (documents.EVENTS, run_id, "nonsense"),
        (documents.EVENTS, run_id, ""),
    ):
        error = await refusal(api.url, document, run=run, after=cursor)
        assert error["extensions"]["code"] == "BAD_CURSOR", (document, cursor)
