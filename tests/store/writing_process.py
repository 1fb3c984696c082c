"""A process that writes in a tight loop: `python -m tests.store.writing_process DATABASE COMMITS`.

It waits for a line on stdin, then prints one JSON object: its commits and its longest wait in
seconds.
"""

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path

from headrace.store.database import Store
from tests.store.remembering import remember


async def main(database: Path, commits: int) -> None:
    store = await Store.open(database)
    print("ready", flush=True)  # noqa: T201 # the parent reads it
    sys.stdin.readline()
    longest = 0.0
    for number in range(commits):
        started = time.monotonic()
        items = {f"{id(store)}-{time.monotonic_ns()}-{number}": number}
        await store.write(partial(remember, items=items))
        longest = max(longest, time.monotonic() - started)
    await store.close()
    print(json.dumps({"commits": commits, "longest": longest}), flush=True)  # noqa: T201 # likewise


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
