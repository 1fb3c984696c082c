"""What rows become on their way, and how they are counted and told apart."""

import pytest
from sqlalchemy import Boolean, Column, MetaData, Table

from headrace.store.copying.rows import CHANGES, Pace, Tally, changed, refuse_unknown_types
from headrace.store.tables import inline_data, leases, memo, metadata, runs, workers


def test_every_type_of_column_that_we_have_is_known() -> None:
    """A failure: say in `rows` how the values of the new type come to the other side."""
    refuse_unknown_types(metadata.sorted_tables)


def test_a_type_whose_values_differ_between_databases_is_refused_by_name() -> None:
    table = Table("of_tomorrow", MetaData(), Column("is_open", Boolean))
    with pytest.raises(TypeError, match=r"of_tomorrow\.is_open"):
        refuse_unknown_types([table])


def test_every_column_that_counts_a_lease_clock_is_changed() -> None:
    """A failure: say in `rows` what the new column is to be where another clock counts."""
    found = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if column.name in {"boot_id", "lease_until"} or column.name.endswith("_clock")
    }
    assert found
    assert found <= {(table, column) for table, columns in CHANGES.items() for column in columns}


def test_changes_are_of_columns_that_are_there() -> None:
    for table, columns in CHANGES.items():
        assert set(columns) <= {column.name for column in metadata.tables[table].c}


@pytest.mark.parametrize(
    ("before", "after"),
    [("ACTIVE", "LOST"), ("DRAINING", "LOST"), ("STOPPED", "STOPPED"), ("LOST", "LOST")],
)
def test_no_worker_lives_on_in_the_copy(before: str, after: str) -> None:
    row = dict.fromkeys((column.name for column in workers.c), "same")
    row |= {"status": before, "boot_id": "b", "lease_until": "99", "address": "/run/x"}
    (told,) = changed(workers, [tuple(row.values())])
    assert dict(zip(row, told, strict=True)) == {
        **row, "status": after, "boot_id": "", "lease_until": 0, "address": None,
    }  # fmt: skip


def test_a_lease_is_over_and_keeps_its_fence() -> None:
    row = {"name": "relay", "owner": "o", "address": "/run/x", "fence": 7, "boot_id": "b",
           "lease_until": 99, "problem": "p", "problem_since": 1}  # fmt: skip
    assert list(row) == [column.name for column in leases.c]
    (told,) = changed(leases, [tuple(row.values())])
    assert told == ("relay", "o", None, 7, "", 0, "p", 1)


@pytest.mark.parametrize(("before", "after"), [(None, None), (123_456, 0)])
def test_a_cancellation_was_asked_for_long_ago(before: int | None, after: int | None) -> None:
    row = [column.name for column in runs.c]
    place = row.index("cancel_requested_clock")
    given: list[int | None] = [1] * len(row)
    given[place] = before
    (told,) = changed(runs, [given])
    assert told[place] == after
    assert [v for i, v in enumerate(told) if i != place] == [1] * (len(row) - 1)


def test_a_tally_knows_rows_in_any_order_and_each_change_of_one() -> None:
    def digest(*rows: tuple[object, ...]) -> str:
        tally = Tally()
        tally.add(rows)
        return tally.digest

    whole = digest(("a", 1), ("b", None))
    assert digest(("b", None), ("a", 1)) == whole
    others = [
        digest(("a", 1)),
        digest(("a", 1), ("b", "")),
        digest(("a", "1"), ("b", None)),
        digest(("a", 1), ("a", 1), ("b", None)),
        digest((b"a", 1), ("b", None)),
        digest(("b", 1), ("a", None)),
    ]
    assert len({whole, *others}) == 7


def test_a_tally_of_batches_is_that_of_the_whole() -> None:
    one, two = Tally(), Tally()
    one.add([(1,), (2,), (3,)])
    two.add([(3,)])
    two.add([(1,), (2,)])
    assert (one.rows, one.digest) == (two.rows, two.digest)


def test_batches_grow_while_rows_are_small_and_shrink_where_they_are_large() -> None:
    pace = Pace(memo)
    for _ in range(20):
        pace.saw([("k", "v", 1)] * pace.rows)
    assert pace.rows == 2_048
    while pace.rows > 1:
        pace.saw([("k", "v" * 2_000_000, 1)])
    pace.saw([("k", "v" * 2_000_000, 1)])
    assert pace.rows == 1


def test_rows_with_bytes_never_come_in_thousands() -> None:
    """A thousand of the largest data sets that are kept inline are 64 MiB."""
    pace = Pace(inline_data)
    for _ in range(20):
        pace.saw([("a", b"")] * pace.rows)
    assert pace.rows == 128
