"""A process that writes in a tight loop: `python -m benchmarks.writing_process DATABASE COMMITS`.

It says `ready`, waits for a line on stdin, and prints its longest wait for a commit, in ms.
"""

import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path

from headrace.store.attempt_notes import record_memos
from headrace.store.database import Store


async def main(database: Path, commits: int) -> None:
    store = await Store.open(database)
    print("ready", flush=True)
    sys.stdin.readline()
    longest = 0.0
    for number in range(commits):
        started = time.perf_counter()
        await store.write(partial(record_memos, items={f"{os.getpid()}-{number}": number}))
        longest = max(longest, time.perf_counter() - started)
    await store.close()
    print(longest * 1000, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
