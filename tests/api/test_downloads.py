"""Downloads over a socket from real stores: who may have which bytes, under which headers."""

import hashlib
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import bindparam, insert

from headrace.api import downloads
from headrace.api.app import create_app
from headrace.domain.ids import ARTIFACT, new_id
from headrace.services.artifacts import Signed, sign
from headrace.services.core import Services, open_services
from headrace.settings import Settings
from headrace.store.statements import Statement
from headrace.store.tables import artifacts, inline_data
from headrace.store.transaction import Transaction
from tests.api import small_schema
from tests.api.serving import serving
from tests.databases import Database

CONTENT = b"id,text\n" + b"".join(b"%d,line %d\n" % (n, n) for n in range(60_000))
COLUMNS = [column.name for column in artifacts.c]
INSERT = Statement(insert(artifacts).values({artifacts.c[n]: bindparam(n) for n in COLUMNS}))
INSERT_DATA = Statement(
    insert(inline_data).values(artifact_id=bindparam("artifact_id"), data=bindparam("data"))
)


@dataclass(frozen=True)
class Shop:
    """A server, its services, and a client."""

    services: Services
    http: httpx.AsyncClient

    async def put(self, content: bytes, *, inline: bool = False, **fields: Any) -> str:
        """Puts an artifact into the store; its id."""
        digest = hashlib.sha256(content).hexdigest()
        uri = "inline:"
        if not inline:
            temporary = self.services.content.temporary()
            temporary.write(content)
            uri = self.services.content.publish(temporary).uri
        row = {
            "id": new_id(ARTIFACT),
            "run_id": None,
            "seq": 1,
            "position": 0,
            "block": "out",
            "attempt": 1,
            "name": "out.csv",
            "uri": uri,
            "media_type": "text/csv",
            "size_bytes": len(content),
            "sha256": digest,
            "rows": None,
            "created_at": 0,
            "removed_at": None,
            **fields,
        }

        def unit(tx: Transaction) -> None:
            tx.change(INSERT, row)
            if inline:
                tx.change(INSERT_DATA, {"artifact_id": row["id"], "data": content})

        await self.services.store.write(unit)
        return str(row["id"])

    async def get(self, artifact_id: str, **headers: str) -> httpx.Response:
        wire = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(f"/artifacts/{artifact_id}/download", headers=wire)

    async def signed_url(self, artifact_id: str) -> str:
        signed = await sign(self.services, artifact_id)
        assert isinstance(signed, Signed)
        return signed.url


OpenShop = Callable[..., Any]


@pytest.fixture(params=["a folder", "an object store"])
def artifacts_url(request: pytest.FixtureRequest) -> str:
    if request.param == "a folder":
        return ""
    return str(request.getfixturevalue("seaweed").new_place())


@pytest.fixture
def open_shop(tmp_path: Path, database: Database, artifacts_url: str) -> OpenShop:
    @asynccontextmanager
    async def start(**settings: Any) -> AsyncGenerator[Shop, None]:
        known = Settings(
            **database.settings,
            data_dir=tmp_path,
            artifacts_dir=tmp_path / "artifacts",
            artifacts_url=artifacts_url,
            **settings,
        )
        async with open_services(known) as services:
            app = create_app(services=services, schema=small_schema.build())
            async with (
                serving(app) as server,
                httpx.AsyncClient(base_url=server.url, timeout=10) as http,
            ):
                yield Shop(services, http)

    return start


@pytest.fixture
async def shop(open_shop: OpenShop) -> AsyncGenerator[Shop, None]:
    async with open_shop() as opened:
        yield opened


@pytest.mark.parametrize("inline", [False, True], ids=["a file", "in the database"])
async def test_the_whole_is_sent_as_an_attachment_that_nobody_runs(
    shop: Shop, inline: bool
) -> None:
    artifact = await shop.put(CONTENT, inline=inline)
    answer = await shop.get(artifact)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    headers = answer.headers
    assert headers["etag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["content-type"] == "text/csv"
    assert headers["content-disposition"] == 'attachment; filename="out.csv"'
    assert headers["content-security-policy"] == "sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("inline", [False, True], ids=["a file", "in the database"])
async def test_a_range_is_a_part_and_the_parts_make_the_whole(shop: Shop, inline: bool) -> None:
    artifact = await shop.put(CONTENT, inline=inline)
    half = len(CONTENT) // 2
    first = await shop.get(artifact, range=f"bytes=0-{half - 1}")
    second = await shop.get(artifact, range=f"bytes={half}-", if_range=first.headers["etag"])
    assert (first.status_code, second.status_code) == (206, 206)
    assert first.headers["content-range"] == f"bytes 0-{half - 1}/{len(CONTENT)}"
    assert first.content + second.content == CONTENT
    stale = await shop.get(artifact, range=f"bytes={half}-", if_range='"other"')
    assert (stale.status_code, stale.content) == (200, CONTENT)
    beyond = await shop.get(artifact, range=f"bytes={len(CONTENT)}-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "BAD_USER_INPUT")
    assert beyond.headers["content-range"] == f"bytes */{len(CONTENT)}"


async def test_a_client_that_has_it_gets_304_without_the_bytes(shop: Shop) -> None:
    artifact = await shop.put(CONTENT)
    tag = (await shop.get(artifact)).headers["etag"]
    answer = await shop.get(artifact, if_none_match=tag, range="bytes=0-1")
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag


async def test_head_has_the_headers_of_get_and_no_body(shop: Shop) -> None:
    artifact = await shop.put(CONTENT)
    got = await shop.get(artifact)
    head = await shop.http.head(f"/artifacts/{artifact}/download", headers={"range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "content-type", "content-disposition"):
        assert head.headers[name] == got.headers[name]


async def test_an_artifact_of_no_bytes_can_be_downloaded(shop: Shop) -> None:
    for inline in (False, True):
        answer = await shop.get(await shop.put(b"", inline=inline))
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == "0"


async def test_what_is_unknown_is_404_and_what_was_removed_410(shop: Shop) -> None:
    for unknown in ("art_nothing", "..%2F..%2Fetc%2Fpasswd", "%00"):
        answer = await shop.get(unknown)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    removed = await shop.put(CONTENT, removed_at=1)
    lost = await shop.put(CONTENT, uri="local://sha256/00/" + "0" * 62)
    for artifact in (removed, lost):
        answer = await shop.get(artifact)
        assert (answer.status_code, answer.json()["code"]) == (410, "GONE")


async def test_what_lies_in_another_store_is_said_to(shop: Shop) -> None:
    artifact = await shop.put(CONTENT, uri="s3://another-bucket/sha256/00/" + "0" * 62)
    answer = await shop.get(artifact)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert "another store" in answer.json()["message"]


async def test_names_and_types_cannot_add_headers(shop: Shop) -> None:
    artifact = await shop.put(b"x", name='a"\r\nX-Evil: 1', media_type="text/html\r\nX-Evil: 1")
    answer = await shop.get(artifact)
    assert "x-evil" not in answer.headers
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_a_signature_opens_without_a_key_and_only_its_own_artifact(
    open_shop: OpenShop,
) -> None:
    async with open_shop(api_key="right", signed_urls_required=True) as shop:
        artifact, other = await shop.put(CONTENT), await shop.put(b"other")
        url = await shop.signed_url(artifact)
        assert (await shop.http.get(url)).content == CONTENT
        assert (await shop.http.head(url)).status_code == 200
        for bad in (
            url.replace(artifact, other),
            url[:-1] + ("0" if url[-1] != "0" else "1"),
            url.partition("&signature=")[0],
            url.replace("expires=", "expires=1"),
            url.replace("expires=", "expires=-"),
            url.replace("expires=", "expires=x"),
            url.replace("signature=", "signature=%F0%9F%98%80"),
            url.replace("signature=", "signature=%FF"),
            f"/artifacts/{artifact}/download",
        ):
            answer = await shop.http.get(bad, headers={"X-API-Key": "right"})
            assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN"), bad


async def test_a_signature_expires(open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_shop() as shop:
        artifact = await shop.put(CONTENT)
        url = await shop.signed_url(artifact)
        assert (await shop.http.get(url)).status_code == 200
        later = time.time() + 301
        monkeypatch.setattr(downloads, "time", SimpleNamespace(time=lambda: later))
        assert (await shop.http.get(url)).status_code == 403


async def test_without_a_signature_the_key_is_asked_for(open_shop: OpenShop) -> None:
    async with open_shop(api_key="right") as shop:
        artifact = await shop.put(CONTENT)
        refused = await shop.get(artifact)
        assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHENTICATED")
        unknown = await shop.get("art_nothing")
        assert unknown.status_code == 401, "who has no key does not learn what exists"
        assert (await shop.get(artifact, x_api_key="right")).content == CONTENT


async def test_a_file_that_is_shorter_than_recorded_breaks_off(shop: Shop) -> None:
    artifact = await shop.put(CONTENT, size_bytes=len(CONTENT) + 1)
    with pytest.raises(httpx.RemoteProtocolError):
        await shop.get(artifact)


async def test_ready_says_503_while_the_database_does_not_answer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await shop.http.get("/ready")).json() == {"status": "ready"}

    def broken() -> Any:
        raise OSError("disk on fire")

    monkeypatch.setattr(shop.services.store, "snapshot", broken)
    for _ in range(3):
        answer = await shop.http.get("/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
        assert (await shop.http.get("/health")).json() == {"status": "ok"}
    outages = [one for one in caplog.records if one.getMessage().startswith("api.not_ready")]
    assert len(outages) == 1, "an outage is logged once"
    monkeypatch.undo()
    assert (await shop.http.get("/ready")).status_code == 200
