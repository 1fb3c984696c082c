"""How a worker and its children talk: msgpack arrays, each behind its length, over a unix socket.

The first item of an array is its verb. Worker → child:

    task {…}               run this block
    cancel                 `ctx.cancelled` turns true
    terminate              SIGTERM is meant for you (a stranger's is ignored)
    reply id ok value      the answer to a request; value is the error's text where not ok

Child → worker:

    log [[ms, level, text], …]   progress done total
    artifact id {…}   lookup id keys   record id items [usage, …]
    written id path sha256   wrote id path sha256
    succeeded rows artifact|nil again   failed kind message detail retryable again   cancelled again

The last three end the task; `again` tells whether the child can take another one. Worker → zygote:
`fork number` (with three descriptors: control, stdout, stderr), `signal number signum`; zygote →
worker: `ready`, `forked number pid`, `unforked number text`, `exit number status peak_bytes oom`.
"""

import struct
from typing import Any

import msgpack

_LENGTH = struct.Struct(">I")
_MAX_FRAME_BYTES = 1 << 30
"""More than any message of ours: a longer one comes from who wrote into a wrong descriptor."""

RECEIVE_BYTES = 256 * 1024

INLINE_URI = "inline:"
"""The URI of a dataset whose bytes travel with it instead of lying in the content store."""


class BrokenFrame(Exception):
    """What came over the socket is no message of ours."""


def pack(*message: Any) -> bytes:
    """One message, ready to be sent. Lone surrogates become escapes: UTF-8 has no place for them.

    Raises TypeError, ValueError or OverflowError for what msgpack cannot say.
    """
    # Without surrogates, the strict encoder is several times faster than one with an error handler.
    try:
        body: bytes = msgpack.packb(message)
    except UnicodeEncodeError:
        body = msgpack.packb(message, unicode_errors="backslashreplace")
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Turns received bytes into messages, however they were cut on the way."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[list[Any]]:
        """The messages that are complete now; raises BrokenFrame."""
        pending = self._pending
        if not pending:
            messages, used = _parse(data)
            pending += data[used:]
            return messages
        pending += data
        messages, used = _parse(pending)
        del pending[:used]
        return messages


def _parse(data: bytes | bytearray) -> tuple[list[list[Any]], int]:
    """The complete messages at the front of `data`, and how many bytes they take."""
    messages: list[list[Any]] = []
    used = 0
    with memoryview(data) as view:
        while len(view) - used >= _LENGTH.size:
            end = used + _LENGTH.size + _LENGTH.unpack_from(view, used)[0]
            if end - used > _MAX_FRAME_BYTES:
                raise BrokenFrame(f"a message of {end - used} bytes")
            if end > len(view):
                break
            with view[used + _LENGTH.size : end] as body:
                messages.append(_unpack(body))
            used = end
    return messages, used


def _unpack(body: memoryview) -> list[Any]:
    try:
        message = msgpack.unpackb(body)
    except ValueError as error:
        raise BrokenFrame(str(error)) from error
    if not isinstance(message, list):
        raise BrokenFrame(f"a {type(message).__name__}")
    return message
