"""One websocket connection that speaks graphql-transport-ws, and its operations.

A fault in one operation ends that operation alone; only a breach of the protocol closes the
connection. Each operation is a task that this connection owns: when the connection ends, however
it ends, subscriptions and queries are cancelled, mutations run to their end, and all are awaited.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from headrace.api import frames
from headrace.api.documents import is_mutation, is_subscription
from headrace.api.doors import CLIENT_HEADER, KEY_HEADER, KeyDoor, client_named, entry
from headrace.api.errors import ApiError, Code, FormattedError, formatted
from headrace.api.exchange import Answer, Operation, RequestRefused
from headrace.api.frames import ProtocolFault
from headrace.api.graphql.context import RequestInfo
from headrace.api.limits import Meter
from headrace.api.operations import Operations, failed

log = logging.getLogger(__name__)

INIT_SECONDS: Final = 5.0
MAX_OPERATIONS: Final = 100
RETRY_SOON: Final = {"retryAfterMs": 1000}


@dataclass(frozen=True, kw_only=True, slots=True)
class SocketLimits:
    """How long a connection may stay silent at first, and how many operations it may have open."""

    init_seconds: float = INIT_SECONDS
    operations: int = MAX_OPERATIONS


class _Running:
    """An operation that was asked for and is not over."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.task: asyncio.Task[None] | None = None
        self.wanted = True

    def stop(self) -> None:
        """The client wants no more of it. An effect that has begun is not cut off in the middle."""
        self.wanted = False
        if self.task is not None and not is_mutation(self.operation.node):
            self.task.cancel()


class Connection:
    """An accepted websocket, from its first message to its end."""

    def __init__(
        self,
        socket: WebSocket,
        operations: Operations,
        key: KeyDoor,
        limits: SocketLimits,
        meter: Meter | None = None,
    ) -> None:
        self._socket, self._operations, self._key = socket, operations, key
        self._limits, self._meter = limits, meter
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Returns when the connection and every operation of it are over."""
        try:
            caller = await self._initialised()
            await self._send("connection_ack")
            while True:
                await self._handle(await self._receive(), caller)
        except ProtocolFault as fault:
            await self._close(fault)
        except WebSocketDisconnect:
            pass
        finally:
            await self._end_all()

    async def _initialised(self) -> RequestInfo:
        try:
            async with asyncio.timeout(self._limits.init_seconds):
                while True:
                    message = await self._receive()
                    if isinstance(message, frames.Init):
                        return self._admitted(message.payload)
                    if isinstance(message, frames.Subscribe):
                        raise ProtocolFault(frames.UNAUTHORIZED, "Unauthorized")
                    await self._pong(message)
        except TimeoutError as error:
            words = "Connection initialisation timeout"
            raise ProtocolFault(frames.INIT_TIMEOUT, words) from error

    def _admitted(self, payload: Mapping[str, Any]) -> RequestInfo:
        headers = self._socket.headers
        keys = (entry(payload, KEY_HEADER), headers.get(KEY_HEADER))
        if not any(self._key.lets_in(key) for key in keys):
            raise ProtocolFault(frames.FORBIDDEN, "Forbidden")
        # Browsers cannot set headers on a websocket, so the payload may name the client too.
        named = entry(payload, CLIENT_HEADER)
        client = named if isinstance(named, str) else headers.get(CLIENT_HEADER)
        return RequestInfo(
            principal=self._key.principal,
            client=client_named(client),
            rate=self._meter.state if self._meter else None,
        )

    async def _receive(self) -> frames.Message:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text = event.get("text")
        if not isinstance(text, str):
            raise ProtocolFault(frames.BAD_MESSAGE, "A message must be text")
        return frames.read(text)

    async def _handle(self, message: frames.Message, caller: RequestInfo) -> None:
        match message:
            case frames.Init():
                raise ProtocolFault(frames.TOO_MANY_INITS, "Too many initialisation requests")
            case frames.Subscribe():
                await self._subscribe(message, caller)
            case frames.Complete(operation_id):
                if running := self._running.pop(operation_id, None):
                    running.stop()
            case _:
                await self._pong(message)

    async def _pong(self, message: frames.Message) -> None:
        if isinstance(message, frames.Ping):
            await self._send("pong", payload=message.payload)

    async def _subscribe(self, message: frames.Subscribe, caller: RequestInfo) -> None:
        if message.id in self._running:
            raise ProtocolFault(frames.ID_TAKEN, f"Subscriber for {message.id} already exists")
        if message.request is None:
            await self._refuse(
                message.id, [formatted(ApiError(Code.BAD_USER_INPUT, message.fault))]
            )
            return
        if self._is_full():
            words = f"A connection may have {self._limits.operations} operations at once"
            told = ApiError(Code.RATE_LIMITED, words, extensions=RETRY_SOON)
            await self._refuse(message.id, [formatted(told)])
            return
        try:
            operation = self._operations.choose(message.request)
            if self._meter:
                self._meter.charge(operation.cost)
        except RequestRefused as refused:
            await self._refuse(message.id, refused.errors)
            return
        except ApiError as error:
            await self._refuse(message.id, [formatted(error)])
            return
        running = self._running[message.id] = _Running(operation)
        running.task = asyncio.create_task(
            self._run(message.id, running, caller), name="headrace.api.operation"
        )
        self._tasks.add(running.task)
        running.task.add_done_callback(self._tasks.discard)

    def _is_full(self) -> bool:
        # Who completes an operation may ask for the next at once, though its task still winds up;
        # a client that does nothing else meets the bound of both.
        going_on = sum(1 for task in self._tasks if not task.cancelling())
        most = self._limits.operations
        return going_on >= most or len(self._tasks) >= 2 * most

    async def _run(self, operation_id: str, running: _Running, caller: RequestInfo) -> None:
        try:
            if is_subscription(running.operation.node):
                async with aclosing(self._operations.stream(running.operation, caller)) as answers:
                    async for answer in answers:
                        if not await self._deliver(operation_id, running, answer):
                            return
            else:
                answer = await self._operations.answer(running.operation, caller)
                if not await self._deliver(operation_id, running, answer):
                    return
            if self._over(operation_id, running):
                await self._send("complete", operation_id)
        except WebSocketDisconnect:
            pass  # nobody is left to tell
        except Exception as error:  # a bug ends this operation, not the connection
            await self._deliver(operation_id, running, failed(error))
        finally:
            self._over(operation_id, running)

    async def _deliver(self, operation_id: str, running: _Running, answer: Answer) -> bool:
        """Whether the operation goes on after this answer."""
        if answer.executed:
            if running.wanted:
                await self._send("next", operation_id, answer.payload)
            return True
        if self._over(operation_id, running):
            await self._refuse(operation_id, answer.payload["errors"])
        return False

    def _over(self, operation_id: str, running: _Running) -> bool:
        """Frees the id, before the last message, so that the client can use it again at once."""
        if self._running.get(operation_id) is not running:
            return False
        del self._running[operation_id]
        return running.wanted

    async def _refuse(self, operation_id: str, errors: list[FormattedError]) -> None:
        await self._send("error", operation_id, errors)

    async def _send(self, kind: str, operation_id: str | None = None, payload: Any = None) -> None:
        if self._socket.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect(1006)
        await self._socket.send_text(frames.write(kind, operation_id, payload))

    async def _close(self, fault: ProtocolFault) -> None:
        log.debug("api.websocket_closed code=%d reason=%s", fault.code, fault.reason)
        if self._socket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):  # it left first
                await self._socket.close(fault.code, fault.reason)

    async def _end_all(self) -> None:
        for running in self._running.values():
            running.stop()
        self._running.clear()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
