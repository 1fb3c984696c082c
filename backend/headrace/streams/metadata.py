"""Asking brokers what a topic is: aiokafka stops at a version of the request without topic ids.

Brokers that do not know the newer version are asked by the older one; their topics have no id.
"""

from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from headrace.streams.errors import AccessRefused, TopicMissing
from headrace.streams.messages import Topic

_NO_ID: Final = bytes(16)
_KEY: Final = 3
_VERSION: Final = 12
_NOT_AUTHORIZED: Final = TopicAuthorizationFailedError.errno


class _Uuid:
    """Sixteen bytes, as they are."""

    @staticmethod
    def encode(value: bytes) -> bytes:
        return value

    @staticmethod
    def decode(data: Any) -> bytes:
        return bytes(data.read(16))

    @staticmethod
    def repr(value: bytes) -> str:
        return value.hex()


_TAGS = ("tags", TaggedFields)
_TEXT = CompactString("utf-8")


class _Response(Response):  # type: ignore[misc] # aiokafka has no types
    API_KEY = _KEY
    API_VERSION = _VERSION
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), _TAGS
            ),
        ),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", _TEXT),
                ("topic_id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        _TAGS,
                    ),
                ),
                ("authorized_operations", Int32),
                _TAGS,
            ),
        ),
        _TAGS,
    )


class _NewerRequest(RequestStruct):  # type: ignore[misc] # aiokafka has no types
    API_KEY = _KEY
    API_VERSION = _VERSION
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _Response
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("topic", _TEXT), _TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        _TAGS,
    )


class _Metadata(Request[MetadataRequest_v5 | _NewerRequest]):  # type: ignore[misc] # aiokafka has no types
    API_KEY = _KEY

    def __init__(self, topic: str | None) -> None:
        self._topic = topic

    def build(self, request_struct_class: Any) -> Any:
        named = None if self._topic is None else [self._topic]
        if request_struct_class is MetadataRequest_v5:
            return request_struct_class(named, False)
        wanted: list[Any] | None = None if named is None else [(_NO_ID, name, {}) for name in named]
        return request_struct_class(wanted, False, False, {})


async def topic_names(client: AIOKafkaClient) -> list[str]:
    """Every topic that is not the brokers' own, by name."""
    found = await _ask(client, None)
    return sorted(each["topic"] for each in found["topics"] if not each["is_internal"])


async def topic_now(client: AIOKafkaClient, name: str) -> Topic:
    """What a topic is by now; asking makes none. Raises TopicMissing and AccessRefused."""
    found = await _ask(client, name)
    for each in found["topics"]:
        partitions = tuple(sorted(part["partition"] for part in each["partitions"]))
        if each["topic"] == name and each["error_code"] == _NOT_AUTHORIZED:
            raise AccessRefused(f"The brokers do not let this user use the topic {name}")
        if each["topic"] == name and not each["error_code"] and partitions:
            id_ = bytes(each.get("topic_id", _NO_ID))
            return Topic(
                name, found["cluster_id"] or "", "" if id_ == _NO_ID else id_.hex(), partitions
            )
    raise TopicMissing(name)


async def _ask(client: AIOKafkaClient, topic: str | None) -> dict[str, Any]:
    answer = await client.send(client.get_random_node(), _Metadata(topic))
    found: dict[str, Any] = answer.to_object()
    return found
