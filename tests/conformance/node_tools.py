"""Node programs that tests run: the clients of others, each a script in `node/`."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("node")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 120


def need_node() -> None:
    """Skips the test where Node or the clients are not there."""
    if shutil.which("node") is None:
        pytest.skip("Node is not here: install Node 20 or newer to test clients of others")
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("the clients are not installed: npm ci --prefix tests/conformance/node")


def need_chromium() -> str:
    """The browser's path; skips the test where there is none."""
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not here: apt-get install chromium to test in a browser")


async def node(script: str, *arguments: str, stdin: str = "", **environment: str) -> Any:
    """What a script prints, which is JSON."""
    process = await asyncio.create_subprocess_exec(
        "node",
        script,
        *arguments,
        cwd=FOLDER,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            printed, complaints = await process.communicate(stdin.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complaints.decode()
    return json.loads(printed)
