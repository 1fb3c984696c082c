"""A worker without blocks: `python -m benchmarks.claiming_process DATABASE SLOTS`.

It says `ready`, waits for a line on stdin, claims and completes until nothing is READY, and prints
how many blocks it had.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from headrace.store import attempts, workers
from headrace.store.claims import claim_blocks
from headrace.store.database import Store


async def main(where: Path | str, slots: int) -> None:
    store = await Store.open(where)
    new = workers.NewWorker(
        name="bench", host="here", pid=0, version="0", capacity=slots, address=None
    )
    worker = await store.write(partial(workers.register, new=new, lease_ms=600_000))
    print("ready", flush=True)
    sys.stdin.readline()
    print(await _work_off(store, worker, slots), flush=True)
    await store.close()


async def _work_off(store: Store, worker: str, slots: int) -> int:
    """As a worker does it: a completion and the next claim are queued in the same tick."""
    claim = partial(claim_blocks, worker_id=worker, most=slots)
    done = 0
    claimed = await store.write(claim)
    while claimed:
        ends = [
            store.write(
                partial(attempts.succeed, claim=block.claim, rows=1, output=None),
                about=block.claim.place,
            )
            for block in claimed
        ]
        following = store.write(claim, last=True)
        await asyncio.gather(*ends)
        done += len(claimed)
        claimed = await following
    return done


if __name__ == "__main__":
    address = sys.argv[1]
    asyncio.run(main(address if "://" in address else Path(address), int(sys.argv[2])))
