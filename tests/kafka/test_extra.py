"""aiokafka is imported where Kafka is chosen and nowhere else; without it the start says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import home
from tests.cli.typing import Home
from tests.databases import Database, in_file

__all__ = ["home"]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """It is not reached."""
    return in_file(tmp_path / "data" / "db.test.sqlite3")


def test_nothing_imports_it_while_streaming_is_off() -> None:
    code = """
import sys
import headrace.api.app, headrace.cli.compose, headrace_worker.process
print("aiokafka" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (said.stdout.strip(), said.stderr) == ("False", "")


def test_a_missing_extra_is_named_with_the_command_that_brings_it(
    home: Home, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden" / "aiokafka"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError('aiokafka')")
    path = os.pathsep.join([str(hidden.parent), os.environ.get("PYTHONPATH", "")])
    process = home.begin("serve", "--port", "0", STREAM_BACKEND="kafka", PYTHONPATH=path)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "pip install 'headrace[kafka]'" in said
    assert "Traceback" not in said
