import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.artifacts.csv_text import (
    DELIMITERS,
    Dialect,
    find_encoding,
    numbered_names,
    sniff,
    unique_names,
)
from headrace.artifacts.errors import UnreadableTable


@pytest.mark.parametrize(
    ("text", "delimiter", "quote"),
    [
        ('id,text\n1,good\n2,"bad, terrible"\n', ",", '"'),
        ("id;text\n1;good, really good\n2;so, so\n", ";", '"'),
        ("id\ttext\n1\tgood; fine, yes\n", "\t", '"'),
        ("id|text\n1|a,b\n", "|", '"'),
        ("text\nhello; world\nhello again\n", ",", '"'),
        ("'id','text'\n'1','it''s good, yes'\n", ",", "'"),
        ("id,text\n1,'x, y'\n2,'z'\n", ",", "'"),
        ("id,text\n1,'tis fine\n2,it's\n", ",", '"'),
        ("id,text\n1,'quoted in speech'\n", ",", '"'),
        ('id,text\n1,"two\nlines, one cell"\n', ",", '"'),
        ("", ",", '"'),
    ],
)
def test_delimiter_and_quotes_are_found_out(text: str, delimiter: str, quote: str) -> None:
    assert sniff(text, whole=True) == Dialect(delimiter=delimiter, quote=quote)


def test_a_spreadsheets_first_line_that_names_the_delimiter_is_believed() -> None:
    found = sniff("sep=;\r\na;b\r\n1;2,5\r\n", whole=True)
    assert found == Dialect(delimiter=";", skip_lines=1)


def test_what_is_given_is_not_guessed() -> None:
    text = "a,b;c\n1,2;3\n"
    assert sniff(text, whole=True, delimiter=";", quote="").delimiter == ";"
    assert sniff(text, whole=True, delimiter=":", quote="'") == Dialect(delimiter=":", quote="'")


def test_a_row_cut_off_by_the_samples_end_does_not_count() -> None:
    assert sniff("a;b\n1;2\n3;4,", whole=False).delimiter == ";"


@given(
    delimiter=st.sampled_from(DELIMITERS),
    rows=st.lists(
        st.lists(st.text(alphabet="ab c,;|\t\"'\n", max_size=5), min_size=3, max_size=3),
        min_size=3,
        max_size=20,
    ),
)
def test_the_delimiter_of_a_well_formed_file_with_a_plain_header_is_found(
    delimiter: str, rows: list[list[str]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "text", "more"])
    writer.writerows(rows)
    assert sniff(text.getvalue(), whole=True).delimiter == delimiter


@pytest.mark.parametrize(
    ("sample", "given_name", "encoding"),
    [
        (b"id,text", None, "utf-8"),
        (b"\xef\xbb\xbfid", None, "utf-8-sig"),
        ("id".encode("utf-16"), None, "utf-16"),
        ("id".encode("utf-32"), None, "utf-32"),
        (b"id", "UTF8", "utf-8-sig"),
        (b"id", "latin-1", "iso8859-1"),
        (b"id", "windows-1252", "cp1252"),
    ],
)
def test_the_encoding_is_the_one_given_or_the_one_marked(
    sample: bytes, given_name: str | None, encoding: str
) -> None:
    assert find_encoding(sample, given_name) == encoding


@pytest.mark.parametrize("name", ["utf-88", "hex", "rot13", "", "a\0b", "base64"])
def test_what_is_no_text_encoding_is_refused(name: str) -> None:
    with pytest.raises(UnreadableTable, match="no known text encoding"):
        find_encoding(b"id", name)


@pytest.mark.parametrize(
    ("sample", "told"),
    [(b"PK\x03\x04rest", "spreadsheet"), (b"\x1f\x8brest", "gzip"), (b"PAR1\x15rest", "Parquet")],
)
def test_another_kind_of_file_is_called_by_its_name(sample: bytes, told: str) -> None:
    with pytest.raises(UnreadableTable, match=told):
        find_encoding(sample)


def test_a_header_that_only_reads_like_another_kind_of_file_is_a_header() -> None:
    assert find_encoding(b"PAR1,ARROW1\n1,2\n") == "utf-8"


def test_columns_get_names_that_are_unique_and_not_empty() -> None:
    found = unique_names([" id ", "", "text", "text", "column_2"])
    assert found.names == ("id", "column_3", "text", "text_2", "column_2")
    assert found.notes == (
        "column 2 has no name; it is called 'column_3'",
        "column 4 is another 'text'; it is called 'text_2'",
    )


@given(st.lists(st.text(alphabet="a_2 ", max_size=6), max_size=12))
def test_names_are_always_unique_and_the_good_ones_stay(cells: list[str]) -> None:
    names = unique_names(cells).names
    assert len(set(names)) == len(names) == len(cells)
    assert all(names)
    for name, cell in zip(names, cells, strict=True):
        if cell.strip() and [one.strip() for one in cells].count(cell.strip()) == 1:
            assert name == cell.strip()


def test_columns_of_a_file_without_a_header_are_numbered() -> None:
    assert numbered_names(3) == ("column_1", "column_2", "column_3")
