"""A claim that waits for the writer: it grows with each slot that becomes free, until it is begun.

So those that become free while a group is committed are filled by one claim of the next.
"""

import threading

from headrace.store.claims import ClaimedBlock, claim_blocks
from headrace.store.transaction import Transaction


class ClaimRequest:
    """A unit of work for the store. Its `most` is final when it is done."""

    def __init__(self, worker_id: str, most: int) -> None:
        self._worker_id = worker_id
        self.most = most
        self._begun = False
        self._lock = threading.Lock()  # it is begun on the writer's thread

    def ask_more(self, worker_id: str, more: int) -> bool:
        """Whether it asks for so many more now; False: that needs a request of its own."""
        with self._lock:
            if self._begun or worker_id != self._worker_id:
                return False
            self.most += more
            return True

    def __call__(self, tx: Transaction) -> list[ClaimedBlock]:
        with self._lock:
            self._begun = True
        return claim_blocks(tx, self._worker_id, self.most)
