"""Messages arrive whole and in order, however the socket cut them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace_worker.wire import BrokenFrame, FrameReader, pack

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def tame(value: Any) -> Any:
    """As it arrives: text without UTF-8 becomes escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [tame(item) for item in value]
    if isinstance(value, dict):
        return {tame(key): tame(item) for key, item in value.items()}
    return value


@given(st.lists(st.lists(VALUES, max_size=4), max_size=6), st.integers(1, 40))
def test_messages_survive_any_cut(messages: list[list[Any]], size: int) -> None:
    data = b"".join(pack(*message) for message in messages)
    reader = FrameReader()
    received: list[list[Any]] = []
    for start in range(0, len(data), size):
        received += reader.feed(data[start : start + size])
    assert received == [tame(message) for message in messages]


def test_a_large_message_is_put_together_in_linear_time() -> None:
    data = pack("reply", b"x" * 64_000_000)
    reader = FrameReader()
    received: list[list[Any]] = []
    for start in range(0, len(data), 65_536):
        received += reader.feed(data[start : start + 65_536])
    assert len(received[0][1]) == 64_000_000


@pytest.mark.parametrize("data", [b"\xff" * 64, b"\x00\x00\x00\x01\xc1", b"\x00\x00\x00\x01\x05"])
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        FrameReader().feed(data)


@pytest.mark.parametrize("value", [2**70, object(), {1, 2}])
def test_what_no_message_can_hold_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        pack("task", value)
