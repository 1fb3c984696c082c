"""GraphiQL in a browser: everything works under its strict policy, and nothing is asked elsewhere.

The pictures are kept in the folder that SCREENSHOTS names, if it names one.
"""

import os
from pathlib import Path

from tests.conformance.conftest import KEY
from tests.conformance.node_tools import CLIENTS
from tests.system.node_tools import need_chromium
from tests.system.processes import Server


async def test_graphiql_imports_starts_follows_and_resumes_with_the_key_typed_in(
    guarded: Server, pipeline: str, tmp_path: Path
) -> None:
    CLIENTS.need_node()
    chromium = need_chromium()
    picture = Path(os.environ.get("SCREENSHOTS", tmp_path)) / "graphiql.png"
    told = await CLIENTS.run(
        *("graphiql.mjs", guarded.url, KEY, str(picture)), stdin=pipeline, CHROMIUM=chromium
    )
    assert told["foreign"] == [], "requests that went elsewhere"
    assert told["trouble"] == [], "errors in the browser's console"
    assert told["refused"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert told["imported"]["data"]["importPipeline"]["__typename"] == "ImportPipelineSuccess"
    seqs = [event["seq"] for event in told["events"]]
    assert seqs == list(range(1, len(seqs) + 1))
    assert told["events"][-1]["kind"] == "RUN_SUCCEEDED"
    assert told["resumed"] == told["events"][3:]
    assert picture.stat().st_size > 10_000
