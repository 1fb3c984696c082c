from pathlib import Path

import pytest

from headrace.blocks import Environment
from headrace.blocks.testing import RecordingContext


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder; what is beside it is out of reach."""
    made = tmp_path / "data"
    made.mkdir()
    return made


@pytest.fixture
def environment(folder: Path) -> Environment:
    return Environment(
        working_dir=folder.parent,
        data_dir=folder,
        artifacts_dir=folder / "artifacts",
        allowed_roots=(folder,),
    )


@pytest.fixture
def ctx(folder: Path, environment: Environment) -> RecordingContext:
    return RecordingContext(folder, environment=environment)
