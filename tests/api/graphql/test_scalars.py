"""How values go in and out."""

from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from headrace.api.graphql.scalars import (
    BigInt,
    DateTime,
    JsonText,
    read_big,
    read_cursor,
    read_time,
    write_big,
    write_json,
    write_time,
)

YEAR_1, YEAR_9999 = -62_135_596_800_000, 253_402_300_799_999
JAN_2026 = 1_769_860_800_000


@given(st.integers(min_value=YEAR_1, max_value=YEAR_9999))
def test_a_time_comes_back_to_the_millisecond(at: int) -> None:
    assert read_time(write_time(at)) == at


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_are_written_as_rfc_3339(moment: datetime) -> None:
    at = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert write_time(at) == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000Z",
        "2026-01-31t13:00:00.0009999+01:00",
        "2026-01-31 12:00:00z",
        "2026-01-31T00:00:00-12:00",
    ],
)
def test_any_offset_is_understood(text: str) -> None:
    assert read_time(text) == DateTime(JAN_2026)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-02-30T12:00:00Z",
        "2026-01-31T25:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59x",
        "٢٠٢٦-01-31T12:00:00Z",
        "",
        5,
        None,
    ],
)
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="DateTime"):
        read_time(value)


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_a_big_number_comes_back_whatever_its_size(number: int) -> None:
    written = write_big(number)
    assert isinstance(written, int) == (abs(number) < 2**53)
    assert read_big(written) == BigInt(number)
    assert read_big(str(number)) == BigInt(number)


@pytest.mark.parametrize(
    "value", [True, 1.5, 1e300, "1.0", "", "0x1", 2**63, "9" * 20, "9" * 5_000, "١", None, [1]]
)
def test_what_is_no_big_number_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="BigInt"):
        read_big(value)


def test_a_whole_float_is_a_number() -> None:
    assert read_big(3.0) == BigInt(3)


def test_a_cursor_is_text() -> None:
    with pytest.raises(GraphQLError, match="Cursor"):
        read_cursor(1)


def test_json_text_is_read_and_a_string_stays_one() -> None:
    assert write_json(JsonText('{"a": 12345678901234567890}')) == {"a": 12345678901234567890}
    assert write_json('{"a": 1}') == '{"a": 1}'
