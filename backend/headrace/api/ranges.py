"""Byte ranges and validators of a download (RFC 9110), as pure functions of headers.

One range is served; several at once, or one that cannot be parsed, mean the whole, as the RFC
allows. An ETag here is the digest of the content, so the same ETag always means the same bytes.
"""

import re
from dataclasses import dataclass
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)
_TAGS: Final = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.stop - self.start


class Unsatisfiable(Exception):
    """The range begins behind the end of the content."""


def asked_span(header: str | None, size: int) -> Span | None:
    """The part of `size` bytes that a Range header asks for; None means the whole.

    Raises:
        Unsatisfiable: where that part does not exist.
    """
    parsed = _ONE_RANGE.fullmatch((header or "").strip())
    if parsed is None:
        return None
    first, last = parsed.groups()
    if not first:
        return _suffix(last, size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


def _suffix(length: str, size: int) -> Span | None:
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(size - int(length), 0), size)


def already_has(if_none_match: str | None, tag: str) -> bool:
    """Whether If-None-Match says that the client has the content with this (bare) tag."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in _TAGS.findall(if_none_match)


def range_counts(if_range: str | None, tag: str) -> bool:
    """Whether If-Range lets a Range header count: only with the very tag, never with a date."""
    return if_range is None or if_range.strip() == f'"{tag}"'
