"""Which changes are told to somebody who watches a filtered list of runs."""

from dataclasses import replace

import pytest

from headrace.api.graphql.enums import ChangeKind
from headrace.api.graphql.watching import Change, Membership
from headrace.domain.lifecycle import RunStatus
from headrace.store.reads.run_filters import RunFilter
from headrace.store.reads.runs import RunRow

BEGAN = 1_000
ROW = RunRow(
    id="r",
    pipeline_id="pl",
    version_id="pv",
    status="QUEUED",
    status_reason=None,
    trigger="API",
    params="{}",
    priority=0,
    parent_id=None,
    created_at=BEGAN,
    started_at=None,
    finished_at=None,
    error=None,
    last_seq=1,
    cancel_requested_at=None,
    cancel_requested_clock=None,
    cancel_reason=None,
    schedule_id=None,
)
CREATED, UPDATED, REMOVED = ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.REMOVED


def told(members: Membership, *statuses: str | None, eligible: bool = True) -> list[str]:
    """What is told as one run takes these states; None: it is gone."""
    kinds: list[str] = []
    for status in statuses:
        rows = {} if status is None else {"r": replace(ROW, status=status)}
        found = members.changes(["r"], rows, {"r"} if eligible and rows else set())
        kinds.extend(change.kind.value for change in found)
    return kinds


def watching(*status: RunStatus) -> Membership:
    return Membership(RunFilter(status=frozenset(status) if status else None), BEGAN)


def test_without_a_filter_every_change_is_told() -> None:
    assert told(watching(), "QUEUED", "RUNNING", "FAILED") == ["CREATED", "UPDATED", "UPDATED"]


def test_an_old_run_is_never_new() -> None:
    members = Membership(RunFilter(), BEGAN + 1)
    assert told(members, "RUNNING") == ["UPDATED"]


def test_leaving_the_filter_is_told_once() -> None:
    members = watching(RunStatus.RUNNING)
    assert told(members, "QUEUED", "RUNNING", "CANCELLING", "CANCELLED") == ["CREATED", "REMOVED"]


def test_a_run_that_may_have_been_in_the_clients_list_is_removed_from_it() -> None:
    """The client queried while it was RUNNING; it changes for the first time since."""
    assert told(watching(RunStatus.RUNNING), "SUCCEEDED") == ["REMOVED"]


@pytest.mark.parametrize("status", ["QUEUED", "RUNNING"])
def test_a_run_that_cannot_have_matched_yet_is_not_told(status: str) -> None:
    assert told(watching(RunStatus.FAILED), status) == []


def test_a_run_may_come_back_into_the_filter() -> None:
    members = watching(RunStatus.QUEUED, RunStatus.SUCCEEDED)
    assert told(members, "QUEUED", "RUNNING", "SUCCEEDED") == ["CREATED", "REMOVED", "UPDATED"]


def test_a_deleted_run_is_removed_once() -> None:
    assert told(watching(), "QUEUED", None, None) == ["CREATED", "REMOVED"]


def test_a_run_outside_the_lasting_conditions_is_never_told() -> None:
    members = watching(RunStatus.RUNNING)
    assert told(members, "RUNNING", "SUCCEEDED", eligible=False) == []
    assert members.lasting == RunFilter()


def test_changes_keep_their_order() -> None:
    rows = {name: replace(ROW, id=name) for name in "abc"}
    found = watching().changes(["c", "a", "b"], rows, set("abc"))
    assert found == [Change(CREATED, name) for name in "cab"]
