# ruff: noqa: T201 - what is printed is what is tested
"""Blocks that behave, and blocks that do not; the executor's tests run them in real children."""

import ctypes
import io
import logging
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from headrace.blocks import BadInput, Block, BlockError, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class Echo(Block[Config]):
    """Hands its input on; without one, makes one row."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return inputs.one() if inputs else rows_to_batch([{"id": 1, "text": "hello"}])


class Nothing(Block[Config]):
    """Leaves no dataset."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        return None


class RowsConfig(Config):
    batches: int = 1
    rows: int = 4096
    fail_after: int | None = None


class Rows(Block[RowsConfig]):
    """Streams rows from a generator; remembers in the last row how much memory that took."""

    def run(self, config: RowsConfig, inputs: Inputs, ctx: Context) -> Iterator[Any]:
        for number in range(config.batches):
            if number == config.fail_after:
                raise BlockError("half-way")
            ctx.raise_if_cancelled()
            start = number * config.rows
            ids = range(start, start + config.rows)
            yield rows_to_batch([{"id": i, "text": f"row {i} {i * 7919 % 10007:x}"} for i in ids])


class FailConfig(Config):
    how: str


class Fail(Block[FailConfig]):
    """Ends badly, in the way that it is told."""

    def run(self, config: FailConfig, inputs: Inputs, ctx: Context) -> Output:
        ctx.log.info("about to fail")
        print("printed before the end")
        getattr(self, config.how)()
        raise AssertionError("still here")

    def error(self) -> None:
        raise ValueError("this went wrong")

    def bad_input(self) -> None:
        raise BadInput("no column 'text'", detail="columns: id")

    def system_exit(self) -> None:
        sys.exit(3)

    def unprintable(self) -> None:
        class Odd(Exception):
            def __str__(self) -> str:
                raise RuntimeError("no text")

        raise Odd

    def surrogate(self) -> None:
        raise ValueError("half a pair \ud800 and a NUL \0")

    def os_exit(self) -> None:
        os._exit(7)

    def os_exit_zero(self) -> None:
        os._exit(0)

    def segfault(self) -> None:
        ctypes.string_at(0)

    def abort(self) -> None:
        os.abort()

    def close_everything(self) -> None:
        os.closerange(3, 256)
        threading.Event().wait()

    def garbage(self) -> None:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"\xff" * 64)
            except OSError:
                continue
        threading.Event().wait()


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


class ArtifactConfig(Config):
    name: str = "report.txt"
    text: str = "hello"
    fail: bool = False


class Artifact(Block[ArtifactConfig]):
    """Makes an artifact, or fails in the middle of it."""

    def run(self, config: ArtifactConfig, inputs: Inputs, ctx: Context) -> Output:
        with ctx.new_artifact(config.name, rows=1) as file:
            file.write(config.text.encode())
            if config.fail:
                raise BlockError("in the middle of the artifact")
        ctx.log.info("the artifact is kept")
        return None


class MemoConfig(Config):
    items: int
    lookup: bool = True
    tell: bool = False
    fail: bool = False


class Memoize(Block[MemoConfig]):
    """Records what its memo does not know; its dataset tells what it found and what it made."""

    def run(self, config: MemoConfig, inputs: Inputs, ctx: Context) -> Output:
        keys = [f"key-{number}" for number in range(config.items)]
        found = ctx.memo.lookup(keys) if config.lookup else {}
        for number, key in enumerate(keys, start=1):
            if key not in found:
                ctx.memo.record({key: {"value": number}})
            if config.tell:
                ctx.log.info(f"recorded {number}")  # noqa: G004 - `ctx.log` takes plain text
        if config.fail:
            raise BlockError("after the memo")
        return rows_to_batch([{"found": len(found), "made": len(keys) - len(found)}])


class ExchangeConfig(Config):
    megabytes: int
    threads: int


class Exchange(Block[ExchangeConfig]):
    """Looks up and records large values from several threads at once."""

    def run(self, config: ExchangeConfig, inputs: Inputs, ctx: Context) -> Output:
        count = config.megabytes * 10

        def work(thread: int) -> int:
            ctx.memo.record({f"new-{thread}-{n}": "n" * 100_000 for n in range(count)})
            return len(ctx.memo.lookup([f"old-{n}" for n in range(count)]))

        with ThreadPoolExecutor(config.threads) as pool:
            found = sum(pool.map(work, range(config.threads)))
        return rows_to_batch([{"found": found}])


class PeakMemory(Block[Config]):
    """Tells how much memory its process has ever taken."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return rows_to_batch([{"peak_mib": peak // 1024}])


class HalfArtifact(Block[Config]):
    """Waits in the middle of an artifact."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        with ctx.new_artifact("half.txt") as file:
            file.write(b"half")
            file.flush()
            ctx.log.info("in the middle")
            threading.Event().wait()
        return None


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


class PathConfig(Config):
    path: str


class ReadPath(Block[PathConfig]):
    """Reads a path of the user's."""

    def run(self, config: PathConfig, inputs: Inputs, ctx: Context) -> Output:
        return rows_to_batch([{"path": str(ctx.input_path(config.path))}])


class Everything(Block[Config]):
    """Uses every part of its context; its dataset tells what it saw."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        ctx.log.debug("one")
        ctx.log.info("two")
        ctx.log.warning("three")
        ctx.log.error("four")
        ctx.progress(5, 10)
        ctx.progress(3)
        ctx.memo.record({"new": {"value": [1, None, "x"]}})
        found = ctx.memo.lookup(["known", "new", "unknown"])
        with ctx.new_artifact("table.csv") as file:
            with io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
                text.write("id\r\n1\r\n")
            file.rows = 1
        target = Path("/some/where.csv")
        before = ctx.written_by_headrace(target, "ab" * 32)
        ctx.record_written(target, "ab" * 32)
        after = ctx.written_by_headrace(target, "ab" * 32)
        refused = []
        for name in ("a/b", "output.arrow"):
            try:
                with ctx.new_artifact(name):
                    pass
            except BlockError as error:
                refused.append(error.message)
        return rows_to_batch(
            [
                {
                    "run_id": ctx.run_id,
                    "block": ctx.block,
                    "attempt": ctx.attempt,
                    "cancelled": ctx.cancelled,
                    "found": found,
                    "written": [before, after],
                    "refused": refused,
                    "input": str(ctx.input_path("in.csv")),
                    "output": str(ctx.output_path("out.csv")),
                }
            ]
        )


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


class Swell(Block[Config]):
    """Takes much memory for a moment."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        block = bytearray(600 * 1024 * 1024)
        for index in range(0, len(block), 4096):
            block[index] = 1
        return rows_to_batch([{"pid": os.getpid()}])


def _start_grandchild(pid_file: str, *, escape: bool) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "import threading; threading.Event().wait()"],
        start_new_session=escape,
    )
    Path(pid_file).write_text(str(process.pid), encoding="utf-8")
