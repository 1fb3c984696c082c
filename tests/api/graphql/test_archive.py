"""Archived pipelines: out of use, not out of the world."""

from typing import Any

from headrace.services.core import Services
from tests.api.graphql.asking import Asking
from tests.api.graphql.test_mutations import imported, started
from tests.store.reads.world import World, document

ARCHIVE = """
mutation ($input: ArchivePipelineInput!) { archivePipeline(input: $input) {
  __typename
  ... on ArchivePipelineSuccess { pipeline { id name archivedAt latestVersion { number }
                                             runs { nodes { id status } } } }
  ... on Error { code message }
  ... on PipelineNotFound { nearest }
} }
"""
DEFINITION = {
    "name": "demo",
    "blocks": [{"name": "a", "type": "PYTHON", "config": {"function": "m:f"}}],
    "edges": [],
}


async def archived(api: Asking, name: str = "demo", **rest: Any) -> dict[str, Any]:
    found: dict[str, Any] = await api(ARCHIVE, input={"name": name, **rest})
    result: dict[str, Any] = found["archivePipeline"]
    return result


async def test_an_archived_pipeline_keeps_its_runs_and_is_out_of_lists(
    api: Asking, world: World
) -> None:
    await imported(api, {"definition": DEFINITION})
    run = (await started(api, pipeline="demo"))["run"]
    result = await archived(api)
    assert result["__typename"] == "ArchivePipelineSuccess"
    assert result["pipeline"]["archivedAt"] is not None
    assert result["pipeline"]["runs"]["nodes"] == [{"id": run["id"], "status": "QUEUED"}]
    assert (await api("{ pipelines { nodes { name } } }"))["pipelines"]["nodes"] == []
    assert (await started(api, pipeline="demo"))["__typename"] == "PipelineArchived"
    found = await api('{ pipeline(name: "demo") { name archivedAt } }')
    assert found["pipeline"]["archivedAt"] == result["pipeline"]["archivedAt"]
    await world.finish(run["id"], await world.worker())


async def test_archiving_again_is_a_success_and_keeps_the_first_time(api: Asking) -> None:
    await imported(api, {"definition": DEFINITION})
    first = await archived(api)
    assert await archived(api) == first


async def test_importing_it_again_revives_it(api: Asking) -> None:
    await imported(api, {"definition": DEFINITION})
    await archived(api)
    revived = await imported(api, {"definition": DEFINITION})
    assert (revived["__typename"], revived["created"]) == ("ImportPipelineSuccess", False)
    assert (await api('{ pipeline(name: "demo") { archivedAt } }'))["pipeline"] == {
        "archivedAt": None
    }
    assert (await started(api, pipeline="demo"))["__typename"] == "StartRunSuccess"


async def test_an_unknown_name_has_its_nearest(api: Asking, world: World) -> None:
    await world.save(document("demo"))
    missing = await archived(api, "demmo")
    assert (missing["__typename"], missing["code"]) == ("PipelineNotFound", "NOT_FOUND")
    assert missing["nearest"] == ["demo"]
    assert "did you mean 'demo'" in missing["message"]


async def test_a_key_repeats_the_archiving_and_refuses_another_name(
    api: Asking, services: Services
) -> None:
    await imported(api, {"definition": DEFINITION})
    await imported(api, {"definition": {**DEFINITION, "name": "other"}})
    first = await archived(api, idempotencyKey="k")
    await imported(api, {"definition": DEFINITION})
    again = await archived(api, idempotencyKey="k")
    # The same member and the same pipeline, its fields as they are now: it was revived since.
    assert again["pipeline"]["id"] == first["pipeline"]["id"]
    assert again["pipeline"]["archivedAt"] is None
    conflict = await archived(api, "other", idempotencyKey="k")
    assert (conflict["__typename"], conflict["code"]) == (
        "IdempotencyConflict",
        "IDEMPOTENCY_CONFLICT",
    )
    assert (await archived(api, "nobody", idempotencyKey="n"))["__typename"] == "PipelineNotFound"
    await imported(api, {"definition": {**DEFINITION, "name": "nobody"}})
    kept = await archived(api, "nobody", idempotencyKey="n")
    assert kept["__typename"] == "ArchivePipelineSuccess"  # a failure was not kept
