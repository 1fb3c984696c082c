"""What every command speaks to: GraphQL, at a server or in this process, behind one protocol."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Any, Final, Protocol

from headrace.cli.errors import ConnectionLost
from headrace.domain.grants import Grants

JSONObject = dict[str, Any]

PATIENCE_SECONDS: Final = 60.0
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 3.0


class Client(Protocol):
    """One API. Errors of the API raise RequestFailed, a connection's end ConnectionLost."""

    async def execute(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> JSONObject:
        """Runs a query or a mutation; gives its `data`."""
        ...

    def grant(self, grants: Grants) -> None:
        """What imports and starts may reach from here on, beyond the settings of this machine.

        A server takes no such thing from its clients.
        """
        ...

    def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[JSONObject, None]:
        """Runs a subscription; gives the `data` of each event until the server completes it."""
        ...


async def resumed(
    client: Client,
    document: str,
    variables: Mapping[str, Any],
    *,
    finished: Callable[[JSONObject], bool],
    on_loss: Callable[[ConnectionLost], None] = lambda _: None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> AsyncIterator[JSONObject]:
    """A stream of record, taken up again after its last cursor whenever the connection drops.

    The document has one field, whose value has a `cursor`, and takes `$after`. Each event comes
    once: what was delivered lies before the cursor.

    Args:
        finished: whether a value is the stream's last; a stream that ends before it, as at a
            server's restart, is taken up again too.
        on_loss: told of each drop.
        patience_seconds: how long without any event the server may be away.

    Raises:
        ConnectionLost: when patience runs out.
        RequestFailed: what the API refuses, at once.
    """
    loop = asyncio.get_running_loop()
    after, heard_at, pause = variables.get("after"), loop.time(), FIRST_PAUSE_SECONDS
    while True:
        loss = ConnectionLost("the server ended the stream")
        try:
            async with aclosing(client.subscribe(document, {**variables, "after": after})) as items:
                async for item in items:
                    (value,) = item.values()
                    after, heard_at, pause = value["cursor"], loop.time(), FIRST_PAUSE_SECONDS
                    yield value
                    if finished(value):
                        return
        except ConnectionLost as error:
            loss = error
        on_loss(loss)
        if loop.time() - heard_at > patience_seconds:
            raise loss
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def patiently(
    client: Client,
    document: str,
    variables: Mapping[str, Any],
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> JSONObject:
    """The answer to a query, asked again while the server is away: a run may end as it restarts.

    Raises ConnectionLost when patience runs out, and at once what the API refuses.
    """
    loop = asyncio.get_running_loop()
    began, pause = loop.time(), FIRST_PAUSE_SECONDS
    while True:
        try:
            return await client.execute(document, variables)
        except ConnectionLost:
            if loop.time() - began > patience_seconds:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
