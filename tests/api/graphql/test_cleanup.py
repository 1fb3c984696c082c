"""Cleanup as clients ask for it, and what they see of what went."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from headrace.domain.lifecycle import RunStatus
from headrace.services.artifacts import ArtifactRemoved, locate
from tests.api.graphql.asking import Asking
from tests.databases import Database
from tests.services.test_cleanup import age
from tests.worker.house import House, call, open_house, settings_for

CLEANUP = """
mutation ($input: CleanupInput!) { cleanup(input: $input) {
  __typename
  ... on CleanupSuccess { runs artifacts bytes dryRun }
  ... on Error { code message }
  ... on ValueOutOfRange { field min max }
} }
"""
ARTIFACT = """
query ($id: ID!) { artifact(id: $id) {
  name removedAt run { id } downloadUrl preview { __typename } block attempt sha256 sizeBytes
} }
"""
SIGN = """
mutation ($id: ID!) { signArtifact(input: {artifactId: $id}) {
  __typename ... on Error { code message }
} }
"""


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    async with open_house(settings_for(tmp_path, database)) as opened:
        yield opened


@pytest.fixture
def api(house: House) -> Asking:
    return Asking(house.services)


async def cleaned(api: Asking, days: int, **rest: Any) -> dict[str, Any]:
    found = await api(CLEANUP, input={"olderThanDays": days, **rest})
    result: dict[str, Any] = found["cleanup"]
    return result


async def old_run(house: House) -> tuple[str, str]:
    """A run that finished ten days ago, and its artifact."""
    run_id = await house.start([call("make", "numbers", args={"count": 3})])
    assert await house.end(run_id) is RunStatus.SUCCEEDED
    (artifact,) = await house.artifacts(run_id)
    await age(house, run_id, 10)
    return run_id, artifact.id


async def test_a_dry_run_says_what_would_go_and_nothing_goes(house: House, api: Asking) -> None:
    run_id, artifact = await old_run(house)
    told = await cleaned(api, 5, dryRun=True)
    assert (told["runs"], told["artifacts"], told["dryRun"]) == (1, 1, True)
    assert int(told["bytes"]) > 0
    assert await house.block(run_id, "make")
    done = await cleaned(api, 5)
    assert done == {**told, "dryRun": False}
    assert await cleaned(api, 5) == {**told, "runs": 0, "artifacts": 0, "bytes": 0, "dryRun": False}
    assert (await api(ARTIFACT, id=artifact))["artifact"]["removedAt"] is not None


async def test_what_went_says_when_and_shows_nothing_more(house: House, api: Asking) -> None:
    run_id, artifact = await old_run(house)
    before = (await api(ARTIFACT, id=artifact))["artifact"]
    assert (before["removedAt"], before["run"]) == (None, {"id": run_id})
    assert before["downloadUrl"] == f"/artifacts/{artifact}/download"
    assert before["preview"] == {"__typename": "TablePreview"}
    await cleaned(api, 5)
    after = (await api(ARTIFACT, id=artifact))["artifact"]
    assert after["removedAt"] is not None
    assert (after["run"], after["downloadUrl"], after["preview"]) == (None, None, None)
    assert {key: after[key] for key in ("name", "block", "sha256")} == {
        key: before[key] for key in ("name", "block", "sha256")
    }
    signed = (await api(SIGN, id=artifact))["signArtifact"]
    assert (signed["__typename"], signed["code"]) == ("ArtifactNotFound", "GONE")
    assert isinstance(await locate(house.services, artifact), ArtifactRemoved)  # answers 410
    gone = await api(
        "query ($id: ID!) { run(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }",
        id=run_id,
    )
    assert gone == {"run": None, "node": None, "nodes": [None]}


async def test_a_linked_artifact_outlives_the_run_that_made_it(house: House, api: Asking) -> None:
    first = await house.start(
        [call("make", "numbers", args={"count": 3}), call("check", "fail")], [("make", "check")]
    )
    await house.end(first)
    again = await api(
        "mutation ($id: ID!) { rerun(input: {runId: $id}) "
        "{ ... on StartRunSuccess { run { id } } } }",
        id=first,
    )
    second = again["rerun"]["run"]["id"]
    await house.end(second)
    await age(house, first, 10)
    assert (await cleaned(api, 5))["artifacts"] == 0
    run = await api(
        """query ($id: ID!) { run(id: $id) { parent { id } block(name: "make") {
             reusedFrom { id } artifacts { name removedAt run { id } downloadUrl
                                           preview { __typename } } } } }""",
        id=second,
    )
    assert run["run"]["parent"] is None
    assert run["run"]["block"]["reusedFrom"] is None
    (linked,) = run["run"]["block"]["artifacts"]
    assert (linked["name"], linked["removedAt"], linked["run"]) == ("output.arrow", None, None)
    assert (linked["downloadUrl"] is not None, linked["preview"] is not None) == (True, True)


async def test_days_are_bounded_and_nothing_goes_then(house: House, api: Asking) -> None:
    await old_run(house)
    for days in (-1, 36_501):
        refused = await cleaned(api, days)
        assert (refused["__typename"], refused["code"]) == ("ValueOutOfRange", "INVALID")
        assert (refused["field"], refused["min"], refused["max"]) == ("olderThanDays", 0, 36_500)
    assert (await cleaned(api, 36_500))["runs"] == 0
    assert (await cleaned(api, 0))["runs"] == 1


async def test_a_key_repeats_the_numbers_of_the_first_time(house: House, api: Asking) -> None:
    await old_run(house)
    first = await cleaned(api, 5, idempotencyKey="k")
    assert first["runs"] == 1
    assert await cleaned(api, 5, idempotencyKey="k") == first
    conflict = await cleaned(api, 5, dryRun=True, idempotencyKey="k")
    assert (conflict["__typename"], conflict["code"]) == (
        "IdempotencyConflict",
        "IDEMPOTENCY_CONFLICT",
    )
    nothing = await cleaned(api, 5, idempotencyKey="n")
    await old_run(house)
    assert await cleaned(api, 5, idempotencyKey="n") == nothing  # also what was nothing is kept
