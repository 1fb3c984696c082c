"""Blocks that look at the process that they are in, fill it, or spoil it."""

import logging
import os
import resource
import signal
import sys

from headrace.blocks import Block, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class PeakMemory(Block[Config]):
    """Tells how much memory its process has ever taken."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return rows_to_batch([{"peak_mib": peak // 1024}])


class Swell(Block[Config]):
    """Takes much memory for a moment."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        block = bytearray(600 * 1024 * 1024)
        for index in range(0, len(block), 4096):
            block[index] = 1
        return rows_to_batch([{"pid": os.getpid()}])


class Surroundings(Block[Config]):
    """Tells what its process was given."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return rows_to_batch(
            [
                {
                    "variables": sorted(os.environ),
                    "pythonpath": os.environ.get("PYTHONPATH"),
                    "session": os.getsid(0),
                    "stdin": sys.stdin.read(),
                    "threads_of_zygote": len(os.listdir(f"/proc/{os.getppid()}/task")),
                    "descriptors": len(os.listdir("/proc/self/fd")),
                }
            ]
        )


class Litter(Block[Config]):
    """Changes what a block should not; its dataset tells what it found."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        found = [
            {
                "variable": os.environ.get("LITTER", ""),
                "folder": os.getcwd(),
                "handlers": len(logging.getLogger().handlers),
                "pid": os.getpid(),
            }
        ]
        os.environ["LITTER"] = "left behind"
        os.chdir("/")
        logging.getLogger().handlers.clear()
        sys.stdout = sys.stderr
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return rows_to_batch(found)


class ImportConfig(Config):
    module: str


class Import(Block[ImportConfig]):
    """Imports a module of the user's and tells its VALUE."""

    def run(self, config: ImportConfig, inputs: Inputs, ctx: Context) -> Output:
        return rows_to_batch([{"value": __import__(config.module).VALUE, "path": sys.path[0]}])
