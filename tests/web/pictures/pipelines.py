"""The pipelines of the pictures."""

from typing import Any

from tests.system.client import JSONObject

MODULE = "tests.web.pictures.scene"
EDGES = [
    ("load", "clean"),
    ("load", "language"),
    ("clean", "sentiment"),
    ("clean", "topics"),
    ("language", "topics"),
    ("sentiment", "merge"),
    ("topics", "merge"),
    ("merge", "report"),
]
SAYS = {
    "load": ["reviews-2026-05.csv: utf-8, delimiter ','", "4,812 rows"],
    "clean": ["37 rows are empty and left out", "Whitespace and links are taken out"],
    "language": ["4,120 of 4,812 in English, 511 in German, 181 in Spanish"],
    "sentiment": [f"Batch {at} of 151: 32 texts" for at in range(1, 74)],
    "topics": ["12 topics from topics.yaml", "Batch 1 of 151", "Batch 2 of 151"],
    "merge": ["Joined on id"],
    "report": ["Wrote report.html"],
}
WHY = "Row 2113 has no column text"
CYCLE = """name: reviews
blocks:
  - name: load
    type: CSV_READER
    config: {input_path: data/reviews.csv}
  - name: clean
    type: SQL
    config: {query: select * from load}
  - name: sentiment
    type: LLM_SENTIMENT
  - name: merge
    type: SQL
    config: {query: select * from sentiment}
  - name: report
    type: CSV_WRITER
edges:
  - {from: load, to: clean}
  - {from: clean, to: sentiment}
  - {from: sentiment, to: merge}
  - {from: merge, to: clean}
  - {from: merge, to: report}
"""


def reviews(folder: str, *, failing: str | None = None) -> list[JSONObject]:
    """Seven blocks, each behind a gate of its name; one may fail."""
    return [_block(name, folder, is_failing=name == failing) for name in SAYS]


def forecast() -> tuple[list[JSONObject], list[tuple[str, str]]]:
    """Many blocks that are over at once, and their edges."""
    fits = [f"fit_{day}" for day in range(1, 15)]
    blocks = [
        {"name": name, "type": "SQL", "config": {"query": "select 1 as n"}}
        for name in ("days", *fits, "best")
    ]
    edges = [("days", fit) for fit in fits] + [(fit, "best") for fit in fits]
    return blocks, edges


def _block(name: str, folder: str, *, is_failing: bool) -> JSONObject:
    args: dict[str, Any] = {"folder": folder, "says": SAYS[name], "gate": f"open-{name}"}
    args |= {"why": WHY} if is_failing else {"rows": 2_336 if name == "sentiment" else 640}
    function = "fail" if is_failing else "work"
    config = {"function": f"{MODULE}:{function}", "args": args}
    return {"name": name, "type": "PYTHON", "config": config}
