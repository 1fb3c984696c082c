"""Blocks that behave, and blocks that do not; the executor's tests run them in real children."""

from tests.executors.sample_blocks.context import Everything, ReadPath
from tests.executors.sample_blocks.failing import Fail
from tests.executors.sample_blocks.keeping import Artifact, Exchange, HalfArtifact, Memoize
from tests.executors.sample_blocks.lasting import Fork, LeaveBehind, LeaveThread, Wait
from tests.executors.sample_blocks.process import Import, Litter, PeakMemory, Surroundings, Swell
from tests.executors.sample_blocks.rows import Echo, Nothing, Rows
from tests.executors.sample_blocks.speaking import Flood, Progress, Say

__all__ = [
    "Artifact",
    "Echo",
    "Everything",
    "Exchange",
    "Fail",
    "Flood",
    "Fork",
    "HalfArtifact",
    "Import",
    "LeaveBehind",
    "LeaveThread",
    "Litter",
    "Memoize",
    "Nothing",
    "PeakMemory",
    "Progress",
    "ReadPath",
    "Rows",
    "Say",
    "Surroundings",
    "Swell",
    "Wait",
]
