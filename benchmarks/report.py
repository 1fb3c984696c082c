"""The table for people, and the same as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.figures import Figure
from benchmarks.machine import Machine

HEADS = ("figure", "median", "least – most", "goal", "met", "bare loop", "ratio")


def cells(figure: Figure) -> tuple[str, ...]:
    goal = figure.goal
    bare, ratio = figure.bare_median, figure.ratio
    spread = f"{_number(min(figure.rounds))} – {_number(max(figure.rounds))}"
    title = figure.title + (f" ({figure.note})" if figure.note else "")
    return (
        title,
        f"{_number(figure.median)} {figure.unit}",
        spread if len(figure.rounds) > 1 else "",
        "" if goal is None else f"{'≥' if goal.at_least else '≤'} {_number(goal.limit)}",
        {None: "", True: "yes", False: "NO"}[figure.met],
        "" if bare is None else f"{_number(bare)}",
        "" if ratio is None else f"{ratio:.1f}×",
    )


def table(figures: Sequence[Figure]) -> str:
    rows = [HEADS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(
            text.ljust(width) if column in {0, 4} else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def document(machine: Machine, figures: Sequence[Figure]) -> dict[str, Any]:
    return {
        "machine": asdict(machine),
        "figures": [
            {
                **asdict(figure),
                "median": figure.median,
                "met": figure.met,
                "bare_median": figure.bare_median,
                "ratio": figure.ratio,
            }
            for figure in figures
        ],
    }


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.0f}" if value >= 100 else f"{value:.1f}"
