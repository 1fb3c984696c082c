"""Bytes of a pipe become lines that are fit to be stored."""

from hypothesis import given
from hypothesis import strategies as st

from headrace_worker.lines import LINE_BYTES, LineSplitter, clean


def split(*parts: bytes) -> list[str]:
    splitter = LineSplitter()
    lines = [line for part in parts for line in splitter.feed(part)]
    return lines + splitter.flush()


def test_lines_end_at_newlines_whatever_the_platform() -> None:
    assert split(b"one\ntwo\r\n\nlast") == ["one", "two", "", "last"]


def test_lines_are_put_together_from_any_parts() -> None:
    assert split(b"o", b"ne\nt", b"wo", b"\n") == ["one", "two"]


def test_a_progress_bar_is_its_last_state() -> None:
    assert split(b"\r 10%", b"\r 50%", b"\r100%\nnext\n") == ["100%", "next"]


def test_a_newline_may_come_late_after_its_carriage_return() -> None:
    assert split(b"windows\r", b"\nnext\r", b"again") == ["windows", "again"]


def test_a_long_line_is_cut_and_says_so() -> None:
    parts = [b"x" * 50_000] * 3
    (line,) = split(*parts)
    assert line == "x" * LINE_BYTES + f" … [cut: {150_000 - LINE_BYTES} more bytes]"
    assert clean("x" * 150_000).endswith(f" … [cut: {150_000 - LINE_BYTES} more characters]")


def test_nul_and_broken_utf_8_are_replaced() -> None:
    assert split(b"a\0b\xff\n") == ["a\ufffdb\ufffd"]
    assert clean("a\0b\ud800") == "a\ufffdb?"


def test_a_line_that_was_never_begun_is_none() -> None:
    assert split(b"") == []
    assert split(b"x\n") == ["x"]


@given(st.binary(max_size=300), st.integers(1, 20))
def test_the_cut_of_the_parts_does_not_matter(data: bytes, size: int) -> None:
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert split(*parts) == split(data)


@given(st.text())
def test_a_clean_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\0" not in cleaned
