"""`headrace cleanup`: how many first, then a question, then they go."""

import os
import signal

import pytest

from tests.cli.typing import Home

ONE = 'name: one\nblocks:\n  - {name: a, type: PYTHON, config: {function: "one:make"}}\n'


@pytest.fixture
def run_id(home: Home) -> str:
    home.write("one.py", 'def make(ctx):\n    return [{"n": 1}]\n')
    return str(home.json("run", home.write("one.yaml", ONE))["id"])


def test_a_dry_run_only_counts(home: Home, run_id: str) -> None:
    result = home.headrace("cleanup", "--older-than", "0", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("would delete 1 run and 1 artifact (")
    assert home.json("cleanup", "--older-than", "30", "--dry-run") == {
        "runs": 0,
        "artifacts": 0,
        "bytes": 0,
        "dryRun": True,
    }
    assert [run["id"] for run in home.json("runs")] == [run_id]


def test_nobody_is_asked_where_nobody_is(home: Home, run_id: str) -> None:
    result = home.headrace("cleanup", "--older-than", "0")
    assert (result.returncode, "say --yes" in result.stderr) == (2, True)
    assert [run["id"] for run in home.json("runs")] == [run_id]
    done = home.json("cleanup", "--older-than", "0", "--yes")
    assert (done["runs"], done["artifacts"], done["dryRun"]) == (1, 1, False)
    assert home.json("runs") == []
    again = home.headrace("cleanup", "--older-than", "0")
    assert again.stdout == "deleted 0 runs and 0 artifacts (0 bytes)\n"  # nothing to ask about


@pytest.mark.parametrize(("answer", "left"), [(b"y\n", 0), (b"n\n", 1), (b"\n", 1)])
def test_a_person_is_asked_first(home: Home, run_id: str, answer: bytes, left: int) -> None:
    with home.asked("cleanup", "--older-than", "0") as (process, question, keyboard):
        assert "Delete 1 run and 1 artifact (" in question
        os.write(keyboard, answer)
        process.communicate(timeout=60)
        assert process.returncode == (0 if left == 0 else 2)
    assert len(home.json("runs")) == left


def test_ctrl_c_is_heard_while_they_think(home: Home, run_id: str) -> None:
    with home.asked("cleanup", "--older-than", "0") as (process, _, _):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGINT
    assert [run["id"] for run in home.json("runs")] == [run_id]


def test_days_are_wanted_and_bounded(home: Home) -> None:
    assert home.headrace("cleanup").returncode == 2
    assert home.headrace("cleanup", "--older-than", "-1").returncode == 2
    assert home.headrace("cleanup", "--older-than", "36501").returncode == 2
