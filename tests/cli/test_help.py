"""The first thing one sees comes at once: help imports nothing heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

from headrace import __version__
from tests.cli.typing import Home
from tests.databases import Database, in_file

HEAVY = (
    "alembic",
    "arro3",
    "cronsim",
    "gql",
    "graphql",
    "headrace.settings",
    "headrace_worker",
    "httpx",
    "sqlalchemy",
    "starlette",
    "strawberry",
    "uvicorn",
    "websockets",
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """Nothing here opens it."""
    return in_file(tmp_path / "data" / "db.test.sqlite3")


@pytest.mark.parametrize(
    "command", [[], ["run"], ["serve"], ["demo"], ["db"], ["db", "reset"], ["schedule", "add"]]
)
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys; from headrace.cli.main import app\n"
        f"try: app({[*command, '--help']!r})\n"
        f"except SystemExit: print([n for n in {HEAVY!r} if n in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stderr.strip() == "[]"
    assert "Usage" in result.stdout


def test_the_version_is_the_packages(home: Home) -> None:
    assert home.headrace("--version").stdout.strip() == f"headrace {__version__}"


def test_every_command_is_in_the_readme_or_the_tutorial_or_the_help(home: Home) -> None:
    help_text = home.headrace("--help").stdout
    for command in ("serve", "worker", "run", "watch", "runs", "cancel", "validate", "import",
                    "export", "synthesize", "schema", "blocks", "demo", "db",
                    "rerun", "cleanup", "schedule"):  # fmt: skip
        assert command in help_text
