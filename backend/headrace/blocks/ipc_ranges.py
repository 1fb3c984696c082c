"""A range of the rows of an Arrow IPC file, without decoding what comes before or after.

Invariant: only batches that hold rows of the range are read; of the others, the few hundred bytes
that say how long they are. arro3 reads such a file from its front only, so the messages of the
wanted batches are copied out of it here, as they are, into a stream of their own. That is a file,
if an unnamed one: DuckDB lets go of Python's lock while it reads, and arro3, called from within,
does not take it again, so that any object of Python's in its place ends the process.

The layout is that of the Arrow columnar format: messages, each a flatbuffer behind its length and
before its body, then a footer with the place of each.
"""

import io
import struct
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from arro3.core import RecordBatchReader
from arro3.io import read_ipc_stream, write_ipc_stream

from headrace.artifacts.content import Stored

_MAGIC = b"ARROW1"
_CONTINUATION = b"\xff\xff\xff\xff"
_END = _CONTINUATION + bytes(4)
_BLOCK = struct.Struct("<qi4xq")
_ALIGNMENT = 8
# The place of a field within its table, by the format's schemas.
_FOOTER_BATCHES = 3
_MESSAGE_HEADER = 2
_BATCH_LENGTH = 0


class NotAnArrowFile(ValueError):
    """The bytes are no Arrow IPC file."""


@dataclass(frozen=True)
class _Block:
    offset: int
    metadata_bytes: int
    body_bytes: int


class ArrowRange:
    """The rows `rows.start` to `rows.stop` of an Arrow IPC file, which can be read often."""

    def __init__(self, source: Stored | bytes, rows: range) -> None:
        if isinstance(source, bytes):
            self._stream: bytes | IO[bytes] = b"".join(_messages(source, rows))
            return
        # Beside its source: there is room for artifacts, and seldom much for temporary files.
        folder = source.parent if isinstance(source, Path) else None
        file = TemporaryFile(dir=folder)  # noqa: SIM115 - open for as long as this object
        weakref.finalize(self, file.close)
        self._stream = file
        self._stream.writelines(_messages(source, rows))
        self._stream.flush()

    def reader(self) -> RecordBatchReader:
        """A batch at a time, from the first row."""
        if isinstance(self._stream, bytes):
            return read_ipc_stream(self._stream)
        self._stream.seek(0)  # where the system hands out the very same open file
        return read_ipc_stream(Path(f"/dev/fd/{self._stream.fileno()}"))


def _messages(source: Stored | bytes, rows: range) -> Iterator[bytes]:
    with _open(source) as file:
        schema = _schema_message(file)
        yield schema
        begin = 0
        for block in _blocks(file):
            if begin >= rows.stop:
                break
            metadata = _read(file, block.offset, block.metadata_bytes)
            end = begin + _rows_of(metadata)
            if end > rows.start:
                message = metadata + _read(file, file.tell(), block.body_bytes)
                first, last = max(rows.start, begin), min(rows.stop, end)
                whole = last - first == end - begin
                yield message if whole else _cut(schema, message, first - begin, last - first)
            begin = end
        yield _END


def _cut(schema: bytes, message: bytes, offset: int, length: int) -> bytes:
    """The message of some of a batch's rows."""
    (batch,) = read_ipc_stream(io.BytesIO(schema + message + _END))
    stream = io.BytesIO()
    write_ipc_stream(batch.slice(offset, length), stream)
    written = stream.getvalue()
    (size,) = struct.unpack_from("<i", written, len(_CONTINUATION))
    return written[8 + size :].removesuffix(_END)


def _open(source: Stored | bytes) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _read(file: IO[bytes], place: int, size: int) -> bytes:
    file.seek(place)
    data = file.read(size)
    if len(data) != size:
        raise NotAnArrowFile("the file ends in the middle of a message")
    return data


def _schema_message(file: IO[bytes]) -> bytes:
    if _read(file, 0, len(_MAGIC)) != _MAGIC:
        raise NotAnArrowFile("the file does not begin as Arrow IPC files do")
    place = _ALIGNMENT
    while _read(file, place, 4) != _CONTINUATION:  # writers align as they like
        place += _ALIGNMENT
    (size,) = struct.unpack("<i", _read(file, place + 4, 4))
    return _read(file, place, 8 + size)


def _blocks(file: IO[bytes]) -> list[_Block]:
    tail = file.seek(-len(_MAGIC) - 4, io.SEEK_END)
    (size,) = struct.unpack("<i", _read(file, tail, 4))
    footer = _read(file, tail - size, size)
    place = _field(footer, _root(footer), _FOOTER_BATCHES)
    if place is None:
        return []
    vector = _pointed(footer, place)
    (count,) = struct.unpack_from("<I", footer, vector)
    return [
        _Block(*_BLOCK.unpack_from(footer, vector + 4 + number * _BLOCK.size))
        for number in range(count)
    ]


def _rows_of(message: bytes) -> int:
    metadata = message[8:]
    header = _field(metadata, _root(metadata), _MESSAGE_HEADER)
    if header is None:
        raise NotAnArrowFile("a message has no header")
    length = _field(metadata, _pointed(metadata, header), _BATCH_LENGTH)
    return 0 if length is None else int(struct.unpack_from("<q", metadata, length)[0])


def _root(buffer: bytes) -> int:
    return _pointed(buffer, 0)


def _pointed(buffer: bytes, place: int) -> int:
    (distance,) = struct.unpack_from("<I", buffer, place)
    return place + int(distance)


def _field(buffer: bytes, table: int, number: int) -> int | None:
    """Where a field of a flatbuffer's table stands; None where it has its default."""
    fields = table - struct.unpack_from("<i", buffer, table)[0]
    (size,) = struct.unpack_from("<H", buffer, fields)
    entry = 4 + 2 * number
    if entry >= size:
        return None
    (offset,) = struct.unpack_from("<H", buffer, fields + entry)
    return table + offset if offset else None
