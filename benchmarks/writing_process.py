"""A process that writes in a tight loop: `python -m benchmarks.writing_process DATABASE COMMITS`.

It says `ready`, waits for a line on stdin, and prints its longest wait for a commit, in ms.
"""

import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path

from sqlalchemy import bindparam, insert

from headrace.store.database import Store
from headrace.store.statements import Statement
from headrace.store.tables import written_files
from headrace.store.transaction import Transaction

_INSERT = Statement(
    insert(written_files).values(
        path=bindparam("path"), sha256=bindparam("sha256"), written_at=bindparam("written_at")
    )
)


def note(tx: Transaction, number: int) -> None:
    """The least unit of work: one row."""
    path = f"/{os.getpid()}/{number}"
    tx.change(_INSERT, {"path": path, "sha256": "", "written_at": tx.now})


async def main(database: Path, commits: int) -> None:
    store = await Store.open(database)
    print("ready", flush=True)
    sys.stdin.readline()
    longest = 0.0
    for number in range(commits):
        started = time.perf_counter()
        await store.write(partial(note, number=number))
        longest = max(longest, time.perf_counter() - started)
    await store.close()
    print(longest * 1000, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
