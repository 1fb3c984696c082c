"""Cursors, windows and pages."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.store.database import Snapshot
from headrace.store.reads.keyset import (
    BadCursor,
    BadWindow,
    Window,
    decode_number,
    decode_text,
    encode_cursor,
    window,
)
from headrace.store.reads.pipelines import PipelineFilter, pipeline_page
from tests.store.reads.world import World, document


@given(st.text(min_size=1, max_size=30))
def test_a_cursor_gives_its_key_back(key: str) -> None:
    assert decode_text(encode_cursor("list", key), "list") == key


@given(st.integers(min_value=0, max_value=10**14))
def test_a_number_comes_back_as_a_number(key: int) -> None:
    assert decode_number(encode_cursor("list:x", key), "list:x") == key


@given(st.text(max_size=400))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_number(text, "list")


@pytest.mark.parametrize(
    "cursor",
    [
        encode_cursor("other", 1),
        encode_cursor("list:run_2", 1),
        encode_cursor("list", -1),
        encode_cursor("list", "١"),
        encode_cursor("list", "9" * 16),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        "",
        "=",
    ],
)
def test_a_cursor_of_another_list_or_key_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_number(cursor, "list")


def test_a_window_is_fifty_from_the_start_by_default() -> None:
    assert window(scope="list", numeric=True) == Window(limit=50, backward=False)


def test_the_last_ones_are_taken_from_the_end() -> None:
    before = encode_cursor("list", 9)
    found = window(scope="list", numeric=True, last=3, before=before)
    assert found == Window(limit=3, backward=True, before=9)


@pytest.mark.parametrize(
    ("first", "last"), [(0, None), (201, None), (-1, None), (None, 0), (None, 201), (1, 1)]
)
def test_contradictions_and_what_is_out_of_range_are_refused(
    first: int | None, last: int | None
) -> None:
    with pytest.raises(BadWindow):
        window(scope="list", numeric=True, first=first, last=last)


async def test_pages_forward_and_backward_meet_without_a_gap(
    world: World, snapshot: Snapshot
) -> None:
    names = [f"p{number}" for number in range(7)]
    for name in names:
        await world.save(document(name))

    async def page(wanted: Window) -> tuple[list[str], bool, bool]:
        found = await pipeline_page(snapshot, wanted, PipelineFilter())
        return [row.name for row in found.items], found.has_previous, found.has_next

    assert await page(Window(limit=3)) == (names[:3], False, True)
    assert await page(Window(limit=3, after="p2")) == (names[3:6], True, True)
    assert await page(Window(limit=3, after="p5")) == (names[6:], True, False)
    assert await page(Window(limit=3, backward=True)) == (names[4:], True, False)
    assert await page(Window(limit=3, backward=True, before="p4")) == (names[1:4], True, True)
    assert await page(Window(limit=3, backward=True, before="p1")) == (names[:1], False, True)
    assert await page(Window(limit=9, after="p1", before="p4")) == (names[2:4], True, False)
    assert await page(Window(limit=9, after="p9")) == ([], True, False)
