"""Streams while STREAM_BACKEND=none: every field is there and says so."""

from typing import Any

import pytest

from tests.api.graphql.asking import Asking

CONSUME = """
query ($topic: String, $max: Int! = 5, $timeout: Int! = 500) {
  consumeMessages(topic: $topic, maxMessages: $max, timeoutMs: $timeout) {
    __typename
    ... on ConsumeMessagesSuccess { messages { offset } }
    ... on Error { code message }
    ... on ValueOutOfRange { field min max }
  }
}
"""
PUBLISH = """
mutation ($input: PublishMessageInput!) { publishMessage(input: $input) {
  __typename ... on Error { code message }
} }
"""
OFF = {
    "__typename": "StreamUnavailable",
    "code": "UNAVAILABLE",
    "message": "Streaming is off: STREAM_BACKEND is none",
}


async def test_there_are_no_topics(api: Asking) -> None:
    assert await api("{ streamTopics service { streamBackend } }") == {
        "streamTopics": [],
        "service": {"streamBackend": "none"},
    }


async def test_nothing_is_consumed_or_published(api: Asking) -> None:
    assert (await api(CONSUME))["consumeMessages"] == OFF
    assert (await api(CONSUME, topic="t", max=500, timeout=0))["consumeMessages"] == OFF
    given = {"topic": "t", "key": "k", "value": {"a": [1]}, "idempotencyKey": "i"}
    for _ in range(2):  # a failure is not kept
        assert (await api(PUBLISH, input=given))["publishMessage"] == OFF
    assert (await api(PUBLISH, input={"value": 1, "idempotencyKey": "i"}))["publishMessage"] == OFF


@pytest.mark.parametrize(
    ("given", "field", "bounds"),
    [
        ({"max": 0}, "maxMessages", (1, 500)),
        ({"max": 501}, "maxMessages", (1, 500)),
        ({"timeout": -1}, "timeoutMs", (0, 30_000)),
        ({"timeout": 30_001}, "timeoutMs", (0, 30_000)),
    ],
)
async def test_bounds_hold_whether_streaming_is_on_or_off(
    api: Asking, given: dict[str, Any], field: str, bounds: tuple[int, int]
) -> None:
    found = (await api(CONSUME, **given))["consumeMessages"]
    assert (found["__typename"], found["code"]) == ("ValueOutOfRange", "INVALID")
    assert (found["field"], (found["min"], found["max"])) == (field, bounds)


async def test_a_key_that_cannot_be_kept_is_refused(api: Asking) -> None:
    code, _ = await api.error(PUBLISH, input={"value": 1, "idempotencyKey": "a\nb"})
    assert code == "BAD_USER_INPUT"
    assert (await api.error(PUBLISH, input={"value": None}))[0] == "BAD_USER_INPUT"


async def test_a_live_tail_ends_at_once_and_says_why(api: Asking) -> None:
    found = await api.stream_error('subscription { messages(topic: "t") { text } }')
    assert found == ("UNAVAILABLE", OFF["message"])
