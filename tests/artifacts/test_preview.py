import io
from pathlib import Path

import pytest

from headrace.artifacts.errors import UnreadableTable
from headrace.artifacts.preview import (
    ARROW_MEDIA_TYPE,
    Column,
    TablePreview,
    TextPreview,
    preview,
)
from headrace.blocks.arrow import InlineDataset, write_dataset
from headrace.blocks.rows import rows_to_batch

ROWS = [{"id": number, "text": f"message {number}"} for number in range(100)]


def arrow(rows: list[dict[str, object]], batch_rows: int = 30) -> bytes:
    batches = [
        rows_to_batch(rows[start : start + batch_rows]) for start in range(0, len(rows), batch_rows)
    ]
    written = write_dataset(batches, inline_bytes=10**9, open_file=io.BytesIO)
    assert isinstance(written, InlineDataset)
    return written.data


def table(source: Path | bytes, media_type: str, **how: int) -> TablePreview:
    shown = preview(source, media_type=media_type, **how)
    assert isinstance(shown, TablePreview)
    return shown


def test_the_first_rows_of_a_dataset_are_shown_with_their_types() -> None:
    shown = table(arrow(list(ROWS)), ARROW_MEDIA_TYPE, rows=40, total_rows=100)
    assert shown.columns == [Column(name="id", type="int64"), Column(name="text", type="string")]
    assert shown.rows == [[number, f"message {number}"] for number in range(40)]
    assert (shown.total_rows, shown.truncated) == (100, True)


@pytest.mark.parametrize(("rows", "truncated"), [(99, True), (100, False), (101, False)])
def test_truncation_is_told_without_knowing_the_total(rows: int, truncated: bool) -> None:
    shown = table(arrow(list(ROWS)), ARROW_MEDIA_TYPE, rows=rows)
    assert (len(shown.rows), shown.truncated) == (min(rows, 100), truncated)
    assert shown.total_rows is None


def test_a_dataset_in_a_file_is_shown_alike(tmp_path: Path) -> None:
    (tmp_path / "output.arrow").write_bytes(arrow(list(ROWS)))
    from_file = table(tmp_path / "output.arrow", ARROW_MEDIA_TYPE)
    assert from_file == table(arrow(list(ROWS)), ARROW_MEDIA_TYPE)


def test_bytes_bound_the_rows() -> None:
    shown = table(arrow(list(ROWS)), ARROW_MEDIA_TYPE, max_bytes=200, total_rows=100)
    assert 5 < len(shown.rows) < 15
    assert shown.truncated


def test_a_huge_cell_is_cut() -> None:
    shown = table(arrow([{"id": 1, "text": "x" * 100_000}]), ARROW_MEDIA_TYPE, max_bytes=1_000)
    [[number, text]] = shown.rows
    assert number == 1
    assert isinstance(text, str)
    assert text.endswith("x…")
    assert len(text) < 1_000
    assert shown.truncated


def test_damaged_arrow_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable):
        preview(b"ARROW1 and nothing more", media_type=ARROW_MEDIA_TYPE)
    with pytest.raises(FileNotFoundError):
        preview(tmp_path / "absent", media_type=ARROW_MEDIA_TYPE)


def test_a_csv_is_shown_as_a_table() -> None:
    data = b'\xef\xbb\xbfid;text;text\r\n1;"two\r\nlines";x\r\n2;short\r\n'
    shown = table(data, "text/csv", total_rows=2)
    assert [column.name for column in shown.columns] == ["id", "text", "text_2"]
    assert shown.rows == [["1", "two\r\nlines", "x"], ["2", "short", ""]]
    assert not shown.truncated


def test_a_long_csv_is_read_only_as_far_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("id,text\n" + "".join(f"{number},word {number}\n" for number in range(9_000)))
    by_rows = table(path, "text/csv", rows=3)
    assert by_rows.rows == [["0", "word 0"], ["1", "word 1"], ["2", "word 2"]]
    by_bytes = table(path, "text/csv", rows=1_000, max_bytes=100)
    assert by_bytes.rows[-1] == ["9", "word 9"]
    assert by_rows.truncated
    assert by_bytes.truncated


def test_a_csv_cell_of_any_size_is_shown_as_far_as_the_bytes_go() -> None:
    shown = table(b'text\n"' + b"x" * 300_000 + b'"\n', "text/csv")
    assert shown.truncated
    assert table(b"", "text/csv").rows == []


def test_text_is_shown_and_cut_between_characters() -> None:
    assert preview(b'{"rows": 3}', media_type="application/json") == TextPreview(
        text='{"rows": 3}', truncated=False
    )
    cut = preview("äöü".encode(), media_type="text/plain", max_bytes=3)
    assert cut == TextPreview(text="ä", truncated=True)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00", b"\xff\xfe\x00", b"a\0b"])
def test_what_is_no_text_has_no_preview(data: bytes) -> None:
    assert preview(data, media_type="application/octet-stream") is None
