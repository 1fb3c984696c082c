"""A pipeline is written in the browser, and run from there."""

from pathlib import Path

import pytest

from tests.system.client import Api, call
from tests.system.processes import ROOT, Server
from tests.web.conftest import Flow

TEMPLATES = sorted((ROOT / "web" / "src" / "features" / "editor" / "templates").glob("*.yaml"))
VALIDATE = """
query($yaml: String!) {
  validatePipeline(source: {yaml: $yaml}) { problems { message line } }
}
"""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
async def test_a_template_of_the_editor_is_valid_as_it_is(server: Server, template: Path) -> None:
    async with Api(server.url) as api:
        told = await api.ask(VALIDATE, yaml=template.read_text())
    assert told["validatePipeline"]["problems"] == []


async def test_a_pasted_cycle_is_named_drawn_mended_and_run(server: Server, flow: Flow) -> None:
    told = await flow("author", server.url)
    assert sorted(told["inCycle"]) == ["first", "second"]
    assert told["offered"] == ["secondCSV_WRITER"]
    assert told["selected"] == "second"
    assert told["line"] == "  - name: second"
    assert "# by hand" in told["kept"]
    async with Api(server.url) as api:
        assert (await api.state(told["runId"]))["status"] == "SUCCEEDED"


async def test_a_dropped_file_replaces_what_was_seen_and_runs_with_its_params(
    server: Server, flow: Flow
) -> None:
    async with Api(server.url) as api:
        await api.bring_in([call("only", "nothing")])
        told = await flow("start", server.url)
        assert told["added"] > 0
        assert told["usual"] == "3"
        run = (
            await api.ask("query($id: ID!) { run(id: $id) { status params } }", id=told["runId"])
        )["run"]
    assert run == {"status": "SUCCEEDED", "params": {"least": 7}}
