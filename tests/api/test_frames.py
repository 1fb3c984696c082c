"""Frames of a websocket: whatever text a client sends is a message or a fault with a close code."""

import json
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from headrace.api import frames
from tests.api.test_jsons import VALUES

KINDS = ["connection_init", "ping", "pong", "subscribe", "complete", "next", ""]
NEAR_MESSAGES: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | VALUES},
    optional={
        "id": st.text(max_size=300) | VALUES,
        "payload": VALUES
        | st.fixed_dictionaries(
            {"query": st.text() | VALUES},
            optional={"variables": VALUES, "operationName": VALUES, "extensions": VALUES},
        ),
    },
)


@given(st.text() | VALUES.map(json.dumps) | NEAR_MESSAGES.map(json.dumps))
def test_any_text_is_a_message_or_a_fault(text: str) -> None:
    read: object
    try:
        read = frames.read(text)
    except frames.ProtocolFault as fault:
        read = fault
    if isinstance(read, frames.ProtocolFault):
        assert 4400 <= read.code < 4500
        assert 0 < len(read.reason.encode()) <= 123
    else:
        assert isinstance(read, get_args(frames.Message))


@given(st.text(), VALUES.filter(lambda value: value is not None))
def test_what_is_written_is_json_with_its_parts(operation_id: str, payload: Any) -> None:
    frame = json.loads(frames.write("next", operation_id, payload))
    assert frame == {"type": "next", "id": operation_id, "payload": payload}
    assert json.loads(frames.write("pong")) == {"type": "pong"}
