"""SQL: a query over the inputs, and nothing else that it could reach."""

import datetime
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from arro3.core import Array, DataType, RecordBatch, Table

from headrace.blocks import BadInput, BlockCancelled, BlockError, Dataset, Inputs
from headrace.blocks.testing import RecordingContext, dataset_of, run_block
from headrace_worker.blocks.duck import database
from headrace_worker.blocks.sql import Sql, SqlConfig

SENT = [
    {"id": 1, "label": "POSITIVE", "score": 0.9},
    {"id": 2, "label": "NEGATIVE", "score": -0.9},
    {"id": 3, "label": "POSITIVE", "score": 0.5},
]
PEOPLE = [{"id": 1, "name": "Ann"}, {"id": 3, "name": "Bob"}]


def answer(ctx: RecordingContext, query: str, **values: Any) -> list[dict[str, Any]]:
    inputs = {"sent": dataset_of(SENT), "some-people.v2": dataset_of(PEOPLE)}
    found = run_block(Sql, {"query": query, "values": values}, ctx, inputs=inputs)
    assert found is not None
    return found


def batches(ctx: RecordingContext, query: str, **inputs: Dataset) -> Iterator[RecordBatch]:
    """The block's batches, as it makes them."""
    output = Sql().run(SqlConfig(query=query), Inputs(inputs), ctx)
    assert isinstance(output, Iterator)
    return map(RecordBatch.from_arrow, output)


def test_inputs_are_joined_and_grouped_by_their_names(ctx: RecordingContext) -> None:
    query = """
        -- by label
        WITH known AS (SELECT * FROM sent JOIN "some-people.v2" USING (id))
        SELECT label, count(*) AS messages, max(name) AS last
        FROM known GROUP BY label ORDER BY label;
    """
    assert answer(ctx, query) == [{"label": "POSITIVE", "messages": 2, "last": "Bob"}]
    assert (ctx.rows_done, ctx.rows_total) == (1, 1)
    assert ctx.log.lines == [("INFO", "The result has 1 row")]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("FROM sent SELECT id WHERE score > 0 ORDER BY id DESC", [{"id": 3}, {"id": 1}]),
        ("SELECT id FROM sent ORDER BY score LIMIT 1", [{"id": 2}]),
        ("VALUES (1)", [{"col0": 1}]),
        ("SELECT unnest(range(2)) AS n", [{"n": 0}, {"n": 1}]),
        ("SELECT n FROM generate_series(1, 2) AS s(n)", [{"n": 1}, {"n": 2}]),
        ("SELECT id FROM sent WHERE false", []),
        ("SELECT a.id FROM SENT AS a SEMI JOIN sent AS b ON a.id = b.id + 2", [{"id": 3}]),
        ("SELECT id FROM sent UNION ALL SELECT 9 ORDER BY id DESC LIMIT 1 -- c", [{"id": 9}]),
    ],
)
def test_a_select_is_answered(
    ctx: RecordingContext, query: str, rows: list[dict[str, Any]]
) -> None:
    assert answer(ctx, query) == rows


def test_a_block_without_inputs_makes_rows_of_nothing(ctx: RecordingContext) -> None:
    assert run_block(Sql, {"query": "SELECT 1 AS one"}, ctx) == [{"one": 1}]


def test_values_stand_for_names(ctx: RecordingContext) -> None:
    query = "SELECT id FROM sent WHERE label = $label AND score > $least"
    assert answer(ctx, query, label="POSITIVE", least=0.6) == [{"id": 1}]
    assert answer(ctx, query, label="' OR true --", least=0) == []


def test_an_empty_result_still_has_its_columns(ctx: RecordingContext) -> None:
    (batch,) = list(batches(ctx, "SELECT 1 AS a, 'x' AS b LIMIT 0"))
    assert (batch.num_rows, batch.column_names) == (0, ["a", "b"])


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ("SELECT id\nFROM sent\nWHERE nope > 1", "line 3, column 7", "Referenced column"),
        ("SELECT id FORM sent", "line 1, column 16", "syntax error"),
        ("\n\nSELECT FROM", "line 3, column", "."),
        ("SELECT * FROM absent", "line 1, column 15", "The inputs are: sent, some-people.v2."),
        ("SELECT 1 = 'x'", "line 1, column 12", "Could not convert"),
        ("SELECT 1 + 'x'", "line 1, column 10", "add explicit type casts"),
        ("SELECT id FROM sent WHERE CAST(label AS DATE) IS NULL", "line 1, column 27", "POSITIVE"),
        ("SELECT * FROM read_text('/etc/hosts')", "line 1, column 15", "read_text cannot be read"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    ctx: RecordingContext, query: str, place: str, words: str
) -> None:
    with pytest.raises(BadInput, match=f"query, {place}.*{words}"):
        answer(ctx, query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "DELETE FROM sent",
        "CREATE TABLE t AS SELECT 1",
        "COPY sent TO 'out.csv'",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '1TB'",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "EXPORT DATABASE 'here'",
        "EXPLAIN SELECT 1",
    ],
)
def test_only_one_select_is_a_query(ctx: RecordingContext, query: str, folder: Path) -> None:
    with pytest.raises(BadInput, match=r"query: (only SELECT is allowed|write one SELECT)"):
        answer(ctx, query or " ")
    assert [path.name for path in folder.iterdir()] == ["artifacts"]


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{path}')",
        "read_text('{path}')",
        "read_blob('{path}')",
        "read_json('{path}')",
        "read_parquet('{path}')",
        "sniff_csv('{path}')",
        "parquet_metadata('{path}')",
        "glob('/*')",
        "'{path}'",
        "'file://{path}'",
        "'https://example.org/data.csv'",
        "query('SELECT 1')",
        "query_table('sent')",
        "json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "duckdb_settings()",
        "duckdb_secrets()",
        "enable_logging(storage := 'file')",
        "pragma_version()",
        "some_python_variable",
    ],
)
@pytest.mark.parametrize(
    "query", ["SELECT * FROM {}", "SELECT (SELECT count(*) FROM {})", "WITH x AS (FROM {}) FROM x"]
)
def test_a_query_reads_its_inputs_and_nothing_else(
    ctx: RecordingContext, folder: Path, source: str, query: str
) -> None:
    path = folder / "secret.csv"
    path.write_text("id,text\n1,secret\n")
    some_python_variable = Table.from_batches(
        [RecordBatch.from_pydict({"x": Array([1], DataType.int64())})]
    )
    assert some_python_variable.num_rows == 1
    with pytest.raises(BadInput):
        answer(ctx, query.format(source.format(path=path)))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT * FROM read_text('/etc/hosts')", "file system operations are disabled"),
        ("COPY (SELECT 1) TO '/tmp/never.csv'", "file system operations are disabled"),
        ("ATTACH '/tmp/never.db'", "file system operations are disabled"),
        ("INSTALL httpfs", "disabled"),
        ("LOAD httpfs", "disabled"),
        ("SET enable_external_access = true", "locked"),
        ("SET lock_configuration = false", "locked"),
        ("RESET memory_limit", "locked"),
        ("SET temp_directory = '/tmp'", "locked|disabled"),
        ("CREATE PERSISTENT SECRET s (TYPE http)", "."),
        ("SELECT * FROM some_python_variable", "does not exist"),
    ],
)
def test_the_database_is_shut_off_even_from_what_the_check_would_let_through(
    ctx: RecordingContext, statement: str, words: str
) -> None:
    import duckdb

    some_python_variable = dataset_of(PEOPLE)
    assert some_python_variable.rows == 2
    with database(ctx, threads=1) as connection, pytest.raises(duckdb.Error, match=words):
        connection.execute(statement).fetchall()


def test_columns_of_one_name_are_told(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput, match=r"the result has 2 columns 'id'.*AS"):
        answer(ctx, 'SELECT * FROM sent JOIN "some-people.v2" AS p ON p.id = sent.id')


def test_a_column_that_nobody_could_read_back_is_told(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput, match=r"column 'age' is an interval.*epoch\(age\)"):
        answer(ctx, "SELECT INTERVAL 1 DAY AS age")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1::HUGEINT", Decimal(1)),
        ("'x'::ENUM('x', 'y')", "x"),
        ("'{\"a\": 1}'::JSON", '{"a": 1}'),
        ("[1, 2]", [1, 2]),
        ("{'a': 1}", {"a": 1}),
        ("DATE '2020-01-31'", datetime.date(2020, 1, 31)),
        ("NULL", None),
    ],
)
def test_values_of_all_kinds_come_out(
    ctx: RecordingContext, expression: str, value: object
) -> None:
    assert answer(ctx, f"SELECT {expression} AS x") == [{"x": value}]


def test_inputs_that_only_letter_case_tells_apart_are_told(ctx: RecordingContext) -> None:
    inputs = {"Sent": dataset_of(SENT), "sent": dataset_of(SENT)}
    with pytest.raises(BadInput, match="2 inputs are called 'sent'"):
        run_block(Sql, {"query": "FROM sent"}, ctx, inputs=inputs)


def test_what_does_not_fit_in_memory_lies_on_disk_and_is_gone_afterwards(
    ctx: RecordingContext, folder: Path
) -> None:
    query = "SELECT n, md5(n::VARCHAR) AS text FROM range(8_000_000) AS r(n) ORDER BY text"
    scratch = folder / "artifacts" / "tmp"
    seen, spilled = 0, 0
    for batch in batches(ctx, query):
        spilled = spilled or sum(each.stat().st_size for each in scratch.rglob("*"))
        seen += batch.num_rows
    assert seen == 8_000_000
    assert spilled > 1_000_000
    assert list(scratch.iterdir()) == []


def test_what_needs_more_memory_than_there_is_is_told(ctx: RecordingContext) -> None:
    with pytest.raises(BlockError, match="more than 512 MB of memory") as caught:
        answer(ctx, "SELECT length(list(repeat('x', 1000000))::VARCHAR) AS n FROM range(3000)")
    assert not caught.value.retryable


def test_a_result_is_handed_on_as_it_is_made(ctx: RecordingContext) -> None:
    """The first batch comes though the last would take for ever."""
    output = batches(ctx, "SELECT n FROM range(1_000_000_000_000) AS r(n)")
    assert next(output).column("n").to_pylist()[:3] == [0, 1, 2]
    ctx.cancelled = True
    with pytest.raises(BlockCancelled):
        for _ in output:
            pass


def test_a_cancelled_run_ends_a_query_that_has_no_result_yet(ctx: RecordingContext) -> None:
    threading.Timer(0.2, lambda: setattr(ctx, "cancelled", True)).start()
    with pytest.raises(BlockCancelled):
        answer(ctx, "SELECT count(*) AS n FROM range(1_000_000_000_000)")


def test_rows_keep_the_order_of_their_input(ctx: RecordingContext) -> None:
    count = 300_000
    batch = RecordBatch.from_pydict({"n": Array(range(count), DataType.int64())})
    data = dataset_of(Table.from_batches([batch]))
    made = batches(ctx, "SELECT n * 2 AS n FROM up WHERE n % 3 = 0", up=data)
    found = [number for each in made for number in each.column("n").to_pylist()]
    assert found == list(range(0, 2 * count, 6))
