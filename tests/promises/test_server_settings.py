"""What the settings of the server do, seen from outside: the environment in, HTTP out."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.system.client import Api, call
from tests.system.documents import SYNTHESIZE
from tests.system.grounds import Grounds
from tests.system.ports import free_port
from tests.system.processes import Server

UI = "https://ui.example.org"
SIGN = """
mutation Sign($input: SignArtifactInput!) {
  signArtifact(input: $input) { ... on SignArtifactSuccess { url expiresAt } }
}
"""
ARTIFACTS = "query A($run: ID!) { run(id: $run) { artifacts { nodes { id name } } } }"


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    settings = {
        "APP_NAME": "weekly reviews",
        "PUBLIC_URL": "https://runs.example.org:8443/base",
        "SIGNED_URL_TTL_SECONDS": "60",
        "SECRET_KEY": "this year's",
        "SECRET_KEY_PREVIOUS": '["last year\'s"]',
        "CORS_ALLOW_ORIGINS": f'["{UI}"]',
        "TRUSTED_PROXIES": '["127.0.0.1"]',
        "RATE_LIMIT_PER_MINUTE": "3",
        "RATE_LIMIT_WINDOW_SECONDS": "3600",
        "RATE_LIMIT_PATHS": '["/ready"]',
        "DATA_DIR": "sets",
        "ALLOWED_ROOTS": '["sets", "elsewhere"]',
        "ARTIFACTS_DIR": "kept",
        "SQLITE_PATH": "db/mine.sqlite3",
        "INTROSPECTION": "false",
        "GRAPHIQL": "false",
    }
    with Grounds(tmp_path_factory.mktemp("set"), **settings) as made:
        yield made


@pytest.fixture(scope="module")
def server(grounds: Grounds) -> Server:
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    async with Api(server.url) as made:
        yield made


@pytest.fixture
async def http(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, verify=False) as client:
        yield client


async def made(api: Api) -> str:
    """The id of an artifact that a person would download."""
    await api.bring_in([call("a", "say_and_make", args={"lines": 1})])
    run_id = await api.start()
    await api.end(run_id)
    nodes = (await api.ask(ARTIFACTS, run=run_id))["run"]["artifacts"]["nodes"]
    return str(next(node["id"] for node in nodes if node["name"] == "made.txt"))


async def signed(api: Api, artifact: str) -> dict[str, Any]:
    return dict((await api.ask(SIGN, input={"artifactId": artifact}))["signArtifact"])


def local(url: str) -> str:
    """A signed URL's path as the server itself knows it, behind whatever stands at PUBLIC_URL."""
    parts = urlsplit(url)
    return f"{parts.path.removeprefix('/base')}?{parts.query}"


async def test_app_name_is_the_title(api: Api) -> None:
    assert (await api.ask("{ service { name } }"))["service"]["name"] == "weekly reviews"


async def test_public_url_is_what_signed_urls_begin_with_and_its_host_is_answered(
    api: Api, http: httpx.AsyncClient
) -> None:
    url = str((await signed(api, await made(api)))["url"])
    assert url.startswith("https://runs.example.org:8443/base/artifacts/")
    named = await http.get("/health", headers={"host": "runs.example.org:8443"})
    assert named.status_code == 200
    assert (await http.get("/health", headers={"host": "other.example.org"})).status_code == 421


async def test_signed_url_ttl_seconds_is_how_long_a_signed_url_lives(api: Api) -> None:
    before = datetime.now(UTC)
    expires = datetime.fromisoformat((await signed(api, await made(api)))["expiresAt"])
    lives = (expires - before).total_seconds()
    assert 59 <= lives <= 63


async def test_secret_key_previous_keeps_urls_good_that_are_out(
    api: Api, http: httpx.AsyncClient, grounds: Grounds
) -> None:
    artifact = await made(api)
    answers = {}
    for secret in ("this year's", "last year's", "nobody's"):
        other = grounds.serve("--no-worker", SECRET_KEY=secret, SECRET_KEY_PREVIOUS="[]")
        async with Api(other.url) as signer:
            url = str((await signed(signer, artifact))["url"])
        answers[secret] = (await http.get(local(url))).status_code
    assert answers == {"this year's": 200, "last year's": 200, "nobody's": 403}


async def test_cors_allow_origins_are_the_pages_that_may_ask(http: httpx.AsyncClient) -> None:
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    allowed = await http.options("/graphql", headers={"Origin": UI, **ask})
    assert allowed.headers["access-control-allow-origin"] == UI
    by_default = {"Origin": "http://localhost:5173", **ask}
    refused = await http.options("/graphql", headers=by_default)
    assert "access-control-allow-origin" not in refused.headers


async def test_rate_limits_count_the_client_behind_a_trusted_proxy(http: httpx.AsyncClient) -> None:
    """RATE_LIMIT_PER_MINUTE in RATE_LIMIT_WINDOW_SECONDS at RATE_LIMIT_PATHS; TRUSTED_PROXIES."""

    async def ask(client: str) -> int:
        answer = await http.get("/ready", headers={"X-Forwarded-For": client})
        return answer.status_code

    assert [await ask("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert await ask("192.0.2.2") == 200
    assert [(await http.get("/health")).status_code for _ in range(5)] == [200] * 5


async def test_allowed_roots_are_where_files_may_lie_and_data_dir_where_they_begin(
    api: Api, grounds: Grounds
) -> None:
    async def write(path: str | None) -> dict[str, Any]:
        given = {"count": 1, "outputPath": path}
        return dict((await api.ask(SYNTHESIZE, input=given))["synthesizeDataset"])

    assert (await write(None))["__typename"] == "SynthesizeDatasetSuccess"
    assert (grounds.folder / "sets" / "sample_messages.csv").is_file()
    assert (await write("elsewhere/more.csv"))["__typename"] == "SynthesizeDatasetSuccess"
    refused = await write("../more.csv")
    assert refused["__typename"] == "PathRefused"
    assert [Path(root).name for root in refused["allowedRoots"]] == ["sets", "elsewhere"]


async def test_artifacts_dir_and_sqlite_path_are_where_things_are_kept(
    api: Api, grounds: Grounds
) -> None:
    await made(api)
    assert [path for path in (grounds.folder / "kept").rglob("*") if path.is_file()]
    assert (grounds.folder / "db" / "mine.test.sqlite3").is_file()
    assert not (grounds.folder / "data").exists()


async def test_introspection_and_graphiql_can_be_switched_off(http: httpx.AsyncClient) -> None:
    asked = await http.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert asked.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "data" not in asked.json()
    assert (await http.get("/graphiql/")).status_code == 404


async def test_health_is_limited_by_default(own_grounds: Grounds) -> None:
    """120 requests, here in a window that a busy machine does not let pass before the last one."""
    server = own_grounds.serve("--no-worker", RATE_LIMIT_WINDOW_SECONDS="60")
    async with httpx.AsyncClient(base_url=server.url, verify=False) as http:
        found = [(await http.get("/health")).status_code for _ in range(121)]
    assert found == [200] * 120 + [429]


async def test_host_and_port_are_where_it_listens_and_a_wide_one_is_warned_of(
    own_grounds: Grounds,
) -> None:
    port = free_port()
    server = own_grounds.serve("--no-worker", port=str(port), HOST="0.0.0.0")
    assert server.url == f"http://127.0.0.1:{port}"
    assert "HOST is 0.0.0.0" in server.line_with("serve.unwise_settings")
    async with Api(server.url) as api:
        warnings = (await api.ask("{ service { warnings } }"))["service"]["warnings"]
    assert any("API_KEY" in warning for warning in warnings)


def test_production_refuses_to_start_without_keys_of_its_own(own_grounds: Grounds) -> None:
    """HEADRACE_ENV=production, SECRET_KEY and API_KEY."""
    refused = own_grounds.serve(HEADRACE_ENV="production")
    assert refused.wait() == 2
    assert "SECRET_KEY: production wants" in refused.said
    assert "API_KEY: production wants" in refused.said
    keys = {"SECRET_KEY": "s" * 32, "API_KEY": "k" * 32}
    assert own_grounds.serve("--no-worker", HEADRACE_ENV="production", **keys).url
