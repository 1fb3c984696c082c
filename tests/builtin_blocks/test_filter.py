"""FILTER: rows for which a condition holds, exactly as they came."""

from collections.abc import Iterator
from typing import Any

import pytest
from arro3.core import Array, DataType, RecordBatch, Schema, Table
from pydantic import ValidationError

from headrace.blocks import BadInput, BlockCancelled, BlockError, Dataset, Inputs
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.filter import Filter, FilterConfig

ROWS: list[dict[str, Any]] = [
    {"id": 1, "text": "good", "score": 0.9},
    {"id": 2, "text": "bad", "score": -0.9},
    {"id": 3, "text": None, "score": None},
]


def kept(ctx: RecordingContext, where: str, **values: Any) -> list[int]:
    config: dict[str, Any] = {"where": where, "values": values}
    found = run_block(Filter, config, ctx, rows=ROWS)
    assert found is not None
    assert all(row == ROWS[row["id"] - 1] for row in found)
    return [row["id"] for row in found]


def batches(ctx: RecordingContext, where: str, data: Dataset) -> list[RecordBatch]:
    output = Filter().run(FilterConfig(where=where), Inputs({"up": data}), ctx)
    assert isinstance(output, Iterator)
    return [RecordBatch.from_arrow(each) for each in output]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("score > 0", [1]),
        ("NOT score > 0", [2]),
        ("score IS NULL OR text = 'bad'", [2, 3]),
        ("text LIKE '%oo%' -- the good ones", [1]),
        ("id\n  IN (1,\n 3)", [1, 3]),
        ("true", [1, 2, 3]),
        ("length(text) > 100", []),
        ("\"id\" % 2 = 1 AND coalesce(\"text\", '') <> ''", [1]),
        ("rows.id = 2", [2]),
    ],
)
def test_rows_for_which_the_condition_holds_are_handed_on(
    ctx: RecordingContext, where: str, ids: list[int]
) -> None:
    assert kept(ctx, where) == ids
    assert (ctx.rows_done, ctx.rows_total) == (3, 3)
    assert ctx.log.lines == [("INFO", f"Kept {len(ids)} of 3 rows")]


def test_values_stand_for_names(ctx: RecordingContext) -> None:
    text = "x' OR true --"
    assert kept(ctx, "text = $text OR score < $most", text=text, most=-0.5) == [2]
    assert kept(ctx, "id = $id AND ($none IS NULL)", id=3, none=None) == [3]


@pytest.mark.parametrize(
    ("where", "place", "words"),
    [
        (
            "nope > 1",
            "line 1, column 1",
            'column "nope" not found.*The columns are: id, text, score.',
        ),
        ("id > 1 AND\n  id ! 3", "line 2, column 8", 'syntax error at or near "3"'),
        ("text LIKE 'ü%' AND id ! 3", "line 1, column 25", "syntax error"),
        ("text = '漢字' AND nope", "line 1, column 17", "not found"),
        ("id > ", "line 1, column 4", "syntax error"),
        ("text > 1", "line 1, column 1", "an explicit cast is required"),
        ("lower(id, 1) = ''", "line 1, column 1", "No function matches"),
        ("id = 'two'", "line 1, column 6", "Could not convert string 'two'"),
        ("id + CAST(text AS INTEGER) > 1", "line 1, column 6", "'good'"),
        ("sum(id) > 1", "line 1, column 1", "cannot contain aggregates"),
        ("row_number() OVER () > 1", "line 1, column 1", "window functions"),
        ("id IN (SELECT 1)", "line 1, column 7", "no query of its own"),
        ("1=1) UNION SELECT 1 --", "line 1, column 4", "syntax error"),
        ("id > 1) OR (true", "line 1, column 7", "syntax error"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    ctx: RecordingContext, where: str, place: str, words: str
) -> None:
    with pytest.raises(BadInput, match=f"where, {place}: .*{words}") as caught:
        kept(ctx, where)
    assert caught.value.detail is not None
    assert "^" in caught.value.detail
    assert where.rpartition("\n")[2] in caught.value.detail


@pytest.mark.parametrize(
    "where",
    ["id, text", "id AS x", "id = 1; DROP TABLE x", "id > 1 ORDER BY id", "true FROM input"],
)
def test_only_a_condition_is_a_condition(ctx: RecordingContext, where: str) -> None:
    with pytest.raises(BadInput, match=r"where: (write one condition|only SELECT is allowed)"):
        kept(ctx, where)


def test_a_name_without_a_value_and_a_value_without_a_name_are_told(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput, match=r"where: .*least"):
        kept(ctx, "id > $least")
    with pytest.raises(BadInput, match=r"where: .*most"):
        kept(ctx, "id > $least", least=1, most=2)


def test_the_mark_stands_under_the_place(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput) as caught:
        kept(ctx, "id > 1\nAND nope > 2\nAND true")
    assert caught.value.detail == "id > 1\nAND nope > 2\n    ^\nAND true"


def test_rows_keep_their_types_and_their_order(ctx: RecordingContext) -> None:
    """Types that a database would change on the way: nothing is made anew, rows are picked."""
    count = 150_000
    batch = RecordBatch.from_pydict(
        {
            "id": Array(range(count), DataType.uint64()),
            "row_number": Array(["x"] * count, DataType.large_string()),
            "seen": Array(range(count), DataType.int64()).cast(
                DataType.timestamp("s", tz="Europe/Paris")
            ),
        }
    )
    data = dataset_of(Table.from_batches([batch.slice(0, 70_000), batch.slice(70_000, 80_000)]))
    made = batches(ctx, "id % 3 = 1 AND row_number = 'x'", data)
    assert {str(each.schema) for each in made} == {str(Schema.from_arrow(data.schema))}
    found = [number for each in made for number in each.column("id").to_pylist()]
    assert found == list(range(1, count, 3))


def test_columns_are_handed_on_without_a_row(ctx: RecordingContext) -> None:
    (batch,) = batches(ctx, "false", dataset_of(ROWS))
    assert batch.num_rows == 0
    assert batch.column_names == ["id", "text", "score"]


def test_a_cancelled_run_ends_it_in_the_middle_of_a_query(ctx: RecordingContext) -> None:
    ctx.cancelled = True
    with pytest.raises(BlockCancelled):
        kept(ctx, "sleep_ms(60000) IS NULL")


def test_a_type_that_the_database_does_not_have_is_told(ctx: RecordingContext) -> None:
    half = Array([1.0], DataType.float32()).cast(DataType.float16())
    data = dataset_of(Table.from_batches([RecordBatch.from_pydict({"x": half})]))
    with pytest.raises(BlockError, match=r"where: .*[Uu]nsupported.* Arrow [Tt]ype"):
        run_block(Filter, {"where": "true"}, ctx, inputs={"up": data})


def test_an_empty_condition_is_refused_before_it_runs() -> None:
    with pytest.raises(ValidationError):
        Filter.config_type.model_validate({"where": ""})
