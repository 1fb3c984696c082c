"""The first query of a screen is on its way before the pages' scripts have come."""

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow


async def test_what_a_screen_is_drawn_of_is_asked_ahead_and_once(
    server: Server, flow: Flow
) -> None:
    """A query that differs from what the screen asks would be thrown away, and asked again."""
    async with Api(server.url) as api:
        await api.bring_in([call("only", "nothing")])
        run_id = await api.start()
        await api.end(run_id)
    for route, query in (("/runs", "RunsPage"), (f"/runs/{run_id}?view=gantt", "RunSnapshot")):
        told = await flow("ahead", server.url, route, query)
        assert told["ahead"] == [query]
        assert told["asked"].count(query) == 1


async def test_a_list_that_is_narrowed_asks_for_itself(server: Server, flow: Flow) -> None:
    told = await flow("ahead", server.url, "/runs?status=failed")
    assert told["ahead"] == []
    assert told["asked"].count("RunsPage") == 1
