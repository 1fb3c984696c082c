"""The place of a test: one folder, one database, and every process that was started over it."""

import asyncio
import fcntl
import os
import signal
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.system.processes import PATIENCE_SECONDS, ROOT, Process, Server, survivors


class Grounds:
    """A folder with one database, and the processes that were started over it.

    When it is left, all of them are killed, none may have left anything alive, and none may have
    said a word of trouble.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.excused: set[Process] = set()
        self._settings = {
            "PYTHON_MODULES": '["tests.system.functions"]',
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
            "WORKER_CONCURRENCY": "2",
            **settings,
        }

    @property
    def database(self) -> Path:
        return self.folder / "data" / "db.test.sqlite3"

    @property
    def database_url(self) -> str | None:
        """The address of the server's database; None where it is the file."""
        return self._settings.get("TEST_DATABASE_URL")

    @property
    def artifacts(self) -> Path:
        return self.folder / "data" / "artifacts"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        families = [each for process in self.processes for each in process.family()]
        for process in self.processes:
            process.kill()
        left = survivors(families)
        for each in left:
            each.kill()
        if error is None:
            assert not left, f"outlived their workers: {left}"
            for process in set(self.processes) - self.excused:
                process.wait()
                trouble = process.trouble()
                assert not trouble, trouble

    def serve(self, *arguments: str, port: str = "0", **settings: str) -> Server:
        """Starts a server on a port of its own, or on this one."""
        server = Server(
            ("serve", "--port", port, *arguments), self.folder, {**self._settings, **settings}
        )
        self.processes.append(server)
        return server

    def worker(self, **settings: str) -> Process:
        """Starts a worker; `line_with("worker.up")` says when it works."""
        worker = Process(("worker",), self.folder, {**self._settings, **settings})
        self.processes.append(worker)
        return worker

    async def up(self, *processes: Process) -> None:
        """Returns when all of them say that they are up."""
        for process in processes:
            await asyncio.to_thread(process.line_with, ".up")

    async def kill(self, *processes: Process) -> None:
        """`kill -9` for each, until they and their descendants are gone."""
        families = [each for process in processes for each in process.family()]
        for process in processes:
            process.popen.kill()
        for process in processes:
            await asyncio.to_thread(process.popen.wait, PATIENCE_SECONDS)
        left = await asyncio.to_thread(survivors, families)
        assert not left, f"outlived their workers: {left}"

    def freeze(self, process: Process) -> None:
        """SIGSTOP, and not in the middle of its turn to write a file: that would stop everybody."""
        while True:
            process.signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            if self._nobody_writes():
                return
            process.signal(signal.SIGCONT)

    def _nobody_writes(self) -> bool:
        if "TEST_DATABASE_URL" in self._settings:
            return True  # the server ends its transaction after a while
        for name in ("next", "writer"):
            with Path(f"{self.database}.{name}").open("a") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True
