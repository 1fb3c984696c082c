"""A link says all that is seen: who opens it cold sees the same."""

from typing import Any

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow


async def test_a_link_opened_cold_leads_to_the_same_sight(server: Server, flow: Flow) -> None:
    async with Api(server.url) as api:
        retry = {"maxAttempts": 2, "delaySeconds": 0}
        broken = call("broken", "say_and_fail", args={"lines": 400}, retry=retry)
        talker = call("talker", "say_and_make", args={"lines": 200})
        await api.bring_in([call("only", "nothing")], name="other")
        await api.bring_in([talker, broken], [("talker", "broken")])
        run_id = await api.start()
        assert await api.end(run_id) == "FAILED"
    sights = (await flow("deep", server.url, run_id, "broken"))["sights"]
    for name, sight in sights.items():
        assert sight["cold"] == sight["warm"], name

    run: dict[str, Any] = sights["run"]
    line = run["cold"]["line"]
    asked = "view=graph&block=broken&attempt=2&level=info&q=line+15"
    assert run["address"] == f"/runs/{run_id}?{asked}#L{line}"
    assert run["cold"]["tabs"] == ["Graph", "Logs"]
    assert run["cold"]["blocks"] == ["broken"]
    assert run["cold"]["only"] == "Only broken, attempt 2 Show all"
    assert "line 15" in run["cold"]["text"]
    assert run["cold"]["isInSight"]

    editor = sights["editor"]
    assert editor["address"] == "/pipelines/p/edit?block=broken"
    assert "broken" in editor["cold"]["line"]
    assert sights["pipelines"]["cold"]["rows"] == ["other"]
