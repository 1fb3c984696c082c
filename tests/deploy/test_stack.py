"""`make stack`: the demo, unchanged, on every engine at once."""

import asyncio
import re
import sys
from pathlib import Path

import httpx

from scripts.stack.stack import Stack
from tests.system.client import Api

HEADRACE = Path(sys.executable).with_name("headrace")
SERVICE = "{ service { database streamBackend checks { name ok } } workers { nodes { name } } }"


async def test_the_demo_runs_on_the_whole_stack_unchanged(stack: Stack) -> None:
    demo = await asyncio.create_subprocess_exec(
        HEADRACE,
        *("demo", "--server", stack.url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await demo.communicate()
    told = out.decode()
    assert demo.returncode == 0, err.decode()
    counts = dict(re.findall(r"^(POSITIVE|NEGATIVE|NEUTRAL)\s+(\d+)", told, re.MULTILINE))
    assert sum(map(int, counts.values())) == 40
    (url,) = re.findall(r"http://\S+/artifacts/\S+signature=\S+", told)
    assert url.startswith(stack.url)
    async with httpx.AsyncClient(verify=False) as http:
        labelled = await http.get(url)
    assert len(labelled.text.splitlines()) == 41
    async with Api(stack.url) as api:
        found = await api.ask(SERVICE)
    assert found["service"]["database"] == "postgresql"
    assert found["service"]["streamBackend"] == "kafka"
    assert [each["name"] for each in found["service"]["checks"] if not each["ok"]] == []
    assert len(found["workers"]["nodes"]) == len(stack.workers)
