"""From an empty installation to a run that is over, by one click."""

from tests.system.checks import sound
from tests.system.client import Api
from tests.system.processes import Server
from tests.web.conftest import Flow

BLOCKS = 3


async def test_one_click_runs_the_demo_and_shows_it_to_its_end(server: Server, flow: Flow) -> None:
    told = await flow("demo", server.url)
    async with Api(server.url) as api:
        run = await sound(api, told["runId"])
    assert run["status"] == "SUCCEEDED"
    assert told["blocks"] == BLOCKS
    assert told["rows"] == 1
    assert told["title"].startswith("✓ sentiment · run ")
    # What its snapshot did not have yet came to the page, each event once, up to the last: on a
    # busy machine the run may be over before the page has asked for the first time.
    last = len(run["timeline"]["nodes"])
    assert told["seqs"] == list(range(last - len(told["seqs"]) + 1, last + 1))
