"""What a rerun would do with each block: reuse its earlier output, run it, or skip it; and why.

Invariant: a block is reused only if it succeeded, means the same in the version that will run, has
its output still, and nothing before it runs again. Reusing links the output; nothing is copied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from headrace.domain.definition import Block, Definition
from headrace.domain.json import JSONValue
from headrace.domain.lifecycle import BlockStatus
from headrace.domain.readiness import Decision, Upstreams, counts_as, decide
from headrace.domain.suggestions import nearest
from headrace.domain.templates import substitute


class RerunFrom(StrEnum):
    """Where a rerun begins."""

    FAILED = "FAILED"  # what did not succeed, and everything after it
    START = "START"  # everything
    BLOCKS = "BLOCKS"  # the named blocks, and everything after them


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """How a block of the earlier run ended. `output_kept`: its data set, if it left one, is
    there.
    """

    status: BlockStatus
    output_kept: bool


@dataclass(frozen=True)
class Reason:
    """Why a block runs, is reused or is skipped; or (`block` empty) why nothing can be done."""

    block: str
    message: str


@dataclass(frozen=True, kw_only=True)
class RerunPlan:
    """Names in definition order; a reason for each. `impossible` says why there is no plan."""

    reuse: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    impossible: tuple[Reason, ...] = ()


def plan_rerun(
    definition: Definition,
    earlier_definition: Definition,
    earlier: Mapping[str, Earlier],
    *,
    start: RerunFrom = RerunFrom.FAILED,
    blocks: Sequence[str] = (),
) -> RerunPlan:
    """Plans a rerun with `definition` of a run that had `earlier_definition`.

    Both definitions have the values of their run's params in their configs already (`filled`), so a
    param matters only to the blocks that use it.
    """
    impossible = _impossible(definition, start, blocks)
    if impossible:
        return RerunPlan(impossible=impossible)
    planner = _Planner(definition, earlier_definition, earlier)
    planner.start, planner.named = start, set(blocks)
    plan = planner.plan()
    if not plan.run:
        words = "nothing is left to run: every block succeeded; rerun it from START or name blocks"
        return RerunPlan(impossible=(Reason("", words),))
    return plan


def filled(definition: Definition, params: Mapping[str, JSONValue]) -> Definition:
    """The definition with a run's params in the configs of its blocks."""
    blocks = (
        replace(block, config=substitute(dict(block.config), params)) for block in definition.blocks
    )
    return replace(definition, blocks=tuple(blocks))


def _impossible(
    definition: Definition, start: RerunFrom, blocks: Sequence[str]
) -> tuple[Reason, ...]:
    if start is not RerunFrom.BLOCKS:
        if not blocks:
            return ()
        return (Reason("", f"blocks are given, but the rerun is from {start}: ask for BLOCKS"),)
    if not blocks:
        return (Reason("", "name at least one block to rerun from"),)
    known = list(definition.blocks_by_name)
    return tuple(
        Reason(name, f"there is no block {name}{_meant(name, known)}")
        for name in dict.fromkeys(blocks)
        if name not in definition.blocks_by_name
    )


def _meant(name: str, known: list[str]) -> str:
    meant = nearest(name, known)
    return f"; did you mean {meant}?" if meant else ""


class _Planner:
    def __init__(
        self,
        definition: Definition,
        earlier_definition: Definition,
        earlier: Mapping[str, Earlier],
    ) -> None:
        self._definition = definition
        self._before = earlier_definition
        self._earlier = earlier
        self.start = RerunFrom.FAILED
        self.named: set[str] = set()
        self._ends: dict[str, tuple[BlockStatus, bool]] = {}  # of reused and skipped blocks
        self._reasons: dict[str, str] = {}

    def plan(self) -> RerunPlan:
        levels = self._definition.graph.levels
        order = [block.name for block in self._definition.blocks]
        lists: dict[str, set[str]] = {"reuse": set(), "run": set(), "skip": set()}
        for name in sorted(order, key=lambda each: levels[each]):
            lists[self._place(self._definition.blocks_by_name[name])].add(name)
        return RerunPlan(
            reuse=tuple(name for name in order if name in lists["reuse"]),
            run=tuple(name for name in order if name in lists["run"]),
            skip=tuple(name for name in order if name in lists["skip"]),
            reasons=tuple(Reason(name, self._reasons[name]) for name in order),
        )

    def _place(self, block: Block) -> str:
        before = self._definition.graph.upstream(block.name)
        again = [name for name in before if name not in self._ends]
        because = self._must_run(block, again)
        if because is None:
            self._ends[block.name] = (BlockStatus.SUCCEEDED, False)
            self._reasons[block.name] = "it succeeded, and nothing before it changes"
            return "reuse"
        if before and not again and (skipped := self._skipped(block, before)):
            self._ends[block.name] = (BlockStatus.SKIPPED, skipped[1])
            self._reasons[block.name] = skipped[0]
            return "skip"
        self._reasons[block.name] = because
        return "run"

    def _must_run(self, block: Block, again: Sequence[str]) -> str | None:
        """Why a block cannot be reused, or None."""
        earlier = self._earlier.get(block.name)
        known = earlier is not None and block.name in self._before.blocks_by_name
        reasons = (
            (self.start is RerunFrom.START, "the rerun is from the start"),
            (block.name in self.named, "it was asked for"),
            (bool(again), f"{again[0]}, before it, runs" if again else ""),
            (not known, "the earlier run had no such block"),
        )
        found = next((words for holds, words in reasons if holds), None)
        if found is not None or earlier is None:
            return found
        return self._must_run_anew(block, earlier)

    def _must_run_anew(self, block: Block, earlier: Earlier) -> str | None:
        reasons = (
            (
                earlier.status is not BlockStatus.SUCCEEDED,
                f"it was {earlier.status} in the earlier run",
            ),
            (not self._same(block), "its config or inputs are not the same"),
            (not earlier.output_kept, "its output was removed by cleanup"),
        )
        return next((words for holds, words in reasons if holds), None)

    def _same(self, block: Block) -> bool:
        """Whether type, config and inputs are the same: retries and timeouts make no difference."""
        old = self._before.blocks_by_name[block.name]
        if (block.type, block.config, block.when) != (old.type, old.config, old.when):
            return False
        return _inputs(self._definition, block.name) == _inputs(self._before, block.name)

    def _skipped(self, block: Block, before: Sequence[str]) -> tuple[str, bool] | None:
        """Why a block whose upstreams are all decided is skipped, and if a failure is the cause."""
        counts = [counts_as(self._ends[n][0], skipped_by_failure=self._ends[n][1]) for n in before]
        ups = Upstreams(
            total=len(before),
            waiting_on=0,
            succeeded=sum(succeeded for succeeded, _ in counts),
            failed=sum(failed for _, failed in counts),
        )
        verdict = decide(block.when, ups)
        if verdict.decision is not Decision.SKIP:
            return None
        return verdict.reason, verdict.because_of_failure


def _inputs(definition: Definition, name: str) -> set[tuple[str, str]]:
    return {(edge.source, edge.input_name) for edge in definition.edges if edge.target == name}
