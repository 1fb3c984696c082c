"""Whether this process lives (/health) and whether it can serve (/ready)."""

import asyncio
import logging
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.backend import backend_of
from headrace.api.doors import KeyDoor
from headrace.api.errors import Code
from headrace.api.http import Endpoint
from headrace.api.responses import JsonResponse, refusal
from headrace.services.health import stream_check
from headrace.store.errors import StoreError
from headrace.store.reads.workers import living_workers

log = logging.getLogger(__name__)

READY_SECONDS: Final = 2.0
NOT_KEPT: Final = {"Cache-Control": "no-store"}


async def health(_request: Request) -> Response:
    """200 while the event loop turns."""
    return JsonResponse({"status": "ok"}, headers=NOT_KEPT)


def ready_endpoint(door: KeyDoor) -> Endpoint:
    """The endpoint that answers 503 while the database or the artifact store does not.

    An outage is logged once.
    """
    was_ready = True

    async def ready(request: Request) -> Response:
        nonlocal was_ready
        words: str | None = "The database does not answer"
        fault: Exception | None = None
        try:
            async with asyncio.timeout(READY_SECONDS):
                services = backend_of(request).services
                async with services.store.snapshot() as snapshot:
                    await living_workers(snapshot)
                    stream = await stream_check(services.settings, snapshot)
                words = "The artifact store does not answer"
                words = await asyncio.to_thread(backend_of(request).services.content.check)
        except Exception as error:  # whatever it is, it means: not ready
            fault = error
        if words is not None:
            if was_ready:
                expected = fault is None or isinstance(fault, TimeoutError | StoreError)
                told = str(fault or "") or words
                log.warning("api.not_ready: %s", told, exc_info=None if expected else fault)
            was_ready = False
            return refusal(Code.UNAVAILABLE, words, headers={**NOT_KEPT, "Retry-After": "1"})
        if not was_ready:
            log.info("api.ready_again")
        was_ready = True
        # Without the brokers all is served and kept. What is wrong, only who has a key is told.
        body: dict[str, Any] = {"status": "ready"}
        if stream is not None:
            body["checks"] = {stream.name: stream.ok}
            if not stream.ok and door.fault(request) is None:
                body["problems"] = {stream.name: stream.message}
        return JsonResponse(body, headers=NOT_KEPT)

    return ready
