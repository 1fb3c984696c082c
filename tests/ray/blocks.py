"""Blocks that tell where they run."""

import os
import time
from pathlib import Path

from headrace.blocks import Block, Config, Context, Inputs, Output
from headrace.blocks.rows import rows_to_batch


class HoldConfig(Config):
    folder: str
    artifact: bool = False


class Hold(Block[HoldConfig]):
    """Says which Ray worker it runs below, and waits for the file `go`."""

    def run(self, config: HoldConfig, inputs: Inputs, ctx: Context) -> Output:
        if config.artifact:
            with ctx.new_artifact("early.txt") as file:
                file.write(b"made before the end")
        said = f"below {_parent_of(os.getppid())}"
        ctx.log.info(said)
        while not Path(config.folder, "go").exists():
            ctx.raise_if_cancelled()
            time.sleep(0.01)
        return rows_to_batch([{"ran": 1}])


def _parent_of(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return int(stat.rpartition(")")[2].split()[1])
