"""On a small window a table may scroll sideways in its place; a page never does."""

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow
from tests.web.screens import AUTHORS, OPERATORS, a_failed_run, screens_of_run


async def test_no_page_is_wider_than_a_small_window(server: Server, flow: Flow) -> None:
    async with Api(server.url) as api:
        run_id = await a_failed_run(api)
        long = "a_pipeline_with_a_name_that_is_longer_than_a_small_window_is_wide"
        await api.bring_in([call("only", "nothing")], name=long)
        await api.end(await api.start(long))
    screens = [*AUTHORS, *OPERATORS, *screens_of_run(run_id), f"/pipelines/{long}"]
    told = await flow("narrow", server.url, *screens)
    assert {screen: pixels for screen, pixels in told["beyond"].items() if pixels > 0} == {}
    assert told["faults"] == [], "what scrolls, and not by keys"
