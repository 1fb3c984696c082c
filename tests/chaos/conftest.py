"""Grounds of its own for each test: its processes are to die."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.grounds import Grounds


@pytest.fixture
def grounds(tmp_path: Path) -> Iterator[Grounds]:
    """Every data set is a file, so that files and rows have to agree whatever happens."""
    with Grounds(tmp_path, INLINE_BYTES="0") as made:
        yield made
