"""Writing runs: how one is made (`creating`), and how one is stopped by request (`cancelling`)."""

from headrace.store.runs.cancelling import cancel_blocks, cancel_run
from headrace.store.runs.creating import NewRun, Reused, create_run

__all__ = ["NewRun", "Reused", "cancel_blocks", "cancel_run", "create_run"]
