import csv
import errno
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from arro3.core import RecordBatch
from pydantic import ValidationError

from headrace.blocks import ArrowArray, BadInput, BlockCancelled, Inputs, PathRefused
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.csv_reader import CsvReader, CsvReaderConfig

FILE = "data/input.csv"


def read(ctx: RecordingContext, data: bytes, **config: Any) -> list[dict[str, Any]]:
    (ctx.environment.data_dir / "input.csv").write_bytes(data)
    rows = run_block(CsvReader, {"input_path": FILE, **config}, ctx)
    assert rows is not None
    return rows


def failure(ctx: RecordingContext, data: bytes, **config: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(ctx, data, **config)
    return str(caught.value)


def warnings(ctx: RecordingContext) -> list[str]:
    return [message for level, message in ctx.log.lines if level == "WARNING"]


def test_the_demo_file_is_read_as_text(ctx: RecordingContext) -> None:
    rows = read(
        ctx, b'id,text\n1,good product and great support\n2,"bad service, terrible delays"\n'
    )
    assert rows == [
        {"id": "1", "text": "good product and great support"},
        {"id": "2", "text": "bad service, terrible delays"},
    ]
    assert (ctx.rows_done, ctx.rows_total) == (2, 2)
    assert ctx.log.lines[-1] == ("INFO", "data/input.csv: 2 rows")
    assert ctx.artifacts == {}


@pytest.mark.parametrize(
    ("data", "config"),
    [
        (b"\xef\xbb\xbfid;text\r\n007; a \r\n", {}),
        (b"\xef\xbb\xbfid;text\r\n007; a \r\n", {"encoding": "utf-8"}),
        ("id;text\r\n007; a \r\n".encode("utf-16"), {}),
        ("id;text\r\n007; a \r\n".encode("utf-32"), {}),
        ('\ufeff"id";text\n007; a \n'.encode("utf-16-le"), {"encoding": "utf-16-le"}),
        (b"sep=;\r\nid;text\r\n007; a \r\n", {}),
        (b"id;text\r007; a \r", {}),
        (b"\n\nid;text\n\n007; a \n\n", {}),
        (b"id:text\n007: a \n", {"delimiter": ":"}),
        (b"%id%;%text%\n%007%;% a %\n", {"quote": "%"}),
        (b"007; a \n", {"header": False, "columns": ["id", "text"]}),
        (b"x;y\n007; a \n", {"columns": ["id", "text"]}),
    ],
    ids=str,
)
def test_many_ways_to_write_the_same_rows(
    ctx: RecordingContext, data: bytes, config: dict[str, Any]
) -> None:
    assert read(ctx, data, **config) == [{"id": "007", "text": " a "}]


def test_newlines_quotes_and_delimiters_within_cells_are_kept(ctx: RecordingContext) -> None:
    rows = read(ctx, b'id,text\n1,"a\r\nb ""c"", d\n\n"\n')
    assert rows == [{"id": "1", "text": 'a\r\nb "c", d\n\n'}]


def test_any_encoding_can_be_named(ctx: RecordingContext) -> None:
    for encoding in ("cp1252", "latin-1", "mac-roman", "cp037"):
        rows = read(ctx, "id,text\n1,café\n".encode(encoding), encoding=encoding)
        assert rows == [{"id": "1", "text": "café"}]


def test_a_byte_of_another_encoding_is_told_with_its_place(ctx: RecordingContext) -> None:
    told = failure(ctx, "id,text\n1,fine\n2,café\n".encode("cp1252"))
    assert told.startswith(
        "data/input.csv, line 3: byte 6 of the row, 0xE9, is not utf-8: '2,caf\\\\xe9'"
    )
    assert "encoding" in told


def test_a_file_that_cannot_be_decoded_on_is_told_with_its_place(ctx: RecordingContext) -> None:
    told = failure(ctx, "id,text\n1,fine\n".encode("utf-16")[:-1])
    assert "line 2, byte 31 of the file, is not utf-16" in told


def test_utf_16_without_its_mark_gets_a_hint(ctx: RecordingContext) -> None:
    assert "utf-16-le" in failure(ctx, "id,text\n1,fine\n".encode("utf-16-le"))


def test_a_spreadsheet_is_not_taken_for_csv(ctx: RecordingContext) -> None:
    assert "save it as CSV" in failure(ctx, b"PK\x03\x04" + bytes(100))


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\r\n"], ids=repr)
def test_an_empty_file_is_an_error(ctx: RecordingContext, data: bytes) -> None:
    assert "is empty" in failure(ctx, data)


def batches(ctx: RecordingContext) -> list[RecordBatch]:
    output = CsvReader().run(CsvReaderConfig(input_path=FILE), Inputs(), ctx)
    assert isinstance(output, Iterable)
    return [RecordBatch.from_arrow(batch) for batch in output if isinstance(batch, ArrowArray)]


def test_a_header_alone_makes_a_dataset_without_rows(ctx: RecordingContext) -> None:
    assert read(ctx, b"id,text\n") == []
    [batch] = batches(ctx)
    assert batch.column_names == ["id", "text"]


def test_a_broken_row_fails_with_its_line(ctx: RecordingContext) -> None:
    told = failure(ctx, b'id,text\n1,"two\nlines"\n2\n')
    assert told.startswith("data/input.csv, line 4: 1 cell where 2 belong: '2'")
    assert "on_bad_row" in told


def test_broken_rows_can_be_skipped(ctx: RecordingContext) -> None:
    rows = read(ctx, b"id,text\n1,a\n2\n3,c\n4,d,e\n", on_bad_row="skip")
    assert [row["id"] for row in rows] == ["1", "3"]
    assert warnings(ctx) == [
        "data/input.csv, line 3: 1 cell where 2 belong: '2'",
        "data/input.csv, line 5: 3 cells where 2 belong: '4,d,e'",
    ]
    assert ctx.log.lines[-1][1] == "data/input.csv: 2 rows; 2 broken rows left out"
    assert ctx.artifacts == {}


def test_broken_rows_can_be_collected(ctx: RecordingContext) -> None:
    rows = read(ctx, b'id,text\n1,a\n2\n3,"c"d,"e"\n4,caf\xe9\n', on_bad_row="collect")
    assert [row["id"] for row in rows] == ["1"]
    artifact = ctx.artifacts["bad_rows.csv"]
    assert artifact.rows == 3
    assert list(csv.reader(io.StringIO(artifact.data.decode(), newline=""))) == [
        ["line", "reason", "raw"],
        ["3", "1 cell where 2 belong", "2"],
        [
            "4",
            "text right after a closing quote (a quote inside a cell is written twice)",
            '3,"c"d,"e"',
        ],
        ["5", "byte 6 of the row, 0xE9, is not utf-8", "4,caf\\xe9"],
    ]


def test_no_artifact_is_made_where_no_row_is_broken(ctx: RecordingContext) -> None:
    read(ctx, b"id,text\n1,a\n", on_bad_row="collect")
    assert ctx.artifacts == {}


def test_a_thousand_broken_rows_do_not_flood_the_log(ctx: RecordingContext) -> None:
    read(ctx, b"id,text\n" + b"1\n" * 1_000, on_bad_row="skip")
    assert len(warnings(ctx)) == 6
    assert ctx.log.lines[-1][1] == "data/input.csv: 0 rows; 1,000 broken rows left out"


def test_a_broken_header_is_an_error_whatever_the_policy(ctx: RecordingContext) -> None:
    told = failure(ctx, b'id,"te"xt\n1,a\n', on_bad_row="skip")
    assert told.startswith("data/input.csv, line 1: text right after a closing quote")


def test_columns_without_a_name_of_their_own_get_one_and_the_log_says_so(
    ctx: RecordingContext,
) -> None:
    assert read(ctx, b",text,text\n0,a,b\n") == [{"column_1": "0", "text": "a", "text_2": "b"}]
    assert len(warnings(ctx)) == 2


def test_columns_of_a_file_without_a_header_are_numbered(ctx: RecordingContext) -> None:
    assert read(ctx, b"1,a\n2,b\n", header=False) == [
        {"column_1": "1", "column_2": "a"},
        {"column_1": "2", "column_2": "b"},
    ]


def test_too_few_names_for_the_columns_are_an_error(ctx: RecordingContext) -> None:
    assert "has 2 columns" in failure(ctx, b"1,a\n", columns=["id"])


def test_a_huge_cell_comes_through(ctx: RecordingContext) -> None:
    [row] = read(ctx, b'id,text\n1,"' + b"x\n" * 2_000_000 + b'"\n')
    assert row["text"] == "x\n" * 2_000_000


def test_a_path_outside_the_roots_is_refused_with_a_hint(ctx: RecordingContext) -> None:
    (ctx.environment.data_dir / "input.csv").write_text("id,text\n")
    with pytest.raises(PathRefused, match=r"did you mean data/input\.csv\?"):
        run_block(CsvReader, {"input_path": "/app/data/input.csv"}, ctx)


def test_a_wrong_name_gets_a_hint(ctx: RecordingContext) -> None:
    (ctx.environment.data_dir / "input.csv").write_text("id,text\n")
    with pytest.raises(BadInput, match=r"did you mean data/input\.csv\?"):
        run_block(CsvReader, {"input_path": "data/imput.csv"}, ctx)


def test_a_file_that_may_not_be_read_is_an_error(
    ctx: RecordingContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "input.csv").touch()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Whoever runs the tests as root may read everything.
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(BadInput, match="Permission denied"):
        run_block(CsvReader, {"input_path": FILE}, ctx)


@pytest.mark.parametrize(
    "config",
    [
        {"encoding": "utf-88"},
        {"delimiter": ";;"},
        {"delimiter": "\n"},
        {"delimiter": '"', "quote": '"'},
        {"columns": ["a", "a"]},
        {"columns": []},
        {"on_bad_row": "ignore"},
        {"max_cell_characters": 1},
        {"delimeter": ";"},
    ],
)
def test_a_config_that_cannot_work_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CsvReader.config_type.model_validate({"input_path": FILE, **config})


def test_inputs_only_order(ctx: RecordingContext) -> None:
    (ctx.environment.data_dir / "input.csv").write_text("id\n1\n")
    before = {"before": dataset_of([{"x": 1}])}
    assert run_block(CsvReader, {"input_path": FILE}, ctx, inputs=before) == [{"id": "1"}]


def test_reading_stops_when_the_run_is_cancelled(ctx: RecordingContext) -> None:
    ctx.cancelled = True
    with pytest.raises(BlockCancelled):
        read(ctx, b"id,text\n" + b"1,some words of text\n" * 100_000)


def test_memory_stays_flat(ctx: RecordingContext, folder: Path) -> None:
    """A batch holds a page of the file, however many rows or however large they are."""
    row = b"2," + b"y" * 1_000 + b"\n"
    (folder / "input.csv").write_bytes(b"id,text\n" + row * 3_000)
    sizes = [batch.nbytes for batch in batches(ctx)]
    assert len(sizes) > 10
    assert max(sizes) < 400_000
