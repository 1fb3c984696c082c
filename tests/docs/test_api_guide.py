"""The scripts of the API guide do what it says, as somebody would type them, whatever the server
goes through meanwhile.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import home
from tests.cli.typing import Home, Server
from tests.conformance.node_tools import CLIENTS

__all__ = ["home"]  # a fixture that pytest finds by its name here

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "how-to" / "use-the-api.md"
FILES: Final = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEY: Final = "the key of these tests"
SCRIPTS: Final = {
    "follow.py": (sys.executable,),
    "follow.mjs": ("node",),
    "follow-curl.sh": ("bash",),
    "follow-websocat.sh": ("bash",),
}
PIPELINE: Final = """
name: followed
blocks:
  - {name: first, type: PYTHON, config: {function: "tests.system.functions:nothing"}}
  - name: held
    type: PYTHON
    config: {function: "tests.system.functions:hold", args: {folder: "."}}
  - {name: last, type: PYTHON, config: {function: "tests.system.functions:nothing"}}
edges:
  - {from: first, to: held}
  - {from: held, to: last}
"""
CYCLE: Final = """
name: ring
blocks:
  - {name: a, type: LLM_SENTIMENT}
edges:
  - {from: a, to: a}
"""
SETTINGS: Final = {
    "API_KEY": KEY,
    "PYTHON_MODULES": '["tests.system.functions"]',
    "PYTHONPATH": str(ROOT),
    "LEASE_SECONDS": "1",
    "DRAIN_SECONDS": "0",
}
# `make clients` puts websocat beside this Python.
PATH: Final = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
TIMELINE: Final = """
{ runs(first: 1) { nodes { timeline(first: 1000) { nodes { seq kind message } } } } }
"""


def test_the_page_has_a_script_for_each_client_and_says_what_it_needs() -> None:
    names = [name for name, _ in FILES.findall(PAGE.read_text(encoding="utf-8"))]
    assert names == ["operations.graphql", *SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_follows_a_run_over_restarts_without_a_gap_or_a_repeat(
    home: Home, script: str
) -> None:
    command = laid_out(home, script)
    server = home.serve(**SETTINGS)
    process = home.begin(
        server.url, home.write("p.yaml", PIPELINE), KEY, command=command, PATH=PATH
    )
    lines = read_until(process, "held started")
    for number in (signal.SIGTERM, signal.SIGKILL):
        server.stop(number)
        server = home.serve("--port", server.port, **SETTINGS)
        lines += read_until(process, "held started")
    home.write("go", "")
    rest, complaints = process.communicate(timeout=60)
    lines += rest.splitlines()
    assert (process.returncode, lines[-1]) == (0, "SUCCEEDED"), complaints
    assert lines[:-1] == timeline(server)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_ends_with_the_reason_where_it_cannot_begin(home: Home, script: str) -> None:
    command = laid_out(home, script)
    server = home.serve("--no-worker", **SETTINGS)
    file = home.write("ring.yaml", CYCLE)
    refused = home.begin(server.url, file, KEY, command=command, PATH=PATH)
    said, complaints = refused.communicate(timeout=60)
    assert refused.returncode not in {0, None}
    assert said == ""
    assert "edge to itself" in complaints
    unknown = home.begin(server.url, file, "another key", command=command, PATH=PATH)
    said, _ = unknown.communicate(timeout=60)
    assert (unknown.returncode != 0, said) == (True, "")


def laid_out(home: Home, script: str) -> tuple[str, ...]:
    """The page's files in the folder; the command that runs the script. Skips what is not there."""
    for name, text in FILES.findall(PAGE.read_text(encoding="utf-8")):
        home.write(name, text)
    if script == "follow.mjs":
        CLIENTS.need_node()
        (home.folder / "node_modules").symlink_to(CLIENTS.folder / "node_modules")
    if script == "follow-websocat.sh":
        need_websocat()
    if script.endswith(".sh"):
        for tool in ("bash", "jq", "curl"):
            if shutil.which(tool) is None:
                pytest.skip(f"{tool} is not here: apt-get install {tool} to test the shell scripts")
    return (*SCRIPTS[script], str(home.folder / script))


def need_websocat() -> None:
    """Skips the test where there is none."""
    if shutil.which("websocat", path=PATH) is None:
        pytest.skip("websocat is not here: `make clients`, or `cargo install websocat`, brings it")


def read_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """The lines that it prints, up to the first with `text` in it."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if text in line:
            return lines
    _, complaints = process.communicate()
    raise AssertionError(f"{text!r} never came; there was {lines}\n{complaints}")


def timeline(server: Server) -> list[str]:
    """The run's events as the API lists them, in the words of the scripts."""
    request = urllib.request.Request(
        f"{server.url}/graphql",
        data=json.dumps({"query": TIMELINE}).encode(),
        headers={"Content-Type": "application/json", "X-API-Key": KEY},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        (run,) = json.load(response)["data"]["runs"]["nodes"]
    events = run["timeline"]["nodes"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return [f"{event['seq']} {event['kind']} {event['message']}" for event in events]
