"""Whatever screen is gone to, nothing is asked of anyone but the server itself."""

import re

from tests.system.client import Api
from tests.system.processes import ROOT, Server
from tests.web.conftest import Flow
from tests.web.screens import AUTHORS, OPERATORS, SCHEDULES, a_failed_run, screens_of_run

ROUTES = ROOT / "web" / "src" / "app" / "routes.tsx"


async def test_no_screen_asks_anything_of_another_host(server: Server, flow: Flow) -> None:
    """`flow` fails on whatever went elsewhere; here every screen is gone to."""
    async with Api(server.url) as api:
        run_id = await a_failed_run(api)
    screens = ["/", *AUTHORS, *OPERATORS, *SCHEDULES, *screens_of_run(run_id), "/graphiql/"]
    told = await flow("hosts", server.url, *screens)
    assert list(told["asked"]) == screens
    assert all(told["asked"].values())


def test_every_route_of_the_pages_is_among_the_screens() -> None:
    """A screen that is added to the routes alone would be gone to by no test of all screens."""
    screens = (*AUTHORS, *OPERATORS, *SCHEDULES, "/", "/runs/run_1")
    visited = {screen.partition("?")[0] for screen in screens}
    routes = re.findall(r"path: '([\w/:]+)'", ROUTES.read_text())
    assert len(routes) > 8
    for route in routes:
        # Dialogs are within the page of what they are about.
        named = re.sub(r":\w+", "[^/]+", route.strip("/"))
        pattern = f"(/pipelines/[^/]+|/schedules)?/{named}"
        assert any(re.fullmatch(pattern, screen) for screen in visited), route
