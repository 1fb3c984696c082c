"""The screens that there are, with the pipeline `p` and a failed run of it on them."""

from tests.system.client import Api, call

AUTHORS = (
    "/pipelines",
    "/pipelines/new",
    "/pipelines/p",
    "/pipelines/p?block=good",
    "/pipelines/p/edit",
    "/pipelines/p/run",
)
OPERATORS = ("/runs", "/datasets", "/triggers", "/tools", "/tools/streams", "/nowhere")
SCHEDULES = (
    "/schedules",
    "/schedules/new?pipeline=p",
    "/schedules/nightly/edit",
    "/schedules?pause=nightly",
    "/schedules?delete=nightly",
)
RUN_TABS = ("artifacts", "io", "events", "definition")


async def a_failed_run(api: Api) -> str:
    """The id of a run of `p`."""
    await api.bring_in([call("good", "nothing"), call("bad", "no_such_function")])
    run_id = await api.start()
    assert await api.end(run_id) == "FAILED"
    return run_id


def screens_of_run(run_id: str) -> list[str]:
    """The screens of a run, its failed block chosen."""
    return [f"/runs/{run_id}", *(f"/runs/{run_id}?block=bad&tab={tab}" for tab in RUN_TABS)]
