"""What changes something: each success and each expected failure."""

from pathlib import Path
from typing import Any

import pytest

from headrace.api.graphql.context import RequestInfo
from headrace.domain.grants import Grants
from headrace.services.core import Services
from tests.api.graphql.asking import Asking
from tests.store.reads.world import World, data_set, document

IMPORT = """
mutation ($input: ImportPipelineInput!) { importPipeline(input: $input) {
  __typename
  ... on ImportPipelineSuccess { created pipeline { id name latestVersion { number } }
                                 version { id number digest } }
  ... on Error { code message }
  ... on PipelineInvalid { problems { code message path line column blocks suggestion } }
  ... on PipelineExists { pipeline { name } }
} }
"""
START = """
mutation ($input: StartRunInput!) { startRun(input: $input) {
  __typename
  ... on StartRunSuccess { run { id status trigger params priority labels { key value }
                                 version { number } blocks { status } } }
  ... on Error { code message }
  ... on PipelineNotFound { nearest }
  ... on PipelineVersionNotFound { latest }
  ... on PipelineArchived { pipeline { name archivedAt } }
  ... on ParamsInvalid { problems { code path } }
} }
"""
CANCEL = """
mutation ($input: CancelRunsInput!) { cancelRuns(input: $input) {
  __typename
  ... on CancelRunsSuccess { results { __typename
    ... on CancelRunSuccess { run { id status statusReason cancellation { reason stage } } }
    ... on RunAlreadyFinished { code message run { id } }
    ... on RunNotFound { code message } } }
  ... on LimitExceeded { code max }
  ... on IdempotencyConflict { code message }
} }
"""
SIGN = """
mutation ($input: SignArtifactInput!) { signArtifact(input: $input) {
  __typename
  ... on SignArtifactSuccess { url expiresAt artifact { id name } }
  ... on Error { code message }
  ... on ValueOutOfRange { field min max }
} }
"""
SYNTHESIZE = """
mutation ($input: SynthesizeDatasetInput!) { synthesizeDataset(input: $input) {
  __typename
  ... on SynthesizeDatasetSuccess { count path }
  ... on Error { code message }
  ... on PathRefused { allowedRoots }
  ... on ValueOutOfRange { field min max }
} }
"""
YAML = """
name: demo
blocks:
  - name: a
    type: PYTHON
    config: {function: "m:f"}
"""
OBJECT = {
    "name": "demo",
    "blocks": [{"name": "a", "type": "PYTHON", "config": {"function": "m:f"}}],
    "edges": [],
}


async def imported(api: Asking, source: dict[str, Any], **rest: Any) -> dict[str, Any]:
    found = await api(IMPORT, input={"source": source, **rest})
    result: dict[str, Any] = found["importPipeline"]
    return result


async def started(api: Asking, **given: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await api(START, input=given))["startRun"]
    return result


async def cancelled(api: Asking, **given: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await api(CANCEL, input=given))["cancelRuns"]
    return result


async def test_the_same_definition_in_three_forms_is_one_version(api: Asking) -> None:
    first = await imported(api, {"yaml": YAML})
    assert first["__typename"] == "ImportPipelineSuccess"
    assert (first["created"], first["version"]["number"]) == (True, 1)
    json_form = (
        '{"name": "demo", "blocks": [{"name": "a", "type": "PYTHON",'
        ' "config": {"function": "m:f"}}]}'
    )
    for source in ({"json": json_form}, {"definition": OBJECT}):
        again = await imported(api, source)
        assert again["created"] is False
        assert again["version"] == first["version"]


async def test_another_definition_of_a_name_needs_leave_to_replace(api: Asking) -> None:
    await imported(api, {"yaml": YAML})
    changed = YAML.replace("name: a", "name: b")
    refused = await imported(api, {"yaml": changed})
    assert (refused["__typename"], refused["code"]) == ("PipelineExists", "CONFLICT")
    assert refused["pipeline"] == {"name": "demo"}
    in_document = await imported(api, {"yaml": f"replace_if_exists: true\n{changed}"})
    assert (in_document["created"], in_document["version"]["number"]) == (False, 2)
    overruled = await imported(
        api, {"yaml": f"replace_if_exists: true\n{YAML}"}, replaceIfExists=False
    )
    assert overruled["__typename"] == "PipelineExists"
    replaced = await imported(api, {"yaml": YAML}, replaceIfExists=True)
    assert replaced["version"]["number"] == 3
    assert replaced["pipeline"]["latestVersion"]["number"] == 3


async def test_every_problem_of_a_definition_has_its_place(api: Asking, world: World) -> None:
    wrong = "name: demo\nblocks:\n  - name: a\n    type: PYTHN\n  - nme: b\n"
    result = await imported(api, {"yaml": wrong})
    assert (result["__typename"], result["code"]) == ("PipelineInvalid", "INVALID")
    problems = {problem["code"]: problem for problem in result["problems"]}
    assert problems["UNKNOWN_BLOCK_TYPE"]["suggestion"] == "PYTHON"
    assert (problems["UNKNOWN_BLOCK_TYPE"]["line"], problems["UNKNOWN_BLOCK_TYPE"]["column"]) == (
        4,
        11,
    )
    assert problems["UNKNOWN_KEY"]["path"] == ["blocks", "1", "nme"]
    assert (await api("{ pipelines { totalCount } }"))["pipelines"]["totalCount"] == 0


async def test_an_input_object_becomes_a_whole_document(api: Asking) -> None:
    whole = {
        "name": "whole",
        "description": "all of it",
        "params": [
            {"name": "count", "type": "INTEGER", "default": 3, "minimum": 1, "choices": [1, 3]},
            {"name": "s", "type": "STRING", "required": False},
        ],
        "blocks": [
            {
                "name": "a",
                "type": "PYTHON",
                "config": {"function": "m:f"},
                "retry": {"maxAttempts": 2, "delaySeconds": 0.5},
                "timeoutSeconds": 9,
                "when": "ALL_DONE",
                "cache": False,
            },
            {"name": "b", "type": "PYTHON", "config": {"function": "m:f"}, "retry": None},
        ],
        "edges": [{"from": "a", "to": "b", "as": "rows"}],
    }
    assert (await imported(api, {"definition": whole}))["created"] is True
    found = await api(
        """{ pipeline(name: "whole") {
          description archivedAt createdAt
          definition json: definition(format: JSON)
          params { name type default required description choices minimum maximum }
          latestVersion { definition graph { nodes { name } } }
          version(number: 1) { number } none: version(number: 2) { number }
          versions { totalCount nodes { number digest } }
        } }"""
    )
    pipeline = found["pipeline"]
    assert pipeline["definition"] == (
        "name: whole\n"
        "description: all of it\n"
        "params:\n"
        "  - name: count\n    type: integer\n    default: 3\n    choices:\n      - 1\n      - 3\n"
        "    minimum: 1\n"
        "  - name: s\n    type: string\n    required: false\n"
        "blocks:\n"
        "  - name: a\n    type: PYTHON\n    config:\n      function: m:f\n"
        "    retry:\n      max_attempts: 2\n      delay_seconds: 0.5\n"
        "    timeout_seconds: 9\n    when: all_done\n"
        "  - name: b\n    type: PYTHON\n    config:\n      function: m:f\n"
        "edges:\n  - from: a\n    to: b\n    as: rows\n"
    )
    assert pipeline["latestVersion"]["definition"] == pipeline["definition"]
    assert pipeline["params"][0] == {
        "name": "count",
        "type": "INTEGER",
        "default": 3,
        "required": False,
        "description": None,
        "choices": [1, 3],
        "minimum": 1.0,
        "maximum": None,
    }
    assert (pipeline["version"], pipeline["none"]) == ({"number": 1}, None)
    assert pipeline["versions"]["totalCount"] == 1
    again = await imported(api, {"json": pipeline["json"]})
    assert again["version"]["number"] == 1


@pytest.mark.parametrize("source", [{}, {"yaml": "a", "json": "b"}, {"yaml": None}])
async def test_a_definition_comes_in_exactly_one_form(
    api: Asking, source: dict[str, object]
) -> None:
    assert (await api.error(IMPORT, input={"source": source}))[0] == "BAD_USER_INPUT"


async def test_a_run_is_started_as_it_was_asked_for(api: Asking, world: World) -> None:
    given = document("p", params=[{"name": "n", "type": "integer", "default": 3}])
    await world.save(given)
    result = await started(
        api,
        pipeline="p",
        params={"n": 5},
        priority=100,
        labels=[{"key": "team", "value": "x"}],
        timeoutSeconds=3.5,
    )
    run = result["run"]
    assert run.pop("id").startswith("run_")
    assert run == {
        "status": "QUEUED",
        "trigger": "API",
        "params": {"n": 5},
        "priority": 100,
        "labels": [{"key": "team", "value": "x"}],
        "version": {"number": 1},
        "blocks": [{"status": "READY"}, {"status": "WAITING"}],
    }
    assert (await started(api, pipeline="p"))["run"]["params"] == {"n": 3}


@pytest.mark.parametrize(
    ("client", "trigger"), [("ui", "UI"), ("cli", "CLI"), ("CLI", "CLI"), ("curl", "API")]
)
async def test_the_client_says_who_starts(
    services: Services, world: World, client: str, trigger: str
) -> None:
    await world.save(document("p"))
    api = Asking(services, RequestInfo(principal="t", client=client))
    assert (await started(api, pipeline="p"))["run"]["trigger"] == trigger


async def test_what_cannot_be_started_says_why(api: Asking, world: World) -> None:
    saved = await world.save(document("sentiment", params=[{"name": "n", "type": "integer"}]))
    unknown = await started(api, pipeline="sentimnt")
    assert (unknown["__typename"], unknown["code"]) == ("PipelineNotFound", "NOT_FOUND")
    assert unknown["nearest"] == ["sentiment"]
    assert unknown["message"].endswith("did you mean 'sentiment'?")
    version = await started(api, pipeline="sentiment", version=7)
    assert (version["__typename"], version["latest"]) == ("PipelineVersionNotFound", 1)
    invalid = await started(api, pipeline="sentiment", params={"m": 1})
    assert (invalid["__typename"], invalid["code"]) == ("ParamsInvalid", "INVALID")
    assert {problem["code"] for problem in invalid["problems"]} == {
        "UNKNOWN_PARAM",
        "MISSING_PARAM",
    }
    await world.archive(saved.pipeline_id)
    archived = await started(api, pipeline="sentiment", params={"n": 1})
    assert archived["__typename"] == "PipelineArchived"
    assert archived["pipeline"]["archivedAt"] == "1970-01-01T00:00:00.001Z"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"priority": 101}, "priority"),
        ({"timeoutSeconds": 0}, "timeoutSeconds"),
        ({"params": [1]}, "params"),
        ({"params": {"x": "x" * 262_144}}, "params"),
        ({"budget": {"tokens": "12"}}, "budget"),
        ({"labels": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, "labels"),
        ({"idempotencyKey": ""}, "idempotencyKey"),
        ({"idempotencyKey": "a\nb"}, "idempotencyKey"),
    ],
)
async def test_a_field_at_fault_is_named(
    api: Asking, world: World, given: dict[str, object], field: str
) -> None:
    await world.save(document("p"))
    answer = await api.response(START, input={"pipeline": "p", **given})
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert (await api("{ runs { totalCount } }"))["runs"]["totalCount"] == 0


async def test_a_repeated_start_gives_the_same_run(api: Asking, world: World) -> None:
    await world.save(document("p"))
    first = await started(api, pipeline="p", idempotencyKey="k")
    await world.cancel(first["run"]["id"])
    again = await started(api, pipeline="p", idempotencyKey="k")
    assert (again["run"]["id"], again["run"]["status"]) == (first["run"]["id"], "CANCELLED")
    conflict = await started(api, pipeline="p", priority=1, idempotencyKey="k")
    assert (conflict["__typename"], conflict["code"]) == (
        "IdempotencyConflict",
        "IDEMPOTENCY_CONFLICT",
    )


async def test_cancellations_in_bulk_have_a_result_each(api: Asking, world: World) -> None:
    queued, running, over = [await world.start(document("p")) for _ in range(3)]
    await world.cancel(queued)
    await world.cancel(over)
    (claimed,) = await world.claim(await world.worker())
    assert claimed.claim.run_id == running
    queued = await world.start(document("p"))
    result = await cancelled(api, runIds=[over, "run_nobody", queued, running], reason="enough")
    finished, missing, now, soon = result["results"]
    assert (finished["__typename"], finished["code"]) == ("RunAlreadyFinished", "CONFLICT")
    assert finished["run"] == {"id": over}
    assert (missing["__typename"], missing["code"]) == ("RunNotFound", "NOT_FOUND")
    assert (now["run"]["status"], now["run"]["statusReason"]) == ("CANCELLED", "enough")
    assert (soon["run"]["status"], soon["run"]["cancellation"]["stage"]) == ("CANCELLING", "ASKED")


async def test_a_filter_cancels_what_is_not_over(api: Asking, world: World) -> None:
    over, mine, other = [await world.start(document(name)) for name in ("p", "p", "q")]
    await world.cancel(over)
    result = await cancelled(api, filter={"pipeline": "p"})
    assert [each["run"]["id"] for each in result["results"]] == [mine]
    assert (await cancelled(api, filter={"status": ["SUCCEEDED"]}))["results"] == []
    found = await api("query ($id: ID!) { run(id: $id) { status } }", id=other)
    assert found["run"]["status"] == "QUEUED"


async def test_cancellations_are_bounded(api: Asking) -> None:
    result = await cancelled(api, runIds=[f"run_{number}" for number in range(501)])
    assert (result["__typename"], result["max"]) == ("LimitExceeded", 500)
    both: dict[str, object] = {"runIds": [], "filter": {}}
    for given in ({}, both, {"runIds": [], "reason": "x" * 1_001}):
        assert (await api.error(CANCEL, input=given))[0] == "BAD_USER_INPUT"


async def test_two_mutations_each_show_the_moment_after_their_own_commit(
    api: Asking, world: World
) -> None:
    await world.save(document("p"))
    found = await api(
        """mutation {
          one: startRun(input: {pipeline: "p"}) { ... on StartRunSuccess { run {
            pipeline { runs { totalCount } } } } }
          two: startRun(input: {pipeline: "p"}) { ... on StartRunSuccess { run {
            pipeline { runs { totalCount } } } } }
        }"""
    )
    assert found["one"]["run"]["pipeline"]["runs"]["totalCount"] == 1
    assert found["two"]["run"]["pipeline"]["runs"]["totalCount"] == 2


async def test_an_artifact_is_signed(api: Asking, world: World) -> None:
    await world.start(document("p"))
    artifact = await world.publish(await world.claim_one(await world.worker()), data_set())
    result = (await api(SIGN, input={"artifactId": artifact, "ttlSeconds": 60}))["signArtifact"]
    assert result["url"].startswith(f"/artifacts/{artifact}/download?expires=")
    assert result["artifact"] == {"id": artifact, "name": "output.arrow"}
    range_ = (await api(SIGN, input={"artifactId": artifact, "ttlSeconds": 0}))["signArtifact"]
    assert (range_["__typename"], range_["code"]) == ("ValueOutOfRange", "INVALID")
    assert (range_["field"], range_["min"], range_["max"]) == ("ttlSeconds", 1, 86_400)
    absent = (await api(SIGN, input={"artifactId": "art_nobody"}))["signArtifact"]
    assert (absent["__typename"], absent["code"]) == ("ArtifactNotFound", "NOT_FOUND")


async def test_a_data_set_is_synthesized_within_the_roots(api: Asking, services: Services) -> None:
    result = (await api(SYNTHESIZE, input={}))["synthesizeDataset"]
    assert (result["__typename"], result["count"]) == ("SynthesizeDatasetSuccess", 40)
    written = services.settings.data_dir / "sample_messages.csv"
    assert written.read_text().splitlines()[0] == "id,text"
    outside = (await api(SYNTHESIZE, input={"outputPath": "/etc/x.csv"}))["synthesizeDataset"]
    assert (outside["__typename"], outside["code"]) == ("PathRefused", "FORBIDDEN")
    assert str(services.settings.data_dir.resolve()) in outside["allowedRoots"]
    many = (await api(SYNTHESIZE, input={"count": 100_001}))["synthesizeDataset"]
    assert (many["field"], many["min"], many["max"]) == ("count", 1, 100_000)


async def test_grants_of_the_command_line_reach_the_services(
    services: Services, tmp_path: Path
) -> None:
    outside = tmp_path / "outside" / "x.csv"
    outside.parent.mkdir()
    caller = RequestInfo(principal="local", grants=Grants(paths=(str(outside),)))
    given = {"outputPath": str(outside), "count": 3}
    result = (await Asking(services, caller)(SYNTHESIZE, input=given))["synthesizeDataset"]
    assert (result["__typename"], outside.exists()) == ("SynthesizeDatasetSuccess", True)
