# ruff: noqa: T201 - what is printed is what is tested
"""Blocks that say things: lines, much of them, and progress."""

import logging
import subprocess
import sys

from headrace.blocks import Block, Config, Context, Inputs, Output


class SayConfig(Config):
    lines: int = 1


class Say(Block[SayConfig]):
    """Says the same in every way there is."""

    def run(self, config: SayConfig, inputs: Inputs, ctx: Context) -> Output:
        for number in range(config.lines):
            ctx.log.debug(f"log {number}")  # noqa: G004 - `ctx.log` takes plain text
            logging.getLogger("some.library").warning("logging %s", number)
            print(f"stdout {number}")
            print(f"stderr {number}", file=sys.stderr)
        subprocess.run([sys.executable, "-c", "print('from a subprocess')"], check=True)
        print("no newline at the end", end="")
        return None


class FloodConfig(Config):
    megabytes: int
    through: str = "stdout"


class Flood(Block[FloodConfig]):
    """Writes a great deal."""

    def run(self, config: FloodConfig, inputs: Inputs, ctx: Context) -> Output:
        line = "x" * 1023
        for _ in range(config.megabytes * 1024):
            if config.through == "stdout":
                print(line)
            else:
                ctx.log.info(line)
        return None


class ProgressConfig(Config):
    calls: int


class Progress(Block[ProgressConfig]):
    """Tells its progress for every row."""

    def run(self, config: ProgressConfig, inputs: Inputs, ctx: Context) -> Output:
        for number in range(1, config.calls + 1):
            ctx.progress(number, config.calls)
        return None
