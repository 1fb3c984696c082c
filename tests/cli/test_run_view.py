"""What a watcher knows of a run after each batch of its events."""

from typing import Any

from rich.console import Console

from headrace.cli.run_drawing import draw, rate_in_words, rows_in_words
from headrace.cli.run_view import RunView
from headrace.domain.lifecycle import BlockStatus, RunStatus


def a_run(*names: str) -> RunView:
    return RunView.of(
        {
            "id": "run_1",
            "pipeline": {"name": "sentiment"},
            "version": {"number": 3},
            "blocks": [{"name": name, "type": "PYTHON"} for name in names],
        }
    )


def at(second: float) -> str:
    return f"2026-11-23T12:00:{second:06.3f}Z"


def block_event(
    block: str, kind: str, status: str, *, second: float, attempt: int = 1
) -> dict[str, Any]:
    return {
        "__typename": "BlockStateChanged",
        "kind": kind,
        "block": block,
        "blockStatus": status,
        "attempt": attempt,
        "timestamp": at(second),
    }


def started(block: str, *, second: float = 0, attempt: int = 1) -> dict[str, Any]:
    return block_event(block, "BLOCK_STARTED", "RUNNING", second=second, attempt=attempt)


def events(*each: dict[str, Any], status: str = "RUNNING") -> dict[str, Any]:
    return {"status": status, "events": list(each), "progress": []}


def progress(
    block: str, done: int, total: int | None, *, second: float, attempt: int = 1
) -> dict[str, Any]:
    told = {
        "block": block,
        "attempt": attempt,
        "rowsDone": str(done),
        "rowsTotal": None if total is None else str(total),
        "timestamp": at(second),
    }
    return {"status": "RUNNING", "events": [], "progress": [told]}


def test_progress_gives_rows_their_share_and_their_rate() -> None:
    view = a_run("csv")
    view.apply(events(started("csv")))
    view.apply(progress("csv", 5_000, 20_000, second=2))
    block = view.blocks["csv"]
    assert (block.fraction, block.rows_per_second) == (0.25, 2_500)
    assert rows_in_words(block) == "5,000 / 20,000 rows"
    assert rate_in_words(block) == "2,500 rows/s"


def test_a_running_block_that_cannot_tell_its_total_has_no_fraction() -> None:
    view = a_run("csv")
    view.apply(events(started("csv")))
    assert view.blocks["csv"].fraction is None
    view.apply(progress("csv", 7, None, second=1))
    assert view.blocks["csv"].fraction is None
    assert rows_in_words(view.blocks["csv"]) == "7 rows"
    view.apply(progress("csv", 1, None, second=2))
    assert rows_in_words(view.blocks["csv"]) == "1 row"


def test_a_new_attempt_counts_its_rows_from_nothing() -> None:
    view = a_run("csv")
    view.apply(events(started("csv")))
    view.apply(progress("csv", 7, 10, second=1))
    view.apply(events(started("csv", second=2, attempt=2)))
    assert view.blocks["csv"].rows_done == 0


def test_progress_of_an_attempt_that_is_over_is_passed_by() -> None:
    view = a_run("csv")
    view.apply(events(started("csv", attempt=2)))
    view.apply(progress("csv", 7, 10, second=1, attempt=1))
    assert view.blocks["csv"].rows_done == 0


def test_the_rows_of_a_finished_block_come_from_its_data_set() -> None:
    view = a_run("csv")
    made = {
        "__typename": "ArtifactCreated",
        "kind": "ARTIFACT_CREATED",
        "block": "csv",
        "timestamp": at(1),
        "artifact": {"name": "output.arrow", "rows": "40"},
    }
    done = block_event("csv", "BLOCK_SUCCEEDED", "SUCCEEDED", second=2)
    view.apply(events(started("csv"), made, done, status="SUCCEEDED"))
    block = view.blocks["csv"]
    assert (view.status, block.fraction) == (RunStatus.SUCCEEDED, 1.0)
    assert (block.rows_done, block.rows_per_second) == (40, 20)


def test_where_room_is_short_what_moves_is_shown_in_the_order_of_the_definition() -> None:
    view = a_run("a", "b", "c", "d")
    view.apply(
        events(
            block_event("a", "BLOCK_SUCCEEDED", "SUCCEEDED", second=1),
            started("c"),
            block_event("d", "BLOCK_FAILED", "FAILED", second=1),
        )
    )
    assert [block.name for block in view.most_telling(2)] == ["c", "d"]
    assert [block.name for block in view.failed()] == ["d"]
    assert view.counts()[BlockStatus.WAITING] == 1


def test_the_picture_never_is_higher_than_the_terminal() -> None:
    view = a_run(*(f"block{number}" for number in range(2_000)))
    view.apply(events(started("block1999")))
    console = Console(width=100, height=24, record=True, force_terminal=True)
    with console.capture() as captured:
        console.print(draw(view, 24, now_seconds=0))
    lines = captured.get().splitlines()
    assert len(lines) <= 24
    assert any("block1999" in line for line in lines)
    assert "more blocks" in lines[-1]


def test_brackets_in_a_name_are_no_markup() -> None:
    view = a_run("csv")
    view.pipeline = "[red]x"
    console = Console(width=100, height=24)
    with console.capture() as captured:
        console.print(draw(view, 24, now_seconds=0))
    assert "[red]x" in captured.get()
