"""Whoever has no mouse, or wants none: each key does what it says, and can be switched off."""

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow


async def test_every_key_leads_where_it_says_until_it_is_switched_off(
    server: Server, flow: Flow
) -> None:
    failing = [call(name, "no_such_function") for name in ("bad", "worse")]
    async with Api(server.url) as api:
        await api.bring_in([call("good", "nothing"), *failing])
        run_id = await api.start()
        assert await api.end(run_id) == "FAILED"
    told = await flow("keys", server.url, run_id)
    assert told["isSought"]
    assert told["led"] == [
        "j Enter /runs/RUN",
        "3 /runs/RUN?view=gantt",
        "2 /runs/RUN?view=graph",
        "1 /runs/RUN",
        "] /runs/RUN?block=good",
        "] /runs/RUN?block=bad",
        "[ /runs/RUN?block=good",
        "Escape /runs/RUN",
        "a /runs/RUN?tab=artifacts",
        "l /runs/RUN",
        "e /runs/RUN#L1",
        "e /runs/RUN#L2",
        "Shift+E /runs/RUN#L1",
        "a /runs/RUN?tab=artifacts#L1",
        "f /runs/RUN",
        "r Escape /runs/RUN?block=good",
        "n /pipelines/p/run",
        "Escape /pipelines/p",
        "g p /pipelines",
        "j n /pipelines/p/run",
        "Escape /pipelines/p",
        "g d /datasets",
        "g s /tools/streams",
        "g o /tools",
        "g r /runs",
        "Enter /runs/RUN",
        "off /runs/RUN",
        "3 /runs/RUN?view=gantt",
    ]
