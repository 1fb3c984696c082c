"""Names, paths and signatures that mean harm: none leads out, none gets into a header or a log."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Subprotocol

from tests.conformance.conftest import KEY
from tests.conformance.hostility import PATIENCE_SECONDS, Hostile
from tests.databases import BOTH
from tests.system import documents
from tests.system.client import Api, call
from tests.system.grounds import Grounds
from tests.system.processes import Server

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

SIGN = """mutation($id: ID!, $ttl: Int) { signArtifact(input: {artifactId: $id, ttlSeconds: $ttl}) {
  __typename ... on SignArtifactSuccess { url } ... on Error { code } } }"""
SYNTHESIZE = """mutation($path: String!) { synthesizeDataset(input: {count: 1, outputPath: $path}) {
  __typename ... on SynthesizeDatasetSuccess { path } ... on Error { code message } } }"""
WITH_NULL = "owned.csv\0.txt"  # no document can hold it
OUTSIDE = [
    "/etc/passwd",
    "/tmp/owned.csv",
    "../owned.csv",
    "../../../../../../tmp/owned.csv",
    "data/../../owned.csv",
    "file:///etc/passwd",
    "file://evil.example/owned.csv",
    "local://../../owned.csv",
    "local:///etc/passwd",
    "http://evil.example/owned.csv",
    "\\\\evil\\share\\owned.csv",
    "link/owned.csv",
    "db.test.sqlite3",
    ".env",
    "~/owned.csv",
    WITH_NULL,
    "a" * 5_000 + ".csv",
    "",
    ".",
    "/dev/stdout",
    "/proc/self/environ",
]
# These lead nowhere: they are names of files in the first root (an empty one is the default's).
ODD = ["\\\\evil\\share\\owned.csv", "~/owned.csv", ""]


def shown(path: str) -> str:
    """A path in the name of a test."""
    return ascii(path)[:40]


@pytest.fixture(scope="module")
def server(grounds: Grounds) -> Server:
    (grounds.folder / "data").mkdir(exist_ok=True)
    (grounds.folder / "data" / "link").symlink_to("/tmp")
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture
async def hostile(server: Server) -> AsyncIterator[Hostile]:
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE_SECONDS) as http:
        made = Hostile(http, server)
        yield made
        await made.is_well()


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    async with Api(server.url) as made:
        yield made


@pytest.fixture
async def artifacts(api: Api) -> list[dict[str, Any]]:
    """What a block made whose names mean harm."""
    block = call("maker", "nothing")
    block["config"]["function"] = "tests.conformance.functions:artifacts_of_hostile_names"
    await api.bring_in([block])
    run_id = await api.start()
    assert await api.end(run_id) == "SUCCEEDED"
    found: list[dict[str, Any]] = (await api.state(run_id))["artifacts"]["nodes"]
    return [each for each in found if each["name"] != "output.arrow"]


async def test_names_of_artifacts_never_get_into_headers(
    hostile: Hostile, artifacts: list[dict[str, Any]]
) -> None:
    assert artifacts
    for artifact in artifacts:
        answer = await hostile.send("GET", artifact["downloadUrl"])
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == artifact["sha256"]
        headers = answer.headers
        assert not {"set-cookie", "x-owned"} & set(headers)
        assert headers["content-disposition"].startswith("attachment")
        assert headers["content-security-policy"] == "sandbox"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"] == "application/octet-stream"
        names = re.findall(r'filename="([^"]*)"', headers["content-disposition"])
        assert len(names) == 1
        assert "/" not in names[0]


async def test_a_signature_is_good_for_its_artifact_its_method_and_its_time_alone(
    hostile: Hostile, api: Api, artifacts: list[dict[str, Any]]
) -> None:
    one, other = artifacts[:2]
    signed = (await api.ask(SIGN, id=one["id"], ttl=60))["signArtifact"]["url"]
    assert (await hostile.send("GET", signed)).status_code == 200
    assert (await hostile.send("HEAD", signed)).status_code == 200
    parts = urlsplit(signed)
    expires, signature = (parse_qs(parts.query)[name][0] for name in ("expires", "signature"))
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    tampered: list[dict[str, str]] = [
        {"expires": str(int(expires) + 1), "signature": signature},
        {"expires": "1", "signature": signature},
        {"expires": "9" * 400, "signature": signature},
        {"expires": "-1", "signature": signature},
        {"expires": "²", "signature": signature},
        {"expires": "", "signature": signature},
        {"expires": expires, "signature": flipped},
        {"expires": expires, "signature": signature[:-1]},
        {"expires": expires, "signature": signature.swapcase()},
        {"expires": expires, "signature": ""},
        {"expires": expires, "signature": "é" * 64},
        {"expires": expires, "signature": "x" * 20_000},
        {"expires": expires},
        {"signature": signature},
    ]
    for params in tampered:
        refused = await hostile.send("GET", parts.path, params=params)
        assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN"), params
    swapped = parts.path.replace(one["id"], other["id"])
    assert (await hostile.send("GET", f"{swapped}?{parts.query}")).status_code == 403
    for ttl in (0, -1, 86_401, 2**31 - 1):
        refused = (await api.ask(SIGN, id=one["id"], ttl=ttl))["signArtifact"]
        assert refused["__typename"] == "ValueOutOfRange"


@pytest.mark.parametrize(
    "artifact_id",
    [
        "..",
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "art_x%00",
        "art_" + "9" * 5_000,
        "%ff",
        "*",
    ],
)
async def test_an_artifact_id_leads_to_an_artifact_or_nowhere(
    hostile: Hostile, artifact_id: str
) -> None:
    answer = await hostile.send("GET", f"/artifacts/{artifact_id}/download")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", OUTSIDE, ids=shown)
async def test_a_data_set_is_written_inside_the_roots_or_not_at_all(
    hostile: Hostile, grounds: Grounds, path: str
) -> None:
    answer = await hostile.ask(SYNTHESIZE, path=path)
    told = answer["data"]["synthesizeDataset"]
    if path in ODD:
        assert told["__typename"] == "SynthesizeDatasetSuccess", told
        written = (grounds.folder / told["path"]).resolve()
        assert written.is_relative_to(grounds.folder / "data")
    else:
        assert told["__typename"] == "PathRefused", told
    assert not Path("/tmp/owned.csv").exists()


@pytest.mark.parametrize("path", sorted({*OUTSIDE} - {*ODD, WITH_NULL}), ids=shown)
async def test_a_block_reads_inside_the_roots_or_not_at_all(api: Api, path: str) -> None:
    await api.bring_in([{"name": "csv", "type": "CSV_READER", "config": {"input_path": path}}])
    run_id = await api.start()
    assert await api.end(run_id) == "FAILED"
    (block,) = (await api.state(run_id))["blocks"]
    assert block["error"]["kind"] in {"PATH_REFUSED", "BAD_INPUT"}
    assert "root:" not in block["error"]["message"]


@pytest.mark.parametrize(
    "name",
    ["a\r\nX: y", "../a", "a/b", "", "a" * 101, "new", "a b", "\u202ea", "-a", ".a", "a\0", "Ω"],
)
async def test_a_pipeline_has_a_plain_name_or_none(hostile: Hostile, name: str) -> None:
    given = {
        "source": {
            "definition": {
                "name": name,
                "blocks": [{"name": "a", "type": "CSV_READER", "config": {"input_path": "a.csv"}}],
                "edges": [],
            }
        }
    }
    answer = await hostile.ask(documents.IMPORT, input=given)
    if "errors" not in answer:
        told = answer["data"]["importPipeline"]
        assert told["__typename"] == "PipelineInvalid"
        assert {each["code"] for each in told["problems"]} <= {"INVALID_NAME", "WRONG_TYPE"}


async def test_the_log_never_holds_a_signature_or_a_key(
    guarded_grounds: Grounds, guarded: Server
) -> None:
    """Whoever reads a log could use what is in it."""
    wrong, signature = "a wrong key, mistyped", "5e1f" * 16
    url, socket_url = guarded.url, f"ws{guarded.url.removeprefix('http')}/graphql"
    query = {"query": "{ queue { depth } }"}
    async with httpx.AsyncClient(base_url=url) as http:
        for key in (KEY, wrong):
            await http.post("/graphql", json=query, headers={"X-API-Key": key})
            await http.post("/graphql", params={"X-API-Key": key}, json=query)
            await http.get("/metrics", headers={"X-API-Key": key})
            await http.post(
                "/graphql",
                json={"query": f'{{ node(id: "{key}") {{ id }} }}'},
                headers={"X-API-Key": KEY, "accept": "text/event-stream"},
            )
        for path in ("/artifacts/art_x/download", f"/artifacts/{signature[:5]}/download"):
            await http.get(path, params={"expires": "1", "signature": signature})
        await http.get(f"/nowhere?signature={signature}")
    for key in (KEY, wrong):
        protocol = [Subprotocol("graphql-transport-ws")]
        dialling = connect(f"{socket_url}?X-API-Key=in-the-query", subprotocols=protocol)
        async with dialling as socket:
            await socket.send(f'{{"type": "connection_init", "payload": {{"X-API-Key": "{key}"}}}}')
            with suppress(ConnectionClosedError):
                await socket.recv()
    guarded.line_with("path=/nowhere")
    said = guarded.said
    for secret in (KEY, wrong, signature, "in-the-query"):
        assert secret not in said
        assert secret.replace(" ", "%20") not in said
