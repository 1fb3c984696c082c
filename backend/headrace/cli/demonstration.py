"""The demo: made-up messages, labelled before your eyes, and a server to look around in."""

import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from headrace.api.graphql.schema import build_schema
from headrace.cli import documents
from headrace.cli.client import Client
from headrace.cli.console import notice, out, say
from headrace.cli.errors import OK, CommandFailed
from headrace.cli.http_server import address_of, listen, serving
from headrace.cli.local import Local
from headrace.cli.process import Signals
from headrace.cli.running import Request, owned, start, tell
from headrace.cli.serving import stopped
from headrace.cli.synthesizing import PathIsRefused, synthesize_dataset
from headrace.cli.watchers import watcher_for
from headrace.services.core import open_services
from headrace.settings import Settings
from headrace_worker.executors.launcher import ZygoteAhead
from headrace_worker.process import working

PIPELINE: Final = Path(__file__).with_name("demo.yaml")
INPUT_NAME: Final = "input.csv"
COUNT: Final = 40
SUMMARY: Final = "summary.json"
RESULT: Final = "labelled.csv"
BAR_WIDTH: Final = 40
STYLES_OF: Final = {"POSITIVE": "green", "NEGATIVE": "red", "NEUTRAL": "cyan"}


async def demonstrate(
    settings: Settings, signals: Signals, *, once: bool, zygote: ZygoteAhead | None = None
) -> int:
    """Runs the demo and then, without `once`, serves until Ctrl-C; gives the run's exit code.

    Raises:
        CommandFailed: the port is taken, or the demo could not start.
    """
    listening = None if once else listen(settings.host, settings.port)
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        served = None
        if listening:
            served = await stack.enter_async_context(serving(services, listening))
        await stack.enter_async_context(working(services, zygote))
        client = Local(services, build_schema())
        base = address_of(listening) if listening else f"http://127.0.0.1:{settings.port}"
        code = await _show(client, settings.data_dir / INPUT_NAME, base, signals)
        if listening and served:
            say(f"\nServing {address_of(listening)}/graphql until Ctrl-C.", style="bold")
            await stopped(signals, served)
        return code


async def demonstrate_on(client: Client, base: str, signals: Signals) -> int:
    """Runs the demo on a server, which `client` talks to at `base`; gives the run's exit code.

    Raises:
        CommandFailed: the demo could not start.
    """
    return await _show(client, Path(INPUT_NAME), base, signals)


async def _show(client: Client, messages: Path, base: str, signals: Signals) -> int:
    run = await _run(client, messages, signals)
    code = await tell(client, run, as_json=False)
    if code == OK:
        await _show_results(client, run, base)
    return code


async def _run(client: Client, messages: Path, signals: Signals) -> dict[str, Any]:
    try:
        made = await synthesize_dataset(client, {"count": COUNT, "outputPath": str(messages)})
        say(f"{made['path']}: {made['count']} messages")
    except PathIsRefused as error:
        if not messages.is_file():
            raise
        # Someone's own file is never replaced, and is as good to show something with.
        notice(f"{error}\nUsing {messages} as it is.")
    request = Request(target=str(PIPELINE), params=(f"input_path={messages}",))
    run_id = await start(client, request)
    return await owned(client, run_id, signals, watcher_for(follow=None, as_json=False))


async def _show_results(client: Client, run: dict[str, Any], base: str) -> None:
    artifacts = {artifact["name"]: artifact for artifact in run["artifacts"]["nodes"]}
    given = {"id": artifacts[SUMMARY]["id"]}
    preview = (await client.execute(documents.SUMMARY, given))["artifact"]["preview"]
    labels: dict[str, int] = json.loads(preview["text"])["labels"]
    most = max(1, *labels.values())
    say("")
    for label, count in labels.items():
        bar = "█" * round(BAR_WIDTH * count / most)
        out().print(f"{label:<8} {count:>4}  {bar}", style=STYLES_OF[label], markup=False)
    wanted = {"input": {"artifactId": artifacts[RESULT]["id"]}}
    signed = (await client.execute(documents.SIGN, wanted))["signArtifact"]
    if signed["__typename"] != "SignArtifactSuccess":
        raise CommandFailed(signed["message"])
    url = urljoin(base, signed["url"])
    say(f"\nThe labelled rows, until {signed['expiresAt'][11:19]} UTC while a server runs:\n{url}")
