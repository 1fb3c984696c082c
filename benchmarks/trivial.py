"""What the PYTHON blocks of the benchmarks call. Nothing is imported, nothing computed."""

import time

WAIT_SECONDS = 3


def row() -> list[dict[str, int]]:
    """A data set of one row: the least that a block can hand on."""
    return [{"n": 1}]


def nothing() -> None:
    """No data set either."""


def lines() -> None:
    """A log of 10,000 lines."""
    for number in range(10_000):
        print(f"line {number}: {'x' * (number % 120)}")


def wait() -> dict[str, int]:
    """Time for watchers to come, and then a row."""
    time.sleep(WAIT_SECONDS)
    return {"n": 1}
