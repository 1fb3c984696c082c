"""The other roots of queries: nodes, the catalogue, validation, the queue, workers, the service."""

from headrace.api.graphql.context import RequestInfo
from headrace.services.core import Services, open_services
from headrace.settings import Settings
from headrace.store.workers import mark_lost, stop
from tests.api.graphql.asking import Asking
from tests.databases import Database
from tests.store.reads.world import World, data_set, document

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def test_a_node_is_found_again_by_its_id(api: Asking, world: World) -> None:
    saved = await world.save(document("p"))
    run = await world.start(saved)
    worker = await world.worker()
    artifact = await world.publish(await world.claim_one(worker), data_set())
    found = await api("query ($id: ID!) { run(id: $id) { blocks { id } } }", id=run)
    block = found["run"]["blocks"][1]["id"]
    kinds = {
        run: "Run",
        saved.pipeline_id: "Pipeline",
        saved.version_id: "PipelineVersion",
        artifact: "Artifact",
        worker: "Worker",
        block: "BlockRun",
    }
    for node_id, kind in kinds.items():
        assert (await api(NODE, id=node_id))["node"] == {"__typename": kind, "id": node_id}
    ids = [block, "run_nobody", "", *kinds, run[:-1] + ("0" if run[-1] != "0" else "1")]
    many = await api("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    expected = [block, None, None, *kinds, None]
    assert [node and node["id"] for node in many["nodes"]] == expected


async def test_absent_nodes_are_null_and_too_many_are_refused(api: Asking) -> None:
    for absent in ("", "x", "run_", "blk_x-1", "pl_" + "0" * 26, "blk_" + "0" * 26 + "-0"):
        assert (await api(NODE, id=absent))["node"] is None
    many = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await api.error(many, ids=["x"] * 201))[0] == "BAD_USER_INPUT"


async def test_the_catalogue_lists_block_types_by_name(api: Asking) -> None:
    found = await api("{ blockTypes { name description configSchema minInputs maxInputs } }")
    types = {each["name"]: each for each in found["blockTypes"]}
    assert list(types) == sorted(types)
    assert {"CSV_READER", "CSV_WRITER", "LLM_SENTIMENT", "PYTHON"} <= types.keys()
    assert "input_path" in types["CSV_READER"]["configSchema"]["properties"]
    assert types["LLM_SENTIMENT"]["minInputs"] == 1
    assert all(each["description"] for each in types.values())


async def test_validation_saves_nothing(api: Asking) -> None:
    ask = """query ($source: PipelineSource!) { validatePipeline(source: $source) {
      valid problems { code blocks } graph { nodes { name level } edges { from to } } } }"""
    good = (await api(ask, source={"definition": _inputs("a b", "a>b")}))["validatePipeline"]
    assert (good["valid"], good["problems"]) == (True, [])
    assert good["graph"]["nodes"] == [{"name": "a", "level": 0}, {"name": "b", "level": 1}]
    cycle = (await api(ask, source={"definition": _inputs("a b", "a>b b>a")}))["validatePipeline"]
    assert (cycle["valid"], cycle["graph"]) == (False, None)
    assert cycle["problems"] == [{"code": "CYCLE", "blocks": ["a", "b"]}]
    assert await api('{ pipeline(name: "p") { id } }') == {"pipeline": None}


def _inputs(blocks: str, edges: str) -> dict[str, object]:
    return document("p", blocks, edges)


async def test_the_queue_tells_its_depth_and_its_shares(api: Asking, world: World) -> None:
    first = await world.start(document("one", "a b c", "a>b b>c"))
    second = await world.start(document("two", "a b", ""))
    worker = await world.worker()
    await world.claim_one(worker)
    found = await api(
        """query ($run: ID!) { queue {
          depth waiting ready running oldestReadyAt
          byRun { nodes { run { id pipeline { name } } waiting ready running }
                  pageInfo { hasNextPage } }
          one: byRun(runId: $run) { nodes { run { id } } }
          page: byRun(first: 1) { edges { cursor } pageInfo { hasNextPage } }
        } }""",
        run=second,
    )
    queue = found["queue"]
    assert (queue["depth"], queue["waiting"], queue["ready"], queue["running"]) == (4, 2, 2, 1)
    assert queue["oldestReadyAt"].endswith("Z")
    assert queue["byRun"]["nodes"] == [
        {"run": {"id": first, "pipeline": {"name": "one"}}, "waiting": 2, "ready": 0, "running": 1},
        {
            "run": {"id": second, "pipeline": {"name": "two"}},
            "waiting": 0,
            "ready": 2,
            "running": 0,
        },
    ]
    assert queue["one"]["nodes"] == [{"run": {"id": second}}]
    assert queue["page"]["pageInfo"]["hasNextPage"]


async def test_workers_show_what_they_run(api: Asking, world: World) -> None:
    busy, lost, gone = [await world.worker(name) for name in ("busy", "lost", "gone")]
    await world.start(document("p"))
    await world.claim_one(busy)
    await world.write(mark_lost, lost)
    await world.write(stop, gone)
    found = await api(
        """{ workers { nodes { id name host pid version status startedAt lastSeenAt capacity
                               running { name status } } }
             gone: workers(alive: false) { nodes { name status } }
             all: workers(alive: null, first: 2) { nodes { name } pageInfo { hasNextPage } } }"""
    )
    (worker,) = found["workers"]["nodes"]
    assert (worker["id"], worker["name"], worker["status"]) == (busy, "busy", "ACTIVE")
    assert worker["running"] == [{"name": "a", "status": "RUNNING"}]
    assert found["gone"]["nodes"] == [
        {"name": "lost", "status": "LOST"},
        {"name": "gone", "status": "STOPPED"},
    ]
    assert [node["name"] for node in found["all"]["nodes"]] == ["busy", "lost"]
    assert found["all"]["pageInfo"]["hasNextPage"]


SERVICE = """{ service { name version database streamBackend llmProvider executor
  signedUrlsRequired checks { name ok message } warnings } }"""


async def test_the_service_tells_what_runs_and_how_it_is(
    api: Asking, world: World, database: Database
) -> None:
    service = (await api(SERVICE))["service"]
    assert service["database"] == database.kind
    assert (service["streamBackend"], service["llmProvider"], service["executor"]) == (
        "none",
        "mock",
        "local",
    )
    checks = {check["name"]: check["ok"] for check in service["checks"]}
    assert checks == {"database": True, "artifacts": True, "workers": False}
    await world.worker()
    checks = {each["name"]: each["ok"] for each in (await api(SERVICE))["service"]["checks"]}
    assert checks["workers"] is True


async def test_the_service_never_tells_a_secret(settings: Settings) -> None:
    secrets = {"api_key": "hush-key", "secret_key": "hush-signing", "gemini_api_key": "hush-llm"}
    async with open_services(settings.model_copy(update={**secrets, "host": "0.0.0.0"})) as opened:
        answer = await Asking(opened).response(SERVICE)
    assert "hush" not in str(answer)


async def test_artifacts_show_their_run_and_where_they_can_be_had(
    api: Asking, world: World, services: Services, settings: Settings
) -> None:
    run = await world.start(document("p"))
    artifact = await world.publish(await world.claim_one(await world.worker()), data_set())
    ask = """query ($id: ID!) { artifact(id: $id) {
      name uri mediaType sizeBytes sha256 rows createdAt removedAt block attempt downloadUrl
      run { id artifacts { totalCount nodes { id } } } } }"""
    found = (await api(ask, id=artifact))["artifact"]
    assert found["downloadUrl"] == f"/artifacts/{artifact}/download"
    assert (found["uri"], found["sizeBytes"], found["rows"]) == ("inline:", 3, 2)
    assert (found["block"], found["attempt"], found["removedAt"]) == ("a", 1, None)
    assert found["run"] == {"id": run, "artifacts": {"totalCount": 1, "nodes": [{"id": artifact}]}}
    assert (await api(ask, id="art_nobody"))["artifact"] is None

    strict = settings.model_copy(update={"signed_urls_required": True})
    closed = Asking(Services(**{**vars(services), "settings": strict}), RequestInfo(principal="t"))
    assert (await closed(ask, id=artifact))["artifact"]["downloadUrl"] is None
