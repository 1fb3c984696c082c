"""A pipeline started, watched and waited for; Ctrl-C cancels it, a second one leaves it."""

import asyncio
import signal
from dataclasses import dataclass, replace
from typing import Any

from headrace.cli import documents
from headrace.cli.cancelling import ask_to_cancel
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import say
from headrace.cli.errors import NOT_STARTED, CommandFailed
from headrace.cli.follow import follow
from headrace.cli.grants import modules_beside, paths_given
from headrace.cli.imports import import_file
from headrace.cli.problems import show_problems
from headrace.cli.process import Signals
from headrace.cli.run_lists import labels_of
from headrace.cli.run_report import EXIT_CODES, report, result_of
from headrace.cli.sources import is_file, pairs, params_of
from headrace.cli.watchers import Watcher
from headrace.domain.grants import Grants
from headrace.domain.lifecycle import RunStatus

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


async def start(client: Client, request: Request, *, quiet: bool = False) -> str:
    """Imports where a file was named, and starts; gives the run's id.

    Raises:
        CommandFailed: nothing was started; problems were shown.
    """
    given = pairs(request.params, "--param")
    imported, grants = None, Grants()
    if is_file(request.target):
        if request.version is not None:
            raise CommandFailed("--version is for a NAME: a FILE is imported as its own version")
        grants = modules_beside(request.target)
        client.grant(grants)
        imported = await import_file(client, request.target, replace=True)
        known = imported.params
        if not quiet:
            say(imported.in_words(), style="dim")
    else:
        found = (await client.execute(documents.PIPELINE, {"name": request.target}))["pipeline"]
        known = found["params"] if found else []
    client.grant(replace(grants, paths=paths_given(given, known)))
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


async def owned(client: Client, run_id: str, signals: Signals, watcher: Watcher) -> dict[str, Any]:
    """Follows a run of ours to its end, as `watched`; Ctrl-C cancels it."""
    with signals.heard_by(_Interrupts(client, run_id, signals, watcher).hear):
        return await watched(client, run_id, watcher)


async def watched(client: Client, run_id: str, watcher: Watcher) -> dict[str, Any]:
    """Follows a run to its end; gives it as it ended.

    Raises:
        CommandFailed: there is no such run.
        ConnectionLost: the run goes on at a server that cannot be reached any more.
    """
    with watcher:
        await follow(client, run_id, watcher)
    return await result_of(client, run_id)


async def tell(client: Client, result: dict[str, Any], *, as_json: bool) -> int:
    """Says how a run ended; gives the exit code."""
    if as_json:
        print_json(result)
    else:
        await report(client, result)
    return EXIT_CODES[RunStatus(result["status"])]


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
