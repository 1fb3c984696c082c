"""What the PYTHON blocks of the benchmarks call. Nothing is imported, nothing computed."""


def row() -> list[dict[str, int]]:
    """A data set of one row: the least that a block can hand on."""
    return [{"n": 1}]


def nothing() -> None:
    """No data set either."""
