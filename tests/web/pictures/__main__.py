"""Makes the pictures of the docs: a server with runs on it, and a browser before it.

`python -m tests.web.pictures FOLDER`. What they show is the same each time, but for ids and times.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.system.client import Api
from tests.system.grounds import Grounds
from tests.system.node_tools import CHROMIUM, Scripts
from tests.system.processes import ROOT, Server
from tests.system.signs import let_go, there
from tests.web.pictures.pipelines import CYCLE, EDGES, MODULE, forecast, reviews

WEB = Scripts(ROOT / "web", install="npm ci --prefix web")
PACE_SECONDS: Final = 1.5
"""How long a block works, so that its bar in the picture is as long as its name."""
MOST_BYTES: Final = 150 * 1024
SYNTHESIZE = 'mutation { synthesizeDataset(input: {outputPath: "input.csv"}) { __typename } }'
IMPORT = """
mutation($yaml: String!) { importPipeline(input: {source: {yaml: $yaml}}) { __typename } }
"""


async def main(folder: Path) -> None:
    """Sets the scene, and has its pictures taken."""
    with (
        tempfile.TemporaryDirectory() as name,
        Grounds(Path(name), PYTHON_MODULES=f'["{MODULE}"]', WORKER_CONCURRENCY="3") as grounds,
    ):
        server = grounds.serve()
        await grounds.up(server)
        async with Api(server.url) as api:
            await _ended_runs(api)
            failed = await _failed(api, grounds.folder)
            live = await _live(api, grounds.folder)
            for pipeline in ("forecast", "sentiment"):
                await api.end(await api.start(pipeline))
            await _pictures(server, folder, live, failed)
            await api.cancel_all()
    for picture in sorted(folder.glob("*.png")):
        size = picture.stat().st_size
        assert size <= MOST_BYTES, f"{picture} has {size} bytes"
        sys.stdout.write(f"{picture} {size // 1024} KiB\n")


async def _ended_runs(api: Api) -> None:
    await api.ask(SYNTHESIZE)
    await api.ask(IMPORT, yaml=(ROOT / "examples" / "sentiment.yaml").read_text())
    await api.bring_in(*forecast(), name="forecast")
    for name in ("sentiment", "forecast") * 3:
        await api.end(await api.start(name))


async def _failed(api: Api, folder: Path) -> str:
    gates = folder / "failed"
    gates.mkdir()
    await api.bring_in(reviews(str(gates), failing="topics"), EDGES, name="reviews")
    run_id = await api.start("reviews")
    for name in ("load", "clean", "language", "sentiment", "topics"):
        await _work(gates, run_id, name)
    assert await api.end(run_id) == "FAILED"
    cancelled = await api.start("reviews")
    await api.cancel(cancelled)
    await api.end(cancelled)
    return run_id


async def _live(api: Api, folder: Path) -> str:
    gates = folder / "live"
    gates.mkdir()
    await api.bring_in(reviews(str(gates)), EDGES, name="reviews")
    run_id = await api.start("reviews")
    for name in ("load", "clean", "language"):
        await _work(gates, run_id, name)
    for name in ("sentiment", "topics"):
        await there(gates / f"{run_id}.{name}.here")
    return run_id


async def _work(gates: Path, run_id: str, name: str) -> None:
    await there(gates / f"{run_id}.{name}.here")
    await asyncio.sleep(PACE_SECONDS)
    let_go(gates, f"open-{name}")


async def _pictures(server: Server, folder: Path, live: str, failed: str) -> None:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), "")
    await WEB.run(
        "scripts/pictures.mjs",
        server.url,
        str(folder),
        live,
        failed,
        stdin=CYCLE,
        CHROMIUM=chromium,
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).resolve()))
