"""Publishing, looking and following through the API, against a real broker."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from headrace.services.core import Services
from headrace.streams.kafka import Kafka
from tests.api.graphql.asking import Asking

PUBLISH = """
mutation ($input: PublishMessageInput!) { publishMessage(input: $input) {
  __typename
  ... on PublishMessageSuccess { topic partition offset }
  ... on Error { code message }
} }
"""
CONSUME = """
query ($topic: String, $max: Int! = 5, $timeout: Int! = 500) {
  consumeMessages(topic: $topic, maxMessages: $max, timeoutMs: $timeout) {
    __typename
    ... on ConsumeMessagesSuccess {
      messages { cursor topic partition offset key value text sizeBytes timestamp }
    }
    ... on Error { code message }
  }
}
"""
FOLLOW = """
subscription ($topic: String, $after: Cursor) {
  messages(topic: $topic, after: $after) { cursor partition offset key value text }
}
"""


async def publish(api: Asking, value: Any, **given: Any) -> dict[str, Any]:
    done = (await api(PUBLISH, input={"value": value, **given}))["publishMessage"]
    assert done["__typename"] == "PublishMessageSuccess", done
    return dict(done)


async def consume(api: Asking, **given: Any) -> list[dict[str, Any]]:
    found = (await api(CONSUME, **given))["consumeMessages"]
    assert found["__typename"] == "ConsumeMessagesSuccess", found
    return list(found["messages"])


async def take(stream: AsyncGenerator[Any, None], count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(30):
        return [(await anext(stream))["messages"] for _ in range(count)]


async def test_what_is_published_is_found_where_it_went(api: Asking, topic: str) -> None:
    sent = await publish(api, {"a": [1, None, "ä"]}, key="k")
    assert sent["topic"] == topic
    (found,) = await consume(api)
    assert (found["partition"], found["offset"]) == (sent["partition"], sent["offset"])
    assert found["key"] == "k"
    assert found["value"] == {"a": [1, None, "ä"]}
    assert found["text"] is None
    assert found["sizeBytes"] == len('{"a":[1,null,"ä"]}'.encode())
    assert found["timestamp"] is not None
    assert topic in (await api("{ streamTopics }"))["streamTopics"]


async def test_messages_of_one_key_stay_in_order_and_only_the_newest_are_shown(
    api: Asking, topic: str
) -> None:
    for number in range(12):
        await publish(api, number, key="same")
    assert [each["value"] for each in await consume(api, max=5)] == [7, 8, 9, 10, 11]
    assert [each["value"] for each in await consume(api, max=500)] == list(range(12))


async def test_what_is_no_json_is_shown_as_text_and_what_is_no_text_by_its_size(
    api: Asking, kafka: Kafka, topic: str
) -> None:
    for value in (b"plain", b"\xff\x00", b"NaN", b"null"):
        await kafka.publish(topic, key=b"k", value=value)
    found = await consume(api)
    assert [(each["value"], each["text"], each["sizeBytes"]) for each in found] == [
        (None, "plain", 5),
        (None, None, 2),
        (None, "NaN", 3),
        (None, None, 4),
    ]


async def test_an_empty_topic_is_waited_for(api: Asking, kafka: Kafka, topic: str) -> None:
    await kafka.publish(topic, key=b"k", value=b"1")
    name = f"{topic}.other"
    missing = (await api(CONSUME, topic=name))["consumeMessages"]
    assert missing["__typename"] == "StreamUnavailable"
    assert missing["message"] == f"There is no topic '{name}'"
    assert name not in await kafka.topics(), "looking must make no topic"


async def test_a_repeat_with_the_same_key_publishes_once(api: Asking) -> None:
    first = await publish(api, 1, idempotencyKey="i")
    assert await publish(api, 1, idempotencyKey="i") == first
    assert len(await consume(api)) == 1
    other = (await api(PUBLISH, input={"value": 2, "idempotencyKey": "i"}))["publishMessage"]
    assert other["code"] == "IDEMPOTENCY_CONFLICT"


@pytest.mark.parametrize("name", ["", "a b", "..", "__consumer_offsets", "x" * 250])
async def test_what_names_no_topic_is_refused(api: Asking, name: str) -> None:
    for document, variables in (
        (PUBLISH, {"input": {"value": 1, "topic": name}}),
        (CONSUME, {"topic": name}),
    ):
        assert (await api.error(document, **variables))[0] == "BAD_USER_INPUT"
    assert (await api.stream_error(FOLLOW, topic=name))[0] == "BAD_USER_INPUT"


async def test_a_follower_sees_each_message_once_and_goes_on_after_any_cursor(
    api: Asking,
) -> None:
    """Whatever message a reader stopped at, it goes on with the next, in every partition."""
    for number in range(20):
        await publish(api, number, key=f"key {number}")
    shown = await consume(api, max=12)
    assert len({each["partition"] for each in shown}) > 1
    for stop in (0, 5, 11):
        async with api.subscribed(FOLLOW, after=shown[stop]["cursor"]) as stream:
            rest = await take(stream, 11 - stop)
        keys = [(each["partition"], each["offset"]) for each in shown[stop + 1 :]]
        assert sorted((each["partition"], each["offset"]) for each in rest) == sorted(keys)
    async with api.subscribed(FOLLOW, after=shown[-1]["cursor"]) as stream:
        later = [await publish(api, number, key=f"key {number}") for number in range(20, 26)]
        first = await take(stream, 3)
    async with api.subscribed(FOLLOW, after=first[-1]["cursor"]) as stream:
        seen = first + await take(stream, 3)
    assert sorted((each["partition"], each["offset"]) for each in seen) == sorted(
        (each["partition"], each["offset"]) for each in later
    )


async def test_without_a_cursor_a_follower_sees_what_comes_from_now_on(
    api: Asking, topic: str, services: Services
) -> None:
    await publish(api, "old", key="k")
    async with api.subscribed(FOLLOW) as stream:
        waiting = asyncio.ensure_future(take(stream, 1))
        while not waiting.done():  # when it has begun to listen, it does not say
            await publish(api, "new", key="k")
            await asyncio.wait({waiting}, timeout=0.1)
        (found,) = await waiting
    assert found["value"] == "new"


async def test_cursors_of_other_lists_and_topics_are_refused(api: Asking, topic: str) -> None:
    await publish(api, 1)
    (found,) = await consume(api)
    await publish(api, 1, topic=f"{topic}.2")
    code, _ = await api.stream_error(FOLLOW, topic=f"{topic}.2", after=found["cursor"])
    assert code == "BAD_CURSOR"
    assert (await api.stream_error(FOLLOW, after="nonsense"))[0] == "BAD_CURSOR"
