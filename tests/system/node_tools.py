"""Node programs that tests run, each a script in a folder with packages of its own."""

import asyncio
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 300
"""An upper bound for what takes half a minute, for machines that are busy."""


@dataclass(frozen=True)
class Scripts:
    """A folder of scripts, and the command that installs what they need."""

    folder: Path
    install: str

    def need_node(self) -> None:
        """Skips the test where Node or the scripts' packages are not there."""
        if shutil.which("node") is None:
            pytest.skip(f"Node is not here: install Node 20.19 or newer, then {self.install}")
        if not (self.folder / "node_modules").is_dir():
            pytest.skip(f"the scripts' packages are not installed: {self.install}")

    async def run(self, script: str, *arguments: str, stdin: str = "", **environment: str) -> Any:
        """What a script prints, which is JSON."""
        process = await asyncio.create_subprocess_exec(
            "node",
            script,
            *arguments,
            cwd=self.folder,
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


def need_chromium() -> str:
    """The browser's path; skips the test where there is none."""
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not here: apt-get install chromium to test in a browser")
