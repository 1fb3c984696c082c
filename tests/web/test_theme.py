"""The chosen theme is there in the first frame, whatever the system's is."""

from tests.system.processes import Server
from tests.web.conftest import Flow

SURFACES = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}
WAYS = [("light", "dark"), ("dark", "light"), ("dark", None), ("light", None)]
"""What the system has, and what was chosen here."""


async def test_no_page_flashes_in_the_other_theme(server: Server, flow: Flow) -> None:
    told = await flow("theme", server.url)
    assert [(each["system"], each["kept"]) for each in told["seen"]] == WAYS
    for each in told["seen"]:
        wanted = each["kept"] or each["system"]
        # The first frame came before any of the app ran, and no later one looked otherwise.
        surface = SURFACES[wanted]
        assert each["first"] == {"scheme": wanted, "surface": surface, "isDrawn": False}
        assert each["looks"] == [f"{wanted} {surface}"]
        assert each["isDrawn"]
