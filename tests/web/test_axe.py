"""Every screen can be used by everyone: axe finds nothing, in light and in dark."""

from pathlib import Path

import pytest

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.system.signs import running
from tests.web.conftest import Flow
from tests.web.screens import AUTHORS, OPERATORS, SCHEDULES, a_failed_run, screens_of_run

DIALOGS = ["start", "replace", "rerun", "cancel", "cleanup", "made", "use", "key"]
OPENED = ("/runs > Search and commands", "/runs > Keys", "/runs > API key")
ABSENT = ("/run", "/runs/run_gone", "/pipelines/q", "/pipelines/p?block=god")
SAVE_SCHEDULE = """
mutation ($input: SaveScheduleInput!) { saveSchedule(input: $input) { __typename } }
"""
PAUSE_SCHEDULE = """
mutation ($input: PauseScheduleInput!) { pauseSchedule(input: $input) { __typename } }
"""


async def test_axe_finds_nothing_on_empty_screens(server: Server, flow: Flow) -> None:
    told = await flow("axe", server.url, "/runs", "/pipelines", "/schedules", "/datasets")
    assert told["faults"] == []


@pytest.mark.parametrize(
    "screens",
    [AUTHORS, OPERATORS, OPENED, ABSENT, SCHEDULES],
    ids=["authors", "operators", "dialogs", "absent", "schedules"],
)
async def test_axe_finds_nothing_on_screens_with_something_on_them(
    server: Server, flow: Flow, screens: tuple[str, ...]
) -> None:
    async with Api(server.url) as api:
        await a_failed_run(api)
        await some_schedules(api)
        told = await flow("axe", server.url, *screens)
    assert told["faults"] == []


async def test_axe_finds_nothing_on_a_failed_run(server: Server, flow: Flow) -> None:
    async with Api(server.url) as api:
        run_id = await a_failed_run(api)
        told = await flow("axe", server.url, *screens_of_run(run_id))
    assert told["faults"] == []


async def test_axe_finds_nothing_while_something_is_asked(
    server: Server, flow: Flow, tmp_path: Path
) -> None:
    async with Api(server.url) as api:
        params = [{"name": "input_path", "type": "PATH", "default": "data/messages.csv"}]
        await api.bring_in([call("held", "hold", args={"folder": str(tmp_path)})], name="held")
        held = await api.start("held")
        await running(tmp_path, held, "held")
        failed = await a_failed_run(api)
        await api.bring_in([call("good", "nothing")], params=params)
        told = await flow("dialogs", server.url, failed, held)
        await api.cancel_all()
    assert told["looked"] == DIALOGS
    assert told["faults"] == []


async def some_schedules(api: Api) -> None:
    """Of `p`: one that ticks, and one that is paused."""
    for name in ("nightly", "paused"):
        given = {"name": name, "pipeline": "p", "cron": "30 2 * * *", "replaceIfExists": True}
        done = await api.ask(SAVE_SCHEDULE, input=given)
        assert done["saveSchedule"]["__typename"] == "SaveScheduleSuccess", done
    await api.ask(PAUSE_SCHEDULE, input={"name": "paused", "note": "bad data"})
