"""`--database` leaves out what is of the other kind, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import BOTH, SQLITE

ROOT = Path(__file__).resolve().parents[1]
ON_BOTH = ("tests/e2e/test_cursors.py", "tests/services/test_forgetting.py")
ON_A_SERVER = "tests/cli/test_database_on_a_server.py"
ON_NONE = "tests/domain/test_graph.py"


def collected(*options: str) -> set[str]:
    files = (*ON_BOTH, ON_A_SERVER, ON_NONE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in done.stdout.splitlines() if "::" in line}


@pytest.fixture(scope="module")
def every() -> set[str]:
    return collected()


@pytest.mark.parametrize(("wanted", "other"), [BOTH, BOTH[::-1]])
def test_one_kind_is_all_that_is_not_of_the_other(every: set[str], wanted: str, other: str) -> None:
    found = collected("--database", wanted)
    of_other = {test for test in every if other in test.partition("[")[2]}
    on_a_server = {test for test in every if test.startswith(ON_A_SERVER)}
    assert of_other
    assert on_a_server
    assert every - found == of_other | (on_a_server if wanted == SQLITE else set())
    for file in (*ON_BOTH, ON_NONE):
        assert any(test.startswith(file) for test in found)
