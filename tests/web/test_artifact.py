"""An artifact is downloaded by a signed link that is made at the click."""

import hashlib

from tests.system.client import Api, call
from tests.system.processes import Server
from tests.web.conftest import Flow


async def test_a_download_whose_link_has_expired_is_tried_once_more(
    server: Server, flow: Flow
) -> None:
    async with Api(server.url) as api:
        await api.bring_in([call("maker", "say_and_make", args={"lines": 1})])
        run_id = await api.start()
        assert await api.end(run_id) == "SUCCEEDED"
    told = await flow("artifact", server.url, run_id, "made.txt")
    assert told["file"] == "made.txt"
    assert told["sha256"] == hashlib.sha256(b"maker").hexdigest()
    assert told["retried"] == {"signed": 2, "answers": [403, 200]}
    assert told["refused"]["signed"] == 2
    assert "The server answered with 403." in told["refused"]["why"]
