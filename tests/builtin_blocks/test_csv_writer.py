import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from arro3.core import DataType, Field, Schema
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from headrace.blocks import BadInput, BlockCancelled, PathRefused
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.csv_writer import CsvWriter

ROWS: list[dict[str, Any]] = [{"id": 1, "text": "fine"}, {"id": 2, "text": None}]


def test_the_artifact_is_named_after_the_block_and_the_rows_are_handed_on(
    ctx: RecordingContext,
) -> None:
    assert run_block(CsvWriter, {}, ctx, rows=ROWS) == ROWS
    artifact = ctx.artifacts["block.csv"]
    assert artifact.data == b"id,text\r\n1,fine\r\n2,\r\n"
    assert artifact.media_type == "text/csv"
    assert artifact.rows == 2
    assert (ctx.rows_done, ctx.rows_total) == (2, 2)


def test_values_of_every_kind_are_readable(ctx: RecordingContext) -> None:
    row = {
        "moment": dt.datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=dt.UTC),
        "day": dt.date(2026, 1, 2),
        "yes": True,
        "half": 0.5,
        "big": 2**62,
        "list": ["ä", 1],
    }
    run_block(CsvWriter, {}, ctx, rows=[row])
    assert ctx.artifacts["block.csv"].data.decode().splitlines()[1] == (
        '2026-01-02T03:04:05.678901Z,2026-01-02,true,0.5,4611686018427387904,"[""ä"", 1]"'
    )


def test_delimiter_header_and_mark_can_be_chosen(ctx: RecordingContext) -> None:
    config: dict[str, Any] = {"delimiter": ";", "header": False, "byte_order_mark": True}
    run_block(CsvWriter, config, ctx, rows=ROWS)
    assert ctx.artifacts["block.csv"].data == b"\xef\xbb\xbf1;fine\r\n2;\r\n"


def test_no_rows_still_make_a_file_and_a_dataset(ctx: RecordingContext) -> None:
    columns = Schema([Field("id", DataType.int64()), Field("text", DataType.string())])
    without_rows = dataset_of(columns.empty_table())
    assert run_block(CsvWriter, {}, ctx, inputs={"csv": without_rows}) == []
    assert ctx.artifacts["block.csv"].data == b"id,text\r\n"


def test_the_output_file_holds_the_artifacts_bytes(ctx: RecordingContext, folder: Path) -> None:
    config = {"output_path": "data/new/out.csv"}
    run_block(CsvWriter, config, ctx, rows=ROWS)
    target = folder / "new" / "out.csv"
    assert target.read_bytes() == ctx.artifacts["block.csv"].data
    assert [file.name for file in target.parent.iterdir()] == ["out.csv"]

    run_block(CsvWriter, config, ctx, rows=ROWS[:1])
    assert target.read_bytes() == b"id,text\r\n1,fine\r\n"


def test_a_tsv_has_tabs(ctx: RecordingContext, folder: Path) -> None:
    run_block(CsvWriter, {"output_path": "out.tsv"}, ctx, rows=ROWS)
    assert (folder / "out.tsv").read_bytes() == b"id\ttext\r\n1\tfine\r\n2\t\r\n"


def test_a_file_that_somebody_else_wrote_stays_and_nothing_is_left(
    ctx: RecordingContext, folder: Path
) -> None:
    (folder / "out.csv").write_text("mine")
    with pytest.raises(PathRefused, match="did not write it"):
        run_block(CsvWriter, {"output_path": "out.csv"}, ctx, rows=ROWS)
    assert (folder / "out.csv").read_text() == "mine"
    assert ctx.artifacts == {}
    assert [file.name for file in folder.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("path", ["/etc/out.csv", "data/artifacts/out.csv", "../out.csv"])
def test_an_output_out_of_reach_is_refused_before_anything_is_read(
    ctx: RecordingContext, path: str
) -> None:
    with pytest.raises(PathRefused):
        run_block(CsvWriter, {"output_path": path}, ctx, rows=ROWS)
    assert ctx.artifacts == {}


@pytest.mark.parametrize(
    "config", [{"output_path": "out.txt"}, {"output_path": "x"}, {"delimiter": "\n"}]
)
def test_a_config_that_cannot_work_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CsvWriter.config_type.model_validate(config)


def test_a_cancelled_run_leaves_no_file(ctx: RecordingContext, folder: Path) -> None:
    ctx.cancelled = True
    with pytest.raises(BlockCancelled):
        run_block(CsvWriter, {"output_path": "out.csv"}, ctx, rows=ROWS)
    assert list(folder.iterdir()) == []


def test_one_input_is_needed(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput):
        run_block(CsvWriter, {}, ctx)


CELLS = st.text(alphabet="a ,;\"'\t\r\n\0\u00e9\u2028\ufeff\U0001f600", max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20))
def test_what_it_writes_any_reader_of_rfc_4180_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    ctx = RecordingContext(tmp_path_factory.getbasetemp())
    run_block(CsvWriter, {}, ctx, rows=[{"a": one, "b": other} for one, other in rows])
    text = ctx.artifacts["block.csv"].data.decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read == [["a", "b"], *map(list, rows)]


def test_a_single_column_of_blanks_survives(ctx: RecordingContext) -> None:
    run_block(CsvWriter, {}, ctx, rows=[{"a": ""}, {"a": "x"}])
    assert ctx.artifacts["block.csv"].data == b'a\r\n""\r\nx\r\n'
