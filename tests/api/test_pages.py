"""How the web interface is served: which file, to whom, for how long and under which policy."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from headrace.api.pages import FOLDER, page_routes
from headrace.api.static import POLICY
from tests.api.conftest import Calling

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = {"accept": "*/*"}
ASSETS = sorted(path.name for path in (FOLDER / "assets").iterdir())


def over(folder: Path) -> httpx.AsyncClient:
    app = Starlette(routes=list(page_routes(folder)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>the page</p>")
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "app-12345678.js").write_text("void 0;" * 100)
    return tmp_path


@pytest.fixture
async def small(built: Path) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with over(built) as http:
        yield http


@pytest.mark.parametrize(
    "path",
    ["/", "/index.html", "/runs", "/runs/run_01k", "/pipelines/a.b", "/pipelines/x.js", "/nowhere"],
)
async def test_a_browser_that_is_sent_anywhere_gets_the_page(
    small: httpx.AsyncClient, path: str
) -> None:
    page = await small.get(path, headers=BROWSER)
    assert (page.status_code, page.text) == (200, "<p>the page</p>")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert {"Accept", "Accept-Encoding"} <= set(re.split(r",\s*", page.headers["vary"]))


@pytest.mark.parametrize("path", ["/assets/gone-00000000.js", "/assets/", "/assets/index.html"])
@pytest.mark.parametrize("headers", [BROWSER, SCRIPT], ids=["browser", "script"])
async def test_an_unknown_asset_is_404_and_never_the_page(
    small: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await small.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/runs", "/app.js", "/favicon.ico", "/..%2fsettings.py", "/%00"])
async def test_what_does_not_ask_for_a_page_does_not_get_it(
    small: httpx.AsyncClient, path: str
) -> None:
    answer = await small.get(path, headers=SCRIPT)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_assets_are_kept_for_ever_packed_or_not(small: httpx.AsyncClient) -> None:
    path = "/assets/app-12345678.js"
    packed = await small.get(path, headers={**SCRIPT, "accept-encoding": "gzip"})
    plain = await small.get(path, headers={**SCRIPT, "accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    for answer in (packed, plain):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_files_beside_the_page_are_asked_anew(small: httpx.AsyncClient) -> None:
    icon = await small.get("/icon.svg", headers=BROWSER)
    assert (icon.status_code, icon.text) == (200, "<svg/>")
    assert icon.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/graphql/x", "/artifacts", "/artifacts/x", "/health/x", "/ready/x", "/metrics/x"],
)
async def test_paths_of_the_api_are_never_swallowed(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_graphiql_that_is_switched_off_is_not_the_page(calling: Calling) -> None:
    async with calling(graphiql=False) as http:
        for path in ("/graphiql", "/graphiql/"):
            assert (await http.get(path, headers=BROWSER)).status_code == 404


async def test_other_methods_stay_what_they_were(http: httpx.AsyncClient) -> None:
    assert (await http.post("/nowhere", headers=BROWSER)).status_code == 404
    assert (await http.delete("/health", headers=BROWSER)).status_code == 405
    head = await http.head("/runs", headers=BROWSER)
    assert (head.status_code, head.content) == (200, b"")


async def test_the_page_needs_no_key(calling: Calling) -> None:
    async with calling(api_key="k") as http:
        assert (await http.get("/runs", headers=BROWSER)).status_code == 200
        assert (await http.post("/graphql", json={"query": "{ ping }"})).status_code == 401


async def test_an_installation_without_the_files_says_so_in_a_plain_page(tmp_path: Path) -> None:
    async with over(tmp_path / "nowhere") as http:
        page = await http.get("/", headers=BROWSER)
        assert page.status_code == 404
        assert "make web" in page.text
        assert "/graphql" in page.text
        assert page.headers["content-security-policy"] == POLICY
        assert (await http.get("/assets/x.js")).status_code == 404


async def test_a_page_for_an_api_elsewhere_may_call_it(built: Path) -> None:
    meta = '<meta name="headrace-api-base" content="https://api.example.org">'
    (built / "index.html").write_text(meta)
    async with over(built) as http:
        policy = (await http.get("/", headers=BROWSER)).headers["content-security-policy"]
    wanted = "connect-src 'self' https://api.example.org wss://api.example.org;"
    assert policy == POLICY.replace("connect-src 'self';", wanted)


async def test_the_page_names_only_files_that_are_there(http: httpx.AsyncClient) -> None:
    page = await http.get("/", headers=BROWSER)
    assert "<script>" not in page.text, "the policy lets no script in the page run"
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert any(name.endswith(".js") for name in named)
    for name in named:
        assert name.startswith("/")
        assert (await http.get(name, headers=SCRIPT)).status_code == 200


def test_the_files_are_in_the_package_with_the_licences_of_what_is_in_them() -> None:
    assert any(name.endswith(".css") for name in ASSETS)
    licences = (FOLDER / "LICENSES.md").read_text("utf-8")
    for package in ("@apollo/client", "@mantine/core", "react", "graphql-ws"):
        assert f"## {package} -" in licences
