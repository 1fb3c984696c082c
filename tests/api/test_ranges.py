"""Ranges, validators and names of downloads, as functions of the headers they come from."""

from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.api.disposition import attachment, content_type
from headrace.api.ranges import Span, Unsatisfiable, already_has, asked_span, range_counts


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", Span(0, 10)),
        ("bytes=0-0", Span(0, 1)),
        ("BYTES=2-4", Span(2, 5)),
        ("bytes= 2-4 ", Span(2, 5)),
        ("bytes=2-400", Span(2, 10)),
        ("bytes=9-", Span(9, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-30", Span(0, 10)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=x-y", None),
        ("bytes=٣-٤", None),
        ("bytes=" + "9" * 5_000 + "-", None),
    ],
)
def test_a_range_is_one_part_or_the_whole(header: str | None, span: Span | None) -> None:
    assert asked_span(header, 10) == span


@pytest.mark.parametrize(
    ("header", "size"),
    [("bytes=10-", 10), ("bytes=11-12", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-1", 0)],
)
def test_a_range_behind_the_end_cannot_be_had(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        asked_span(header, size)


@given(st.integers(0, 60), st.integers(0, 60) | st.none(), st.integers(0, 50))
def test_a_span_is_what_slicing_gives(first: int, last: int | None, size: int) -> None:
    header = f"bytes={first}-{'' if last is None else last}"
    content = bytes(range(size))
    try:
        span = asked_span(header, size)
    except Unsatisfiable:
        assert not content[first:]
        return
    if span is None:
        assert last is not None
        assert last < first
        return
    assert content[span.start : span.stop] == content[first : None if last is None else last + 1]
    assert 0 < span.length <= size


def test_a_client_that_has_the_content_says_so_by_its_tag() -> None:
    assert already_has('"abc"', "abc")
    assert already_has('"x", W/"abc"', "abc")
    assert already_has("*", "abc")
    assert not already_has('"abcd"', "abc")
    assert not already_has(None, "abc")


def test_a_range_counts_with_the_very_tag_or_without_condition() -> None:
    assert range_counts(None, "abc")
    assert range_counts('"abc"', "abc")
    assert not range_counts('W/"abc"', "abc")
    assert not range_counts("Mon, 23 Nov 2026 18:00:00 GMT", "abc")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("summary.json", 'attachment; filename="summary.json"'),
        ('a"b\\c.csv', 'attachment; filename="a_b_c.csv"'),
        ("x\r\nSet-Cookie: a=b", 'attachment; filename="x__Set-Cookie_ a=b"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("größe.csv", "attachment; filename=\"gr__e.csv\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"),
        ("", 'attachment; filename="download"'),
        ("...", 'attachment; filename="download"'),
    ],
)
def test_a_name_is_a_name_and_nothing_else(name: str, header: str) -> None:
    assert attachment(name) == header


@given(st.text())
def test_no_name_gets_out_of_its_header(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    parsed = Message()
    parsed["Content-Disposition"] = header
    assert parsed.get_content_disposition() == "attachment"
    saved = parsed.get_filename()
    assert saved
    assert not set('/\\"') & set(unquote(saved))


@pytest.mark.parametrize(
    ("given_type", "sent"),
    [
        ("text/csv", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ('text/plain;charset="utf-8"', 'text/plain;charset="utf-8"'),
        ("application/vnd.apache.arrow.file", "application/vnd.apache.arrow.file"),
        ("text/csv\r\nX: y", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("text/ünknown", "application/octet-stream"),
    ],
)
def test_a_media_type_is_one_or_is_plain_bytes(given_type: str, sent: str) -> None:
    assert content_type(given_type) == sent
