"""A run followed to its end, whatever happens to the connection meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from headrace.cli import documents
from headrace.cli.client import Client, JSONObject, resumed
from headrace.cli.errors import FAILED, LOST_SIGHT, CommandFailed, ConnectionLost
from headrace.cli.run_view import RunView
from headrace.cli.watchers import Watcher
from headrace.domain.lifecycle import RUN_TERMINAL, RunStatus

# A run that nobody claims for this long is worth a word why.
WONDER_SECONDS: Final = 3.0


async def follow(client: Client, run_id: str, watcher: Watcher) -> RunView:
    """Shows a run from its first event to its last; gives it as it ended.

    Raises:
        CommandFailed: there is no such run.
        ConnectionLost: the server stayed away too long; the run may go on without us.
    """
    plan = (await client.execute(documents.RUN_PLAN, {"id": run_id}))["run"]
    if plan is None:
        raise CommandFailed(f"there is no run {run_id}", FAILED)
    view = RunView.of(plan)
    moved = asyncio.Event()
    wonder = asyncio.create_task(_why_not_moving(client, run_id, moved, watcher.note), name="why")
    try:
        async for batch in resumed(
            client,
            documents.RUN_EVENTS,
            {"runId": run_id},
            finished=_is_last,
            on_loss=_telling(watcher),
        ):
            view.apply(batch)
            if view.status is not RunStatus.QUEUED:
                moved.set()
            watcher.show(view, batch)
    except ConnectionLost as error:
        words = f"{error}\nThe run goes on there; see it again with: headrace watch {run_id}"
        raise ConnectionLost(words, LOST_SIGHT) from error
    finally:
        wonder.cancel()
        with suppress(asyncio.CancelledError, CommandFailed):
            await wonder
    return view


def _is_last(batch: JSONObject) -> bool:
    return RunStatus(batch["status"]) in RUN_TERMINAL


def _telling(watcher: Watcher) -> Callable[[ConnectionLost], None]:
    told: list[bool] = []

    def tell(loss: ConnectionLost) -> None:
        if not told:
            watcher.note(f"{loss}; trying again…")
        told.append(True)

    return tell


async def _why_not_moving(
    client: Client, run_id: str, moved: asyncio.Event, note: Callable[[str], Any]
) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(moved.wait(), WONDER_SECONDS)
        return
    found = await client.execute(documents.RUN_WAITING, {"id": run_id})
    if found["run"]["status"] != RunStatus.QUEUED:
        return
    reasons = [reason["message"] for reason in found["run"]["waitingReasons"]]
    if not reasons and not found["workers"]["nodes"]:
        reasons = ["the run waits: no worker is alive; `headrace worker` is one"]
    for reason in reasons:
        note(reason)
