"""How many partitions a worker runs at once, those of all its blocks together."""

import asyncio


class Slots:
    """`most` places; who waits for one is served in turn."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._free = asyncio.Semaphore(most)

    async def take(self) -> None:
        """Waits for a place; harmless to cancel."""
        await self._free.acquire()

    def give_back(self) -> None:
        self._free.release()
