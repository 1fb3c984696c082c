"""What the troubleshooting page quotes is what Headrace says in that very trouble."""

import re
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from headrace.settings import Settings
from tests.cli.test_run import SENTIMENT
from tests.cli.typing import Home, Server, wait_for

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "troubleshooting.md"
SECTION: Final = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
QUOTED: Final = re.compile(r"^```text\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
KEY: Final = "the key of these tests"
NO_QUOTE: Final = "Live updates connect and then nothing comes"
READING: Final = "name: p\nblocks:\n  - {{name: {name}, type: CSV_READER, config: {config}}}\n"
CALLING: Final = 'name: p\nblocks:\n  - {{name: a, type: PYTHON, config: {{function: "{of}"}}}}\n'
CRASH: Final = "import os, signal\n\ndef f():\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
SIGN: Final = (
    "mutation($id: ID!) { signArtifact(input: {artifactId: $id}) "
    "{ ... on SignArtifactSuccess { url } } }"
)
DEEP: Final = "{ runs(first: 200) { nodes { timeline(first: 1000) { nodes { seq } } } } }"


@dataclass(frozen=True)
class Place:
    """A folder to type commands in, and a server over it that wants a key."""

    home: Home
    server: Server

    def get(self, path: str, **headers: str) -> str:
        wire = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(f"{self.server.url}{path}", headers=wire, verify=False).text

    def ask(self, query: str, **variables: Any) -> httpx.Response:
        return httpx.post(
            f"{self.server.url}/graphql",
            json={"query": query, "variables": variables},
            headers={"X-API-Key": KEY},
            verify=False,
        )

    def run(self, text: str, **settings: str) -> str:
        """What `headrace run` says of a definition."""
        file = self.home.write("p.yaml", text)
        return self.home.headrace("run", file, "--no-follow", **settings).stderr

    def bring_in(self, text: str) -> str:
        return self.home.headrace("import", self.home.write("p.yaml", text)).stderr


def stays_queued(place: Place) -> str:
    settings = {"HEADRACE_URL": place.server.url, "HEADRACE_API_KEY": KEY}
    waiting = place.home.begin("run", SENTIMENT, **settings)
    said = wait_for(waiting.stderr, "worker")
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=30)
    return said


def worker_is_idle(place: Place) -> str:
    worker = place.home.begin("worker")
    said = wait_for(worker.stderr, "worker.up")
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=30)
    return said


def page_may_not_connect(place: Place) -> str:
    return place.get(
        "/graphql",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
        Sec_WebSocket_Protocol="graphql-transport-ws",
        Origin="http://localhost:3000",
    )


def port_is_taken(place: Place) -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        return place.home.headrace("serve", "--port", port).stderr


def limit_is_reached(place: Place) -> str:
    # A busy machine may take longer over 120 requests than the window is: it asks on until told.
    with httpx.Client(base_url=place.server.url, verify=False) as http:
        answers = (http.get("/health") for _ in range(5_000))
        return next(each.text for each in answers if each.status_code == 429)


def download_is_gone(place: Place) -> str:
    place.home.headrace("synthesize", "data/input.csv", "--count", "1")
    run = place.home.json("run", SENTIMENT)
    artifact = next(each["id"] for each in run["artifacts"]["nodes"])
    url = place.ask(SIGN, id=artifact).json()["data"]["signArtifact"]["url"]
    place.home.headrace("cleanup", "--older-than", "0", "--yes")
    return place.get(url)


def database_is_newer(place: Place) -> str:
    other = {"SQLITE_PATH": "other.test.sqlite3"}
    place.home.headrace("db", "upgrade", **other)
    with closing(sqlite3.connect(place.home.folder / "other.test.sqlite3")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    return place.home.headrace("runs", **other).stderr


def block_crashes(place: Place) -> str:
    place.home.write("crash.py", CRASH)
    return place.run(CALLING.format(of="crash:f"))


def path_is_refused(place: Place) -> str:
    return place.run(READING.format(name="a", config="{input_path: /etc/passwd}"))


def file_is_absent(place: Place) -> str:
    return place.run(READING.format(name="csv", config="{input_path: data/nothing.csv}"))


def llm_block_fails(place: Place) -> str:
    place.home.headrace("synthesize", "data/input.csv", "--count", "1")
    return place.home.headrace("run", SENTIMENT, "--no-follow", LLM_PROVIDER="gemini").stderr


TROUBLES: Final[dict[str, Callable[[Place], str]]] = {
    "A run stays QUEUED": stays_queued,
    "A worker is idle while blocks are READY": worker_is_idle,
    "The start is refused and names settings": lambda place: (
        place.home.headrace("serve", WAKEUPS="kafka").stderr
    ),
    "The port is taken": port_is_taken,
    "A browser says CORS, or its websocket does not open": page_may_not_connect,
    "The server answers 421": lambda place: place.get("/health", Host="pc.example.org"),
    "The server answers 401, or a websocket closes with 4403": lambda place: (
        httpx.post(
            f"{place.server.url}/graphql", json={"query": "{ queue { depth } }"}, verify=False
        ).text
    ),
    "The server answers 429": limit_is_reached,
    "A query is refused as too complex": lambda place: place.ask(DEEP).text,
    "A path is refused (PATH_REFUSED)": path_is_refused,
    "A file is not found": file_is_absent,
    "A block type is unknown": lambda place: place.bring_in(
        "name: p\nblocks:\n  - {name: a, type: KEEP}\n"
    ),
    "A PYTHON block is not allowed": lambda place: place.bring_in(CALLING.format(of="mine:f")),
    "An LLM block fails at once": llm_block_fails,
    "A download answers 403": lambda place: place.get(
        "/artifacts/art_1/download?expires=1&signature=x"
    ),
    "A download answers 410": download_is_gone,
    "A block fails with CRASHED": block_crashes,
    "The database cannot be opened": database_is_newer,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [*Settings.model_fields, "test_database_url"]:
            patch.delenv(name.upper(), raising=False)
        with Home(tmp_path_factory.mktemp("trouble")) as home:
            yield Place(home, home.serve("--no-worker", API_KEY=KEY))


def test_every_symptom_is_tried() -> None:
    sections = dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))
    assert list(sections) == [*TROUBLES, NO_QUOTE]
    assert [name for name, text in sections.items() if not QUOTED.search(text)] == [NO_QUOTE]


@pytest.mark.parametrize("symptom", TROUBLES)
def test_a_symptom_is_quoted_as_it_is_said(place: Place, symptom: str) -> None:
    section = dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))[symptom]
    (quoted,) = QUOTED.findall(section)
    said = TROUBLES[symptom](place)
    wanted = ".*".join(re.escape(part) for part in quoted.split("…"))
    assert re.search(wanted, said, re.DOTALL), said
