"""Blocks that do not end by themselves, or leave something running."""

import multiprocessing
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from headrace.blocks import Block, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class WaitConfig(Config):
    stubborn: bool = False
    polls: bool = False
    tidy: str | None = None
    subprocess_pid_file: str | None = None
    escape: bool = False


class Wait(Block[WaitConfig]):
    """Runs until somebody ends it; says so when it begins."""

    def run(self, config: WaitConfig, inputs: Inputs, ctx: Context) -> Output:
        if config.stubborn:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if config.subprocess_pid_file:
            _start_grandchild(config.subprocess_pid_file, escape=config.escape)
        try:
            ctx.log.info("waiting")
            while config.polls:
                ctx.raise_if_cancelled()
                time.sleep(0.005)
            threading.Event().wait()
        finally:
            if config.tidy:
                Path(config.tidy).write_text("tidied", encoding="utf-8")
        return None


class LeaveConfig(Config):
    pid_file: str
    escape: bool = False


class LeaveBehind(Block[LeaveConfig]):
    """Returns while a process that it started still runs."""

    def run(self, config: LeaveConfig, inputs: Inputs, ctx: Context) -> Output:
        _start_grandchild(config.pid_file, escape=config.escape)
        return None


class LeaveThread(Block[Config]):
    """Returns while a thread of its own still speaks."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        first = threading.Event()

        def haunt() -> None:
            while True:
                ctx.log.info("a ghost")
                ctx.progress(int(time.monotonic()))
                first.set()
                time.sleep(0.0005)

        threading.Thread(target=haunt, daemon=True).start()
        first.wait()
        return None


class Fork(Block[Config]):
    """Uses multiprocessing with fork, whose child has copies of every descriptor."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        process = multiprocessing.get_context("fork").Process(target=print, args=("from a fork",))
        process.start()
        process.join()
        return rows_to_batch([{"code": process.exitcode}])


def _start_grandchild(pid_file: str, *, escape: bool) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "import threading; threading.Event().wait()"],
        start_new_session=escape,
    )
    Path(pid_file).write_text(str(process.pid), encoding="utf-8")
