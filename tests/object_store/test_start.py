"""Which stores Headrace starts with: one that can never do is refused, one that is away is not."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from headrace.artifacts.content import ContentPlace, content_store
from headrace.artifacts.errors import ContentUnavailable, StoreUnfit
from tests.databases import Database
from tests.object_store.seaweed import Seaweed
from tests.system.client import Api
from tests.system.functions import numbers
from tests.system.grounds import Grounds

NOT_STARTED = 2
PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/keep-artifacts-in-an-object-store.md"


@pytest.fixture
def database(one_database: Database) -> Database:
    """The store is looked at by itself."""
    return one_database


class Forgetful(http.server.BaseHTTPRequestHandler):
    """Takes whatever it is sent, as stores do that know no conditional writes."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.send_response(404 if self.path.startswith("/nobody-made-this/") else 200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def forgetful() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forgetful) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def refused(grounds: Grounds, **settings: str) -> str:
    """What `headrace serve` says when it does not start."""
    server = grounds.serve("--no-worker", **settings)
    grounds.excused.add(server)
    assert server.wait() == NOT_STARTED, server.said
    quoted = [line for line in PAGE.read_text().splitlines() if line and line in server.said]
    assert quoted, "the how-to quotes what is said"
    assert PAGE.name in server.said
    return server.said


def test_a_store_that_does_not_enforce_conditional_writes_is_refused(
    grounds: Grounds, forgetful: str
) -> None:
    said = refused(grounds, AWS_ENDPOINT_URL=forgetful)
    assert "ARTIFACTS_URL" in said
    assert "does not enforce conditional writes" in said


def test_a_wrong_key_is_refused_and_said_without_it(grounds: Grounds) -> None:
    said = refused(grounds, AWS_SECRET_ACCESS_KEY="not-the-right-one")
    assert "Headrace may not write there" in said
    assert "SignatureDoesNotMatch" in said
    assert "not-the-right-one" not in said


def test_that_nobody_gave_a_key_is_said(
    seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgetful: str
) -> None:
    """The library then asks for the machine's identity; here it is told where, and it has none."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", f"{forgetful}/nobody-made-this")
    store = content_store(ContentPlace(folder=tmp_path, url=seaweed.new_place()))
    with pytest.raises(ContentUnavailable, match="no credentials for the artifact store"):
        store.prepare()


def test_a_bucket_that_is_not_there_is_refused(grounds: Grounds, forgetful: str) -> None:
    place = "s3://nobody-made-this/p"
    said = refused(grounds, ARTIFACTS_URL=place, AWS_ENDPOINT_URL=forgetful)
    assert place in said
    assert "no such bucket" in said


def test_a_good_store_is_left_as_it_was_but_for_one_sign(seaweed: Seaweed, tmp_path: Path) -> None:
    place = seaweed.new_place()
    content_store(ContentPlace(folder=tmp_path, url=place)).prepare()
    assert seaweed.keys(place) == ["headrace-store"]


def test_without_its_package_the_command_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "obstore"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StoreUnfit, match=r"pip install 'headrace\[s3\]'"):
        content_store(ContentPlace(folder=tmp_path, url="s3://a-bucket/p"))


def test_a_store_that_is_not_asked_for_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "import headrace.api.app, headrace_worker.process, headrace_worker.child.main\n"
        "from headrace.artifacts.content import ContentPlace, content_store\n"
        "content_store(ContentPlace(folder=pathlib.Path(sys.argv[1]))).prepare()\n"
        "print(sorted(name for name in sys.modules if 'obstore' in name))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


async def test_a_store_that_is_away_at_the_start_is_waited_for(
    grounds: Grounds, seaweed: Seaweed
) -> None:
    seaweed.kill()
    try:
        server = grounds.serve()
        await grounds.up(server)
        async with httpx.AsyncClient(base_url=server.url, verify=False) as client:
            away = await client.get("/ready")
            assert away.status_code == 503
            assert away.json()["message"] == "The artifact store does not answer"
            assert (await client.get("/health")).status_code == 200
            seaweed.start()
            assert (await client.get("/ready")).status_code == 200
    finally:
        seaweed.start()
    async with Api(server.url) as api:
        await api.bring_in(
            [
                {
                    "name": "a",
                    "type": "PYTHON",
                    "config": {
                        "function": f"{numbers.__module__}:{numbers.__name__}",
                        "args": {"count": 100_000},
                    },
                }
            ]
        )
        assert await api.end(await api.start()) == "SUCCEEDED"
