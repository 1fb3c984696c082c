"""A data set is made up in the browser, looked at, downloaded and handed to a pipeline."""

import re
from pathlib import Path

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow

PAGE = 50
MESSAGES = 37


async def test_a_data_set_goes_from_the_form_to_a_pipeline(
    server: Server, flow: Flow, tmp_path: Path
) -> None:
    for number in range(PAGE):
        (tmp_path / "data" / f"file{number:02}.csv").write_text("id,text\n1,a\n")
    async with Api(server.url) as api:
        params = [{"name": "input_path", "type": "PATH", "default": "data/input.csv"}]
        await api.bring_in([call("only", "nothing")], params=params)
    told = await flow("datasets", server.url)
    assert "A whole number from 1 to 100,000" in told["faults"]["messages"]
    assert "A whole number, or nothing" in told["faults"]["seed"]
    assert told["isHeld"]
    assert "outside" in told["refused"]
    mix = re.findall(r"([a-z]+)(\d+)", told["mix"])
    assert [kind for kind, _ in mix] == ["positive", "negative", "neutral", "toxic"]
    assert sum(int(count) for _, count in mix) == MESSAGES
    assert told["cells"][1] == str(MESSAGES)
    assert told["file"] == "zz-mine.csv"
    assert told["lines"] == MESSAGES + 1
    assert "show=data%2Fzz-mine.csv" in told["address"]
    assert told["given"] == "data/zz-mine.csv"
