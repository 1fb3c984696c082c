"""Signed URLs that lead on to the store, for who reaches it; everything else comes from us."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from headrace.artifacts.content import ContentPlace, content_store
from tests.databases import Database
from tests.object_store.conftest import MODULES
from tests.object_store.seaweed import SECRET, Seaweed
from tests.object_store.test_whole_run import SIGN, call, made
from tests.system.client import Api
from tests.system.grounds import Grounds


@pytest.fixture
def grounds(tmp_path: Path, one_database: Database, seaweed: Seaweed) -> Iterator[Grounds]:
    """Who signs a URL has read the row already."""
    settings = {"ARTIFACTS_URL": seaweed.new_place(), "ARTIFACTS_PUBLIC_URL": seaweed.url}
    with Grounds(tmp_path, PYTHON_MODULES=MODULES, **settings, **one_database.environment) as made:
        yield made


async def test_a_signed_url_leads_to_the_store_and_keeps_the_name(
    grounds: Grounds, seaweed: Seaweed
) -> None:
    server = grounds.serve()
    await grounds.up(server)
    async with Api(server.url) as api, httpx.AsyncClient(base_url=server.url, verify=False) as http:
        table = {"name": "a-table", "type": "CSV_WRITER", "config": {}}
        await api.bring_in([call("make", "lines", count=20_000), table], [("make", "a-table")])
        run_id = await api.start()
        assert await api.end(run_id) == "SUCCEEDED"
        csv = (await made(api, run_id))["a-table", "a-table.csv"]
        url = (await api.ask(SIGN, id=csv["id"]))["signArtifact"]["url"]

        led = await http.get(url)
        assert (led.status_code, led.headers["cache-control"]) == (307, "no-store")
        there = led.headers["location"]
        assert there.startswith(f"{seaweed.url}/")
        assert SECRET not in there
        got = await http.get(there)
        assert hashlib.sha256(got.content).hexdigest() == csv["sha256"]
        assert got.headers["content-disposition"] == f'attachment; filename="{csv["name"]}"'
        assert got.headers["content-type"] == "text/csv"
        part = await http.get(url, headers={"Range": "bytes=10-19"}, follow_redirects=True)
        assert (part.status_code, part.content) == (206, got.content[10:20])
        assert (await http.get(f"{there[:-1]}x")).status_code == 403

        page = await http.get("/", headers={"Accept": "text/html"})
        policy = page.headers["content-security-policy"]
        assert f"img-src 'self' {seaweed.url} " in policy, "pictures are shown from there"

        tag = f'"{csv["sha256"]}"'
        head = await http.head(url)
        assert (head.status_code, head.headers["etag"]) == (200, tag)
        assert (await http.get(url, headers={"If-None-Match": tag})).status_code == 304
        assert (await http.get(csv["downloadUrl"])).status_code == 200, "a key goes nowhere else"
        assert (await http.get(f"{url[:-1]}x")).status_code == 403


def test_where_the_key_itself_is_not_known_the_library_signs(
    seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under a role: the secret is not in our environment, and the store's own headers stay."""
    place = ContentPlace(folder=tmp_path, url=seaweed.new_place(), public_url=seaweed.url)
    store = content_store(place)
    with store.temporary() as file:
        file.write(b"known by a role")
    uri = store.publish(file).uri
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    url = store.signed_url(uri, 60, disposition='attachment; filename="x"', media_type="text/csv")
    assert url is not None
    assert "response-content" not in url
    got = httpx.get(url, verify=False)
    assert got.content == b"known by a role"
    assert got.headers["content-type"] == "application/octet-stream"
