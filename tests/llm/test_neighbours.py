"""What processes tell each other of a model: real processes, since locks are theirs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from headrace_worker.llm.neighbours import MOST_QUIET_SECONDS, Neighbours

HOLD = """
import sys
from pathlib import Path
from headrace_worker.llm.neighbours import Neighbours
neighbours = Neighbours(Path(sys.argv[1]), "gemini", "m")
neighbours.until = float(sys.argv[2])
print(neighbours.take("a"), neighbours.take("a"), flush=True)
sys.stdin.readline()
"""


class Other:
    """Another process; it holds the key `a`."""

    def __init__(self, folder: Path, until: float = 0.0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder), str(until)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "True True\n"

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def mine(tmp_path: Path) -> Neighbours:
    return Neighbours(tmp_path / "made", "gemini", "m")


def test_a_key_is_asked_by_one_process_until_that_lets_go_or_dies(
    mine: Neighbours, tmp_path: Path
) -> None:
    other = Other(tmp_path / "made")
    assert not mine.take("a")
    assert mine.take("b")
    other.end()
    assert mine.take("a")
    mine.release("a")
    other = Other(tmp_path / "made")
    assert not mine.take("a")
    other.end()


def test_another_model_is_another_matter(tmp_path: Path) -> None:
    other = Other(tmp_path)
    assert Neighbours(tmp_path, "gemini", "n").take("a")
    other.end()


def test_all_know_until_when_the_provider_wants_quiet(mine: Neighbours, tmp_path: Path) -> None:
    assert mine.until == 0
    until = time.monotonic() + 50
    Other(tmp_path / "made", until).end()
    assert mine.until == until


def test_a_time_of_another_boot_is_none(mine: Neighbours) -> None:
    mine.until = time.monotonic() + MOST_QUIET_SECONDS + 10
    assert mine.until == 0


def test_closing_lets_go_of_everything(mine: Neighbours, tmp_path: Path) -> None:
    assert mine.take("a")
    mine.close()
    Other(tmp_path / "made").end()
