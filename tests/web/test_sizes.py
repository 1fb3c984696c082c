"""What a first visit may cost, compressed; each figure is a bound, not a measurement."""

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow

KIB = 1024


async def test_the_first_load_of_runs_is_small(server: Server, flow: Flow) -> None:
    told = await flow("sizes", server.url, "/runs")
    assert 100 * KIB < told["scripts"] <= 220 * KIB
    assert told["wire"] <= 280 * KIB


async def test_a_runs_page_is_small(server: Server, flow: Flow) -> None:
    async with Api(server.url) as api:
        await api.bring_in([call("only", "nothing")])
        run_id = await api.start()
        await api.end(run_id)
    told = await flow("sizes", server.url, f"/runs/{run_id}")
    assert 100 * KIB < told["scripts"] <= 290 * KIB


async def test_the_editor_is_small_beyond_the_shell(server: Server, flow: Flow) -> None:
    shell = await flow("sizes", server.url, "/nowhere")
    told = await flow("sizes", server.url, "/pipelines/new")
    assert 100 * KIB < told["scripts"] - shell["scripts"] <= 170 * KIB
