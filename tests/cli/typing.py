"""What a person does at a terminal: type commands, press Ctrl-C, start a server."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from typer.testing import CliRunner

from headrace.cli.main import app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COMMAND = (sys.executable, "-m", "headrace.cli.main")
PATIENCE_SECONDS = 60


class Home:
    """A folder to type commands in. Whatever still runs when it is left is killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[tuple[subprocess.Popen[str], threading.Timer]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process, limit in self._running:
            limit.cancel()
            process.kill()
            process.communicate(timeout=PATIENCE_SECONDS)

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def headrace(
        self, *arguments: str | Path, stdin: str | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end, in this process: its imports are paid for once."""
        typed = [str(argument) for argument in arguments]
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(app, typed, input=stdin, env=settings)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return subprocess.CompletedProcess(typed, result.exit_code, result.stdout, result.stderr)

    def json(self, *arguments: str | Path, **settings: str) -> Any:
        """What a command with --json says."""
        result = self.headrace(*arguments, "--json", **settings)
        assert result.stdout, result.stderr
        return json.loads(result.stdout)

    def begin(
        self, *arguments: str | Path, command: Sequence[str] = COMMAND, **settings: str
    ) -> subprocess.Popen[str]:
        """Types a command and does not wait."""
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=self.folder,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # What never comes is then the end of a stream and not the end of the tests.
        limit = threading.Timer(PATIENCE_SECONDS, process.kill)
        limit.daemon = True
        limit.start()
        self._running.append((process, limit))
        return process

    @contextmanager
    def asked(self, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
        """A command that asks something: it, its question, and the keyboard to answer with."""
        keyboard, terminal = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            question = ""
            while not question.endswith("[y/N] "):
                character = process.stderr.read(1)
                assert character, question
                question += character
            yield process, question, keyboard
        finally:
            process.kill()
            process.communicate()
            os.close(keyboard)
            os.close(terminal)

    def serve(self, *arguments: str, **settings: str) -> "Server":
        """A server on a free port, once it is up."""
        return Server(self.begin("serve", "--port", "0", *arguments, **settings))


class Server:
    """`headrace serve`; `url` is where it is."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        up = wait_for(process.stderr, "serve.up")
        (self.url,) = (word[4:] for word in up.split() if word.startswith("url="))
        self.port = self.url.rpartition(":")[2]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for its end; gives its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode


def wait_for(stream: IO[str] | None, text: str) -> str:
    """The first line with `text` in it; the lines before it are read and dropped."""
    assert stream is not None
    seen = []
    for line in stream:
        if text in line:
            return line
        seen.append(line)
    raise AssertionError(f"{text!r} never came; there was\n{''.join(seen)}")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", **settings}
