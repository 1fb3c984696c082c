"""The whole stack for a test: everything that Compose runs, as plain processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stack.engines import NoBroker
from scripts.stack.stack import Stack, running
from tests.system.postgres import NoPostgres
from tests.system.processes import ROOT

SETTINGS = {
    "LEASE_SECONDS": "2",
    "MAX_WORKER_LOSSES": "1000",
    "PYTHON_MODULES": '["tests.system.functions"]',
    "PYTHONPATH": str(ROOT),
}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        with running(tmp_path, settings=SETTINGS) as up:
            yield up
    except (NoPostgres, NoBroker) as error:
        pytest.skip(str(error))
