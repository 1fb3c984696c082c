import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.artifacts.csv_text import Dialect
from headrace.artifacts.errors import UnreadableTable
from headrace_worker.blocks import csv_rows
from headrace_worker.blocks.csv_rows import BadRow, CsvRows


def read(
    data: bytes, dialect: Dialect | None = None, *, most: int = 1_000_000, encoding: str = "utf-8"
) -> list[list[str] | BadRow]:
    text = io.TextIOWrapper(
        io.BytesIO(data), encoding=encoding, errors="surrogateescape", newline=""
    )
    rows = CsvRows(text, dialect or Dialect(), encoding=encoding, max_cell_characters=most)
    return list(rows)


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"a,b\n1,2\n1,2,3\n5,6\n", 3, "3 cells where 2 belong"),
        (b"a,b\n1,2\n1\n5,6\n", 3, "1 cell where 2 belong"),
        (b'a,b\n"x\ny",2\n1\n5,6\n', 4, "1 cell where 2 belong"),
        (b'a,b\n1,2\n1,"x"y\n5,6\n', 3, "text right after a closing quote"),
        (b'a,b\n1,2\n1,"x\n5,6\n', 3, "a quote opens here and never closes"),
        (b"a,b\n1,2\n1,x\0y\n5,6\n", 3, "a NUL byte"),
        (b"a,b\n1,2\n1,caf\xe9\n5,6\n", 3, "byte 6 of the row, 0xE9, is not utf-8"),
        (b"a,b\r\n\r\n1,2\r\n9\r\n5,6\r\n", 4, "1 cell where 2 belong"),
        (b"a,b\r1,2\r9\r5,6\r", 3, "1 cell where 2 belong"),
    ],
)
def test_a_broken_row_is_told_with_its_line_and_costs_no_other(
    data: bytes, line: int, reason: str
) -> None:
    rows = read(data)
    [bad] = [row for row in rows if isinstance(row, BadRow)]
    assert bad.line == line
    assert bad.reason.startswith(reason)
    assert rows[-1] == ["5", "6"]


def test_the_text_of_a_broken_row_is_kept_readable() -> None:
    rows = read(b'a,b\n1,"two\nlines",3\n\xe9\x00,"\n')
    raws = [row.raw for row in rows if isinstance(row, BadRow)]
    assert raws == ['1,"two\nlines",3', '\\xe9\\x00,"']


def test_a_cell_beyond_the_bound_is_taken_for_a_quote_that_never_closes() -> None:
    rows = read(b'a,b\n1,"' + b"x" * 5_000 + b"\n5,6\n", most=2_000)
    assert isinstance(rows[1], BadRow)
    assert "max_cell_characters" in rows[1].reason
    assert rows[2] == ["5", "6"]


def test_a_file_without_line_ends_is_not_held_in_memory() -> None:
    with pytest.raises(UnreadableTable, match="line 2 has more than 4,000 characters"):
        read(b"a,b\n" + b"x," * 1_000_000, most=1_000)


def test_many_broken_rows_neither_nest_nor_repeat_work() -> None:
    """Each one restarts the reader: restarts within restarts would exhaust the stack."""
    rows = read(b"a,b\n" + b'1,"x"y\n1,2\n' * 20_000)
    assert len(rows) == 40_001
    assert sum(isinstance(row, BadRow) for row in rows) == 20_000
    assert [row.line for row in rows if isinstance(row, BadRow)] == list(range(2, 40_002, 2))


def test_without_quotes_every_quote_is_text() -> None:
    rows = read(b'a\tb\n1\t"x\n', Dialect(delimiter="\t", quote=""))
    assert rows == [["a", "b"], ["1", '"x']]


CELLS = st.text(alphabet="a,;\"' \t\r\n\u00e9\u2028\U0001f600\x1c\x85", max_size=6)


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=40),
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-32-be"]),
    page=st.sampled_from([1, 7, 64, 100_000]),
)
def test_every_cell_comes_back_as_it_was_written(
    rows: list[list[str]], delimiter: str, ending: str, encoding: str, page: int
) -> None:
    text = io.StringIO(newline="")
    # Everything in quotes: with "\n" for an ending, Python's writer leaves a lone "\r" bare.
    csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(
        rows
    )
    data = text.getvalue().encode(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_CHUNK_CHARACTERS", page)
        assert read(data, Dialect(delimiter=delimiter), encoding=encoding) == rows


@given(
    lines=st.lists(
        st.sampled_from(["1,2", "3", '4,"x"y', '5,"open', '6,"a', 'b"', "7,8,9", '10,"q""q"']),
        max_size=30,
    ),
    page=st.sampled_from([1, 9, 100_000]),
)
def test_no_line_is_lost_and_none_is_counted_twice(lines: list[str], page: int) -> None:
    """Whatever is broken: each line is in one row, or in one broken row."""
    data = "\n".join(["a,b", *lines, ""])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_CHUNK_CHARACTERS", page)
        rows = read(data.encode())
    lines_of_rows = 0
    for row in rows:
        if isinstance(row, BadRow):
            assert data.split("\n")[row.line - 1] == row.raw.split("\n")[0]
            lines_of_rows += row.raw.count("\n") + 1
        else:
            assert len(row) == 2
            lines_of_rows += sum(cell.count("\n") for cell in row) + 1
    assert lines_of_rows == data.count("\n")
