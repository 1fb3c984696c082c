"""How GraphiQL's files are served: which, to whom, for how long and under which policy."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from headrace.api.graphiql import FOLDER, graphiql_routes
from tests.api.conftest import Calling

POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
ASSETS = sorted(path.name for path in (FOLDER / "assets").iterdir())


def over(folder: Path) -> httpx.AsyncClient:
    app = Starlette(routes=list(graphiql_routes(folder)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def test_the_page_is_asked_anew_each_time_and_guarded(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphiql/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"
    assert "<script>" not in page.text, "the policy lets no script in the page run"
    for link in ("https://", "http://", "//unpkg", "cdn"):
        assert link not in page.text


@pytest.mark.parametrize("name", [name for name in ASSETS if name.startswith("index-")])
async def test_assets_are_kept_for_ever_packed_or_not(http: httpx.AsyncClient, name: str) -> None:
    path = f"/graphiql/assets/{name}"
    packed = await http.get(path, headers={"accept-encoding": "br, gzip"})
    plain = await http.get(path, headers={"accept-encoding": "gzip;q=0, identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (FOLDER / "assets" / name).read_bytes()
    assert int(packed.headers["content-length"]) < len(plain.content) * 0.6
    for answer in (packed, plain):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    assert packed.headers["content-type"].startswith(kind)


async def test_workers_of_the_editor_have_the_policy_too(http: httpx.AsyncClient) -> None:
    (worker, *_) = [name for name in ASSETS if ".worker-" in name]
    answer = await http.get(f"/graphiql/assets/{worker}")
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    "path",
    [
        "assets/nothing.js",
        "nothing",
        "assets/",
        "assets",
        "../graphiql.py",
        "assets/..%2findex.html",
        "%2e%2e/%2e%2e/settings.py",
        "..%5c..%5csettings.py",
        "/etc/passwd",
        "assets/%00",
    ],
)
async def test_an_unknown_file_is_404_and_never_the_page(
    http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.get(f"/graphiql/{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


async def test_without_its_slash_it_leads_there(http: httpx.AsyncClient) -> None:
    answer = await http.get("/graphiql")
    assert (answer.status_code, answer.headers["location"]) == (308, "/graphiql/")


async def test_it_needs_no_key_and_can_be_switched_off(calling: Calling) -> None:
    async with calling(api_key="k") as http:
        assert (await http.get("/graphiql/")).status_code == 200
        assert (await http.post("/graphql", json={"query": "{ ping }"})).status_code == 401
    async with calling(graphiql=False) as http:
        for path in ("/graphiql", "/graphiql/", f"/graphiql/assets/{ASSETS[0]}"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_an_installation_without_the_files_says_so_in_a_plain_page(tmp_path: Path) -> None:
    async with over(tmp_path / "nowhere") as http:
        page = await http.get("/graphiql/")
        assert page.status_code == 404
        assert "make web" in page.text
        assert "/graphql" in page.text
        assert page.headers["content-security-policy"] == POLICY
        assert (await http.get("/graphiql/assets/x.js")).status_code == 404


async def test_a_file_is_packed_once(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>" + "x" * 1000)
    async with over(tmp_path) as http:
        first = await http.get("/graphiql/", headers={"accept-encoding": "gzip"})
        (tmp_path / "index.html").unlink()
        second = await http.get("/graphiql/", headers={"accept-encoding": "gzip"})
    assert first.content == second.content
    assert len(gzip.compress(first.content)) < 100


def test_the_files_are_in_the_package_with_the_licences_of_what_is_in_them() -> None:
    assert (FOLDER / "index.html").is_file()
    licences = (FOLDER / "LICENSES.md").read_text("utf-8")
    for package in ("graphiql", "monaco-editor", "react", "graphql-ws"):
        assert f"## {package} -" in licences or f" {package}" in licences
