"""Downloads of data sets over a socket: what was signed for, as it is at the moment."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from headrace.api.app import create_app
from headrace.artifacts.signing import ARTIFACTS
from headrace.services import datasets
from headrace.services.core import Services, open_services
from headrace.settings import Settings
from tests.api.serving import serving
from tests.databases import Database

ROWS = b"id,text\n" + b"".join(b"%d,line %d\n" % (n, n) for n in range(60_000))
ASK = "query ($path: String!) { dataset(path: $path) { downloadUrl } }"


@dataclass(frozen=True)
class House:
    """A server over a folder of data, which wants a key for GraphQL."""

    services: Services
    http: httpx.AsyncClient
    data: Path

    async def url(self, path: str) -> str:
        answer = await self.http.post(
            "/graphql",
            json={"query": ASK, "variables": {"path": path}},
            headers={"X-API-Key": "k"},
        )
        return str(answer.json()["data"]["dataset"]["downloadUrl"])


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncGenerator[House, None]:
    known = Settings(
        **database.settings,
        data_dir=tmp_path / "data",
        artifacts_dir=tmp_path / "artifacts",
        allowed_roots=(tmp_path / "data",),
        api_key="k",
    )
    (tmp_path / "data").mkdir()
    async with (
        open_services(known) as services,
        serving(create_app(services=services)) as server,
        httpx.AsyncClient(base_url=server.url, timeout=10) as http,
    ):
        yield House(services, http, tmp_path / "data")


@pytest.mark.parametrize("name", ["rows.csv", "Gr\u00fc\u00dfe & co.csv", "lines.jsonl"])
async def test_it_is_sent_whole_without_a_key_as_an_attachment_that_nobody_runs(
    house: House, name: str
) -> None:
    (house.data / name).write_bytes(ROWS)
    url = await house.url(str(house.data / name))
    answer = await house.http.get(url)
    assert (answer.status_code, answer.content) == (200, ROWS)
    kind = "text/csv" if name.endswith("csv") else "application/octet-stream"
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    head = await house.http.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(ROWS))


async def test_what_is_sent_is_the_file_as_it_is_now(house: House) -> None:
    file = house.data / "rows.csv"
    file.write_bytes(ROWS)
    url = await house.url(str(file))
    file.write_bytes(b"id\n7\n")
    assert (await house.http.get(url)).content == b"id\n7\n"
    file.unlink()
    gone = await house.http.get(url)
    assert (gone.status_code, gone.json()["code"]) == (404, "NOT_FOUND")


async def test_a_signature_opens_its_own_file_alone(house: House) -> None:
    for name in ("rows.csv", "other.csv"):
        (house.data / name).write_bytes(ROWS)
    url = await house.url(str(house.data / "rows.csv"))
    other = url.replace("rows.csv", "other.csv")
    unsigned = url.partition("&expires=")[0]
    later = url.replace("expires=", "expires=9")
    for wrong in (other, unsigned, later, url + "0", "/datasets/download"):
        refused = await house.http.get(wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN"), wrong


async def test_a_signature_of_an_artifact_opens_no_data_set(house: House) -> None:
    """Both are made with one secret: the purpose in what is signed keeps them apart."""
    file = house.data / "rows.csv"
    file.write_bytes(ROWS)
    found = await datasets.find_dataset(house.services, str(file))
    assert found is not None
    artifacts = replace(house.services.signer, purpose=ARTIFACTS)
    expires, signature = artifacts.sign(found.shown, now=2_000_000_000)
    query = {"path": found.shown, "expires": str(expires), "signature": signature}
    refused = await house.http.get("/datasets/download", params=query)
    assert refused.status_code == 403


async def test_a_signature_expires(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (house.data / "rows.csv").write_bytes(ROWS)
    url = await house.url(str(house.data / "rows.csv"))
    end = int(httpx.URL(url).params["expires"])
    monkeypatch.setattr(datasets, "time", SimpleNamespace(time=lambda: end - 0.001))
    assert (await house.http.get(url)).status_code == 200
    monkeypatch.setattr(datasets, "time", SimpleNamespace(time=lambda: float(end)))
    assert (await house.http.get(url)).status_code == 403


async def test_a_file_that_pipelines_may_not_read_any_more_is_not_sent(
    house: House, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"id\n1\n")
    file = house.data / "rows.csv"
    file.write_bytes(ROWS)
    url = await house.url(str(file))
    file.unlink()
    file.symlink_to(secret)
    assert (await house.http.get(url)).status_code == 404
