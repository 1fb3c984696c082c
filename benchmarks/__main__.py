"""`python -m benchmarks [FIGURE …]` measures and prints; its exit code says nothing of goals."""

import argparse
import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import uvloop

from benchmarks import (
    claims,
    copying,
    footprint,
    hot,
    latency,
    machine,
    partitions,
    report,
    rows,
    starts,
    watchers,
    writers,
)
from benchmarks.figures import Figure, Plan
from benchmarks.processes import NotMeasurable

_PARTS: dict[tuple[str, ...], Callable[[Plan], AsyncIterator[Figure]]] = {
    hot.NAMES: hot.measure,
    starts.NAMES: starts.measure,
    footprint.NAMES: footprint.measure,
    rows.NAMES: rows.measure,
    writers.NAMES: writers.measure,
    watchers.NAMES: watchers.measure,
    claims.NAMES: claims.measure,
    partitions.NAMES: partitions.measure,
    latency.NAMES: latency.measure,
    copying.NAMES: copying.measure,
}
NAMES = tuple(name for names in _PARTS for name in names)


def main() -> None:
    asked = _arguments()
    # Not the system's temporary folder, which may be memory: there every commit is free.
    folder = Path(tempfile.mkdtemp(prefix="headrace-bench-", dir=asked.folder))
    plan = Plan(
        folder=folder,
        wanted=frozenset(asked.figures or NAMES),
        rounds=asked.rounds,
        runs=asked.runs,
        rows=asked.rows,
    )
    seen = machine.look(folder)
    if not asked.json:
        print(f"{seen}\n", flush=True)
    try:
        figures, failed = uvloop.run(_measure(plan))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if asked.json:
        print(json.dumps(report.document(seen, figures), indent=2, ensure_ascii=False))
    else:
        print(report.table(figures))
    sys.exit(1 if failed else 0)


async def _measure(plan: Plan) -> tuple[list[Figure], bool]:
    """What was measured, and whether something could not be: the rest is worth having."""
    found: list[Figure] = []
    failed = False
    for names, measure in _PARTS.items():
        if wanted := plan.wanted.intersection(names):
            print(f"measuring {', '.join(n for n in names if n in wanted)} …", file=sys.stderr)
            try:
                found += [figure async for figure in measure(plan)]
            except NotMeasurable as why:
                print(f"not measured here: {why}", file=sys.stderr)
            except Exception:
                traceback.print_exc()
                failed = True
    return found, failed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    # Not `choices`: argparse holds them against the empty list too.
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--rounds", type=_count, default=5, help="of each figure (5)")
    parser.add_argument("--runs", type=_count, default=40, help="small runs a round (40)")
    parser.add_argument("--rows", type=_count, default=1_000_000, help="of the CSV (1000000)")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    parser.add_argument("--json", action="store_true", help="for scripts")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.figures) - set(NAMES)):
        parser.error(f"no figure {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return asked


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000_000:
        raise argparse.ArgumentTypeError("must be a number from 1")
    return number


if __name__ == "__main__":
    main()
