"""`headrace rerun`: again from where it failed, and first what that would do."""

from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from headrace.cli import cleaning, rerunning
from tests.cli.typing import Home

SCHEMA = Path(__file__).resolve().parents[2] / "schema.graphql"
STEPS = """
name: steps
blocks:
  - name: make
    type: PYTHON
    config: {function: "steps:make"}
  - name: check
    type: PYTHON
    config: {function: "steps:check"}
edges:
  - {from: make, to: check}
"""
FUNCTIONS = """
from pathlib import Path

def make(ctx):
    return [{"n": 1}, {"n": 2}]

def check(ctx):
    if not Path("mended").exists():
        raise RuntimeError("it broke")
"""


def broken(home: Home) -> str:
    """A run that failed in its second block; `mended` mends it."""
    home.write("steps.py", FUNCTIONS)
    run = home.json("run", home.write("steps.yaml", STEPS))
    assert run["status"] == "FAILED"
    return str(run["id"])


@pytest.mark.parametrize("text", [rerunning.PLAN, rerunning.RERUN, cleaning.CLEANUP])
def test_a_document_fits_the_schema(text: str) -> None:
    assert validate(build_schema(SCHEMA.read_text(encoding="utf-8")), parse(text)) == []


def test_a_plan_says_what_would_happen_and_nothing_does(home: Home) -> None:
    first = broken(home)
    result = home.headrace("rerun", first, "--plan")
    assert result.returncode == 0, result.stderr
    head, make, check = result.stdout.splitlines()
    assert head.split() == ["BLOCK", "WHAT", "WHY"]
    assert make.split()[:2] == ["make", "reuse"]
    assert check.split()[:2] == ["check", "run"]
    assert len(home.json("runs")) == 1
    plan: dict[str, Any] = home.json("rerun", first, "--plan", "--from", "start")
    assert (plan["reuse"], plan["run"]) == ([], ["make", "check"])


def test_what_failed_runs_again_and_the_rest_is_reused(home: Home) -> None:
    first = broken(home)
    result = home.headrace("rerun", first)
    assert result.returncode == 1
    assert "it broke" in result.stderr
    assert "make started" not in result.stdout
    home.write("mended", "")
    run = home.json("rerun", first)
    assert run["status"] == "SUCCEEDED"
    assert {block["name"]: block["attempt"] for block in run["blocks"]} == {"make": 0, "check": 1}


def test_named_blocks_run_again_and_what_comes_after(home: Home) -> None:
    first = broken(home)
    home.write("mended", "")
    result = home.headrace("rerun", first, "--block", "make")
    assert result.returncode == 0, result.stderr
    assert "make started" in result.stdout
    both = home.headrace("rerun", first, "--block", "make", "--from", "start")
    assert (both.returncode, "--block or --from" in both.stderr) == (2, True)


def test_the_latest_version_can_be_asked_for(home: Home) -> None:
    first = broken(home)
    home.write("mended", "")
    newer = home.write("steps.yaml", f"description: new\n{STEPS}")
    home.headrace("import", newer, "--replace", PYTHON_MODULES='["steps"]')
    assert home.json("rerun", first, "--latest")["version"]["number"] == 2


def test_what_cannot_be_rerun_starts_nothing_and_says_why(home: Home) -> None:
    missing = home.headrace("rerun", "run_nobody")
    assert (missing.returncode, "no run run_nobody" in missing.stderr) == (2, True)
    assert home.headrace("rerun", "run_nobody", "--plan").returncode == 2
    first = broken(home)
    unknown = home.headrace("rerun", first, "--block", "mak", "--block", "chek")
    assert unknown.returncode == 2
    assert "did you mean make?" in unknown.stderr
    assert "did you mean check?" in unknown.stderr
    plan = home.headrace("rerun", first, "--block", "mak", "--plan")
    assert (plan.returncode, plan.stdout) == (1, "")
    assert "did you mean make?" in plan.stderr
    assert len(home.json("runs")) == 1


def test_a_server_takes_reruns_too(home: Home) -> None:
    first = broken(home)
    home.write("mended", "")
    url = home.serve().url
    detached = home.headrace("rerun", first, "--detach", "--server", url)
    assert detached.returncode == 0, detached.stderr
    watched = home.headrace("watch", detached.stdout.strip(), "--server", url)
    assert watched.returncode == 0, watched.stderr
    refused = home.headrace("rerun", first, "--detach")
    assert (refused.returncode, "--detach needs a server" in refused.stderr) == (2, True)
