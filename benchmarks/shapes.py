"""The pipelines that are measured, as plain graphs: for the server and for the bare loop alike."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

FUNCTIONS = "benchmarks.trivial"


@dataclass(frozen=True)
class Shape:
    """Blocks 0..n-1, each a trivial function, and edges (from, to)."""

    name: str
    blocks: int
    edges: tuple[tuple[int, int], ...]

    @property
    def events(self) -> int:
        """Of a run that succeeds: three of the run's, four of each block's (ready, started, its
        data set, succeeded).
        """
        return 3 + 4 * self.blocks

    def document(self, function: str = "row") -> dict[str, Any]:
        """The definition, as importPipeline takes it."""
        config = {"function": f"{FUNCTIONS}:{function}"}
        return {
            "name": self.name,
            "blocks": [
                {"name": f"b{n}", "type": "PYTHON", "config": config} for n in range(self.blocks)
            ],
            "edges": [{"from": f"b{source}", "to": f"b{target}"} for source, target in self.edges],
        }


def chain(name: str, blocks: int) -> Shape:
    return Shape(name, blocks, tuple(pairwise(range(blocks))))


def fan(name: str, width: int) -> Shape:
    """One, then `width` at once, then one that waits for all."""
    middle = range(1, width + 1)
    last = width + 1
    return Shape(name, width + 2, tuple([(0, n) for n in middle] + [(n, last) for n in middle]))


def levels(name: str, count: int, width: int) -> Shape:
    """`count` levels of `width`, each block waiting for two of the level before it; no two wait for
    the same ones, so that a graph of them folds nothing.
    """
    edges = [
        (width * (level - 1) + source, width * level + block)
        for level in range(1, count)
        for block in range(width)
        for source in (block, (block + 1) % width)
    ]
    return Shape(name, count * width, tuple(edges))


CHAIN = chain("chain", 40)
FANOUT = fan("fanout", 100)
PAIR = chain("pair", 2)
SMALL = chain("small", 3)
SHAPES = (CHAIN, FANOUT, PAIR, SMALL)
