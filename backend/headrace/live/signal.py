"""A signal for several tasks: nothing is lost between a look at its count and the wait."""

import asyncio


class Signal:
    """Counts its firings; `wait(seen)` returns once the count is beyond `seen`."""

    def __init__(self) -> None:
        self.count = 0
        self._waiters: list[asyncio.Future[None]] = []

    def fire(self) -> None:
        self.count += 1
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, seen: int) -> int:
        """The count, once it is greater than `seen`."""
        while self.count <= seen:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            finally:
                if waiter in self._waiters:  # cancelled while it waited
                    self._waiters.remove(waiter)
        return self.count
