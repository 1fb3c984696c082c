"""A pipeline started, watched and waited for; Ctrl-C cancels it, a second one leaves it."""

import asyncio
import signal
from dataclasses import dataclass
from typing import Any

from headrace.cli import documents
from headrace.cli.cancelling import ask_to_cancel
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import say
from headrace.cli.errors import NOT_STARTED, CommandFailed
from headrace.cli.follow import follow
from headrace.cli.imports import import_file
from headrace.cli.problems import show_problems
from headrace.cli.process import Signals
from headrace.cli.run_lists import labels_of
from headrace.cli.run_report import EXIT_CODES, report, result_of
from headrace.cli.sources import is_file, pairs, params_of
from headrace.cli.watchers import Watcher

REASON = "Ctrl-C at the command line"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What `headrace run` was asked for, as it was typed."""

    target: str
    params: tuple[str, ...] = ()
    version: int | None = None
    labels: tuple[str, ...] = ()
    priority: int = 0
    timeout_seconds: float | None = None


async def run_pipeline(
    client: Client,
    request: Request,
    signals: Signals,
    watcher: Watcher,
    *,
    detach: bool = False,
    as_json: bool = False,
) -> int:
    """Starts a run and follows it to its end; gives the exit code.

    Raises:
        CommandFailed: nothing was started.
        ConnectionLost: the run goes on at a server that cannot be reached any more.
    """
    run_id = await start(client, request, quiet=as_json or detach)
    if detach:
        if as_json:
            print_json({"id": run_id})
        else:
            say(run_id)
        return 0
    interrupts = _Interrupts(client, run_id, signals, watcher)
    with signals.heard_by(interrupts.hear):
        return await watch_run(client, run_id, watcher, as_json=as_json)


async def start(client: Client, request: Request, *, quiet: bool = False) -> str:
    """Imports where a file was named, and starts; gives the run's id.

    Raises:
        CommandFailed: nothing was started; problems were shown.
    """
    given = pairs(request.params, "--param")
    imported = None
    if is_file(request.target):
        if request.version is not None:
            raise CommandFailed("--version is for a NAME: a FILE is imported as its own version")
        imported = await import_file(client, request.target, replace=True)
        known = imported.params
        if not quiet:
            say(imported.in_words(), style="dim")
    else:
        found = (await client.execute(documents.PIPELINE, {"name": request.target}))["pipeline"]
        known = found["params"] if found else []
    wanted: dict[str, Any] = {
        "pipeline": imported.name if imported else request.target,
        "version": imported.version if imported else request.version,
        "params": params_of(given, known),
        "labels": labels_of(request.labels),
        "priority": request.priority,
        "timeoutSeconds": request.timeout_seconds,
    }
    result = (await client.execute(documents.START, {"input": wanted}))["startRun"]
    if result["__typename"] == "StartRunSuccess":
        return str(result["run"]["id"])
    show_problems(result.get("problems", ()))
    nearest = result.get("nearest")
    hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
    raise CommandFailed(f"{result['message']}{hint}", NOT_STARTED)


async def watch_run(client: Client, run_id: str, watcher: Watcher, *, as_json: bool) -> int:
    """Follows a run and reports its end; gives the exit code."""
    with watcher:
        view = await follow(client, run_id, watcher)
    result = await result_of(client, run_id)
    if as_json:
        print_json(result)
    else:
        await report(client, result)
    return EXIT_CODES[view.status]


class _Interrupts:
    """The first signal cancels the run, which is then followed to its end; the next one leaves."""

    def __init__(self, client: Client, run_id: str, signals: Signals, watcher: Watcher) -> None:
        self._client, self._run_id = client, run_id
        self._signals, self._watcher = signals, watcher
        self._asking: asyncio.Task[None] | None = None

    def hear(self, number: signal.Signals) -> None:
        if number is signal.SIGINT and self._asking is None:
            self._watcher.note("cancelling… (once more leaves it alone)")
            self._asking = asyncio.create_task(self._ask(), name="cancel")
        else:
            self._signals.end(number)

    async def _ask(self) -> None:
        try:
            await ask_to_cancel(self._client, {"runIds": [self._run_id], "reason": REASON})
        except CommandFailed as error:
            self._watcher.note(str(error))
            self._asking = None
