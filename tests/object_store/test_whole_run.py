"""A server and a worker, each a process of its own, whose artifacts lie in an object store."""

import hashlib
from typing import Any

import httpx

from tests.object_store.seaweed import Seaweed
from tests.system.client import Api, JSONObject
from tests.system.grounds import Grounds

ROWS = 400_000
FLAT_KIB = 400 * 1024

SIGN = """
mutation Sign($id: ID!) {
  signArtifact(input: {artifactId: $id}) { ... on SignArtifactSuccess { url } }
}
"""
CLEAN = """
mutation { cleanup(input: {olderThanDays: 0}) { ... on CleanupSuccess { runs artifacts } } }
"""
CHECKS = "{ service { checks { name ok message } } }"


def call(name: str, function: str, **args: Any) -> JSONObject:
    config = {"function": f"tests.object_store.functions:{function}", "args": args}
    return {"name": name, "type": "PYTHON", "config": config}


async def made(api: Api, run_id: str) -> dict[tuple[str, str], JSONObject]:
    nodes = (await api.state(run_id))["artifacts"]["nodes"]
    return {(each["block"], each["name"]): each for each in nodes}


async def test_a_run_leaves_everything_there_and_it_is_listed_shown_and_downloaded(
    grounds: Grounds, seaweed: Seaweed, place: str
) -> None:
    server, worker = grounds.serve("--no-worker"), grounds.worker()
    await grounds.up(server, worker)
    async with Api(server.url) as api, httpx.AsyncClient(base_url=server.url, verify=False) as http:
        table = {"name": "table", "type": "CSV_WRITER", "config": {}}
        blocks = [call("make", "lines", count=ROWS), call("sum", "count_up"), table]
        await api.bring_in(blocks, [("make", "sum"), ("make", "table")])
        run_id = await api.start()
        assert await api.end(run_id) == "SUCCEEDED"
        found = await made(api, run_id)

        output, csv = found["make", "output.arrow"], found["table", "table.csv"]
        for each in (output, csv):
            digest = each["sha256"]
            assert each["uri"] == f"{place}/sha256/{digest[:2]}/{digest[2:]}"
            assert int(each["sizeBytes"]) > 8 * 2**20, "larger than a part"
        assert found["sum", "output.arrow"]["uri"] == "inline:"
        kept = {each["uri"] for each in found.values() if each["uri"] != "inline:"}
        assert {f"{place}/{key}" for key in seaweed.keys(place)} == {
            *kept,
            f"{place}/headrace-store",
        }
        assert not (grounds.artifacts / "sha256").exists()
        (summed,) = (await api.preview(found["sum", "output.arrow"]))["rows"]
        assert summed[:2] == [ROWS, ROWS * (ROWS - 1) // 2]
        assert summed[2] < FLAT_KIB

        shown = await api.preview(output)
        assert [column["name"] for column in shown["columns"]] == ["n", "text"]
        assert [row[0] for row in shown["rows"]] == list(range(50))
        assert int(shown["totalRows"]) == ROWS
        assert (await api.preview(csv))["rows"][1][0] == "1"

        data = await api.download(csv)
        assert data.count(b"\n") == ROWS + 1
        await _is_served_as_ever(http, csv, data)
        url = (await api.ask(SIGN, id=csv["id"]))["signArtifact"]["url"]
        assert (await http.get(url)).content == data
        checks = {one["name"]: one for one in (await api.ask(CHECKS))["service"]["checks"]}
        assert checks["artifacts"]["ok"]
        assert (await http.get("/ready")).status_code == 200

        assert (await api.ask(CLEAN))["cleanup"] == {"runs": 1, "artifacts": len(found)}
        assert (await http.get(csv["downloadUrl"])).status_code == 410
    secret = seaweed.variables["AWS_SECRET_ACCESS_KEY"]
    assert secret not in server.said + worker.said


async def _is_served_as_ever(http: httpx.AsyncClient, artifact: JSONObject, data: bytes) -> None:
    url = artifact["downloadUrl"]
    tag = f'"{hashlib.sha256(data).hexdigest()}"'
    part = await http.get(url, headers={"Range": "bytes=9000000-9000999", "If-Range": tag})
    assert (part.status_code, part.content) == (206, data[9_000_000:9_001_000])
    assert part.headers["content-range"] == f"bytes 9000000-9000999/{len(data)}"
    last = await http.get(url, headers={"Range": "bytes=-5"})
    assert last.content == data[-5:]
    head = await http.head(url)
    assert head.headers["etag"] == tag
    assert head.headers["content-length"] == str(len(data))
    assert head.headers["content-disposition"] == 'attachment; filename="table.csv"'
    assert head.headers["content-security-policy"] == "sandbox"
    assert (await http.get(url, headers={"If-None-Match": tag})).status_code == 304
    beyond = await http.get(url, headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416
