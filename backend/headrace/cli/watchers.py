"""Who is shown a run while it goes on: a person at a terminal, a pipe, or nobody."""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Protocol, Self

from headrace.cli.console import notice, out, say
from headrace.cli.run_view import RunView

FRAMES_PER_SECOND: Final = 10


class Watcher(Protocol):
    """Is shown each batch after the view has taken it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, view: RunView, batch: Mapping[str, Any]) -> None:
        """The run moved."""
        ...

    def note(self, text: str) -> None:
        """Something that is no event of the run."""
        ...


class Silent:
    """Shows nothing: the result alone is wanted."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, view: RunView, batch: Mapping[str, Any]) -> None:
        return None

    def note(self, text: str) -> None:
        notice(text)


class Lines(Silent):
    """A line for each event, for pipes and logs."""

    def show(self, view: RunView, batch: Mapping[str, Any]) -> None:
        for event in batch["events"]:
            clock = event["timestamp"][11:23]
            say(f"{clock}  {event['kind'].lower():<16}  {event['message']}")


class Live(Silent):
    """A picture that moves, drawn at most ten times a second."""

    def __init__(self) -> None:
        from rich.live import Live as RichLive

        self._live = RichLive(console=out(), auto_refresh=False, transient=False)
        self._view: RunView | None = None
        self._drawer: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._live.start()
        self._drawer = asyncio.get_running_loop().create_task(self._keep_drawing(), name="drawer")
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawer is not None:
            self._drawer.cancel()
        self._draw()
        self._live.stop()

    def show(self, view: RunView, batch: Mapping[str, Any]) -> None:
        self._view = view

    def note(self, text: str) -> None:
        self._live.console.print(text, style="yellow", markup=False)

    async def _keep_drawing(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    def _draw(self) -> None:
        from headrace.cli.run_drawing import draw

        if self._view is not None:
            height = self._live.console.size.height
            self._live.update(draw(self._view, height, time.monotonic()), refresh=True)


def watcher_for(*, follow: bool | None, as_json: bool) -> Watcher:
    """The fitting one: `follow` None is live on a terminal and lines in a pipe."""
    if as_json or follow is False:
        return Silent()
    return Live() if out().is_terminal else Lines()
