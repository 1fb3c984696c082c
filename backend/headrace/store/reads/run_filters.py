"""Which runs of a list are meant, and the statements that find them.

A statement depends on which conditions a filter has, never on their values, so each shape is built
and compiled once. Statements are written for the index that serves them: a label leads its list,
and bounds on `created_at`, which no index has, become bounds on ids first.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, select

from headrace.domain.lifecycle import RunStatus
from headrace.store.reads.keyset import AnySelect
from headrace.store.reads.rows import contains, like_pattern
from headrace.store.tables import pipelines, run_labels, runs

# A run's id and its `created_at` are both read from the wall clock while its row is written: they
# cannot be this far apart.
_ID_SLACK_MS: Final = 3_600_000
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFilter:
    """Which runs of a list are meant; every condition must hold, and every label.

    `created_after` is inclusive and `created_before` exclusive, in ms since the epoch. `search` is
    a part of the run's id or of its pipeline's name, letter case aside.
    """

    status: frozenset[RunStatus] | None = None
    pipeline: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    created_after: int | None = None
    created_before: int | None = None
    search: str | None = None
    pipeline_id: str | None = None
    parent_id: str | None = None


EVERY_RUN: Final = RunFilter()


@dataclass(frozen=True, slots=True)
class Shape:
    """Which conditions a filter has: what its statements depend on, and nothing more."""

    status: bool
    pipeline: bool
    pipeline_id: bool
    parent: bool
    labels: int
    after: bool
    before: bool
    search: bool

    @classmethod
    def of(cls, condition: RunFilter) -> "Shape":
        return cls(
            condition.status is not None,
            condition.pipeline is not None,
            condition.pipeline_id is not None,
            condition.parent_id is not None,
            len(condition.labels),
            condition.created_after is not None,
            condition.created_before is not None,
            condition.search is not None,
        )

    @property
    def order(self) -> ColumnElement[Any]:
        """The id of a run, in the table whose index the list is read along."""
        return run_labels.c.run_id if self.labels else runs.c.id

    def within(self, statement: AnySelect) -> AnySelect:
        """A statement over `runs`, bounded to the ids that the filter's times allow."""
        if self.after:
            statement = statement.where(runs.c.id >= bindparam("id_after"))
        if self.before:
            statement = statement.where(runs.c.id < bindparam("id_before"))
        return statement

    def where(self, statement: AnySelect) -> AnySelect:
        """A statement that selects columns of `runs`, with the filter's conditions."""
        statement = self.within(_from(statement, self.labels))
        if self.after:
            statement = statement.where(runs.c.created_at >= bindparam("after"))
        if self.before:
            statement = statement.where(runs.c.created_at < bindparam("before"))
        if self.status:
            statement = statement.where(runs.c.status.in_(bindparam("status", expanding=True)))
        if self.pipeline:
            named = select(pipelines.c.id).where(pipelines.c.name == bindparam("pipeline"))
            statement = statement.where(runs.c.pipeline_id == named.scalar_subquery())
        if self.pipeline_id:
            statement = statement.where(runs.c.pipeline_id == bindparam("pipeline_id"))
        if self.parent:
            statement = statement.where(runs.c.parent_id == bindparam("parent"))
        if self.search:
            named_so = select(pipelines.c.id).where(contains(pipelines.c.name, "part"))
            statement = statement.where(
                contains(runs.c.id, "part") | runs.c.pipeline_id.in_(named_so)
            )
        return statement


def values_of(condition: RunFilter) -> dict[str, Any]:
    """The parameters of a filter's statements."""
    after, before = condition.created_after, condition.created_before
    values: dict[str, Any] = {
        "status": None if condition.status is None else sorted(condition.status),
        "pipeline": condition.pipeline,
        "pipeline_id": condition.pipeline_id,
        "parent": condition.parent_id,
        "after": after,
        "before": before,
        "part": None if condition.search is None else like_pattern(condition.search),
        "id_after": None if after is None else _first_id_of(after - _ID_SLACK_MS),
        "id_before": None if before is None else _first_id_of(before + _ID_SLACK_MS),
    }
    for number, (key, value) in enumerate(condition.labels):
        values[f"key_{number}"], values[f"value_{number}"] = key, value
    return {name: value for name, value in values.items() if value is not None}


def _first_id_of(at: int) -> str:
    """What no id of this time or later comes before: a prefix, by the layout of ids."""
    clamped = min(max(at, 0), 2**48 - 1)
    return "run_" + "".join(_ALPHABET[(clamped >> shift) & 31] for shift in range(45, -5, -5))


def _from(statement: AnySelect, labels: int) -> AnySelect:
    if not labels:
        return statement.select_from(runs)
    joined = run_labels.join(runs, runs.c.id == run_labels.c.run_id)
    statement = statement.select_from(joined).where(
        run_labels.c.key == bindparam("key_0"), run_labels.c.value == bindparam("value_0")
    )
    for number in range(1, labels):
        other = run_labels.alias(f"label_{number}")
        statement = statement.where(
            exists().where(
                other.c.run_id == runs.c.id,
                other.c.key == bindparam(f"key_{number}"),
                other.c.value == bindparam(f"value_{number}"),
            )
        )
    return statement
