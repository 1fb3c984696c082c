"""Processes of Headrace on one database file: started, signalled, listened to, and always ended.

Every process gets a word in its environment that all its descendants inherit, so that whatever it
leaves behind is found, wherever it went in the tree of processes.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from headrace.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "headrace.cli.main")
PATIENCE_SECONDS = 60
SOON_SECONDS = 30
MARK = "MARK_OF_A_TEST"
TROUBLE = ("locked", "Traceback", "never retrieved", "never awaited", "unexpected_error")


class Process:
    """A command that runs; its stderr is read all the time, so that it never blocks."""

    def __init__(self, arguments: Sequence[str], folder: Path, settings: dict[str, str]) -> None:
        self.mark = secrets.token_hex(8)
        self.popen = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env={**_environment(), **settings, MARK: self.mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: list[str] = []
        self._told = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def said(self) -> str:
        """Its stderr so far."""
        with self._told:
            return "".join(self._lines)

    def line_with(self, text: str) -> str:
        """The first line of stderr with `text` in it, once it is there."""
        with self._told:
            self._told.wait_for(lambda: self._over or self._find(text), PATIENCE_SECONDS)
            if found := self._find(text):
                return found
        raise AssertionError(f"{text!r} never came; there was\n{self.said}")

    def signal(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def wait(self) -> int:
        """Its exit code, once it has ended and all that it said was read."""
        code = self.popen.wait(PATIENCE_SECONDS)
        # Descendants that outlive it hold its stderr open; `family` is where they show.
        end = time.monotonic() + PATIENCE_SECONDS
        while self._reader.is_alive() and not self.family() and time.monotonic() < end:
            self._reader.join(0.1)
        return code

    def kill(self) -> None:
        """`kill -9`, waited for."""
        self.popen.kill()
        self.popen.wait(PATIENCE_SECONDS)

    def family(self) -> list[psutil.Process]:
        """Everything alive that descends from it, itself left out."""
        return [each for each in psutil.process_iter() if each.pid != self.pid and self._made(each)]

    def trouble(self) -> str:
        """What it said from just before the first sign of trouble on."""
        lines = [line for line in self.said.splitlines() if "api.request" not in line]
        signs = [at for at, line in enumerate(lines) if any(word in line for word in TROUBLE)]
        return "\n".join(lines[max(0, signs[0] - 5) : signs[-1] + 60]) if signs else ""

    def _find(self, text: str) -> str | None:
        return next((line for line in self._lines if text in line), None)

    def _made(self, other: psutil.Process) -> bool:
        try:
            return other.environ().get(MARK) == self.mark and other.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def _read(self) -> None:
        stream = self.popen.stderr
        assert stream is not None
        with stream:
            for line in stream:
                with self._told:
                    self._lines.append(line)
                    self._told.notify_all()
        with self._told:
            self._over = True
            self._told.notify_all()


class Server(Process):
    """`headrace serve`, which may be up or not yet."""

    @property
    def url(self) -> str:
        """Where it is, once it is up."""
        words = self.line_with("serve.up").split()
        (found,) = (word.removeprefix("url=") for word in words if word.startswith("url="))
        return found


def alive(process: psutil.Process) -> bool:
    """Whether it runs; whoever is dead and waits for its parent's notice does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def survivors(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Which of them still run after everyone had time enough to go."""
    end = time.monotonic() + SOON_SECONDS
    while left := [each for each in processes if alive(each)]:
        if time.monotonic() > end:
            break
        time.sleep(0.01)  # the end of somebody else's child comes without a signal
    return left


def _environment() -> dict[str, str]:
    """Ours without any setting of Headrace."""
    known = {name.upper() for name in [*Settings.model_fields, "test_database_url"]}
    return {name: value for name, value in os.environ.items() if name not in known}
