"""The demo: made-up messages, labelled before your eyes, and a server to look around in."""

import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from headrace.api.graphql.schema import build_schema
from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.compose import working
from headrace.cli.console import notice, out, say
from headrace.cli.http_server import address_of, listen, serving
from headrace.cli.local import Local
from headrace.cli.process import Signals
from headrace.cli.running import Request, run_pipeline
from headrace.cli.serving import stopped
from headrace.cli.synthesizing import PathIsRefused, synthesize_dataset
from headrace.cli.watchers import watcher_for
from headrace.services.core import open_services
from headrace.settings import Settings

PIPELINE: Final = Path(__file__).with_name("demo.yaml")
INPUT_NAME: Final = "input.csv"
LABELS: Final = ("POSITIVE", "NEGATIVE", "NEUTRAL")
BAR_WIDTH: Final = 40


async def demonstrate(settings: Settings, signals: Signals, *, once: bool) -> int:
    """Runs the demo; gives the run's exit code, without `once` after Ctrl-C.

    Raises:
        CommandFailed: the port is taken, or the demo could not start.
    """
    listening = None if once else listen(settings.host, settings.port)
    base = settings.public_url or (
        address_of(listening) if listening else f"http://{settings.host}:{settings.port}"
    )
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        served = None
        if listening:
            served = await stack.enter_async_context(serving(services, listening))
        await stack.enter_async_context(working(services))
        client = Local(services, build_schema())
        data = settings.data_dir / INPUT_NAME
        await _make_messages(client, data)
        request = Request(target=str(PIPELINE), params=(f"input_path={data}",))
        watcher = watcher_for(follow=None, as_json=False)
        code, run = await run_pipeline(client, request, signals, watcher)
        await _show_results(client, run, base)
        if served is None:
            say(f"\nhttp://… works while `headrace serve` runs" if not code else "", style="dim")
            return code
        say(f"\nServing {base}/graphql until Ctrl-C", style="bold")
        await stopped(signals, served)
        return code
