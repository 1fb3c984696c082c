"""Whether this process lives (/health) and whether it can serve (/ready)."""

import asyncio
import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.backend import backend_of
from headrace.api.errors import Code
from headrace.api.http import Endpoint
from headrace.api.responses import JsonResponse, refusal
from headrace.store.reads.workers import living_workers

log = logging.getLogger(__name__)

READY_SECONDS: Final = 2.0
NOT_KEPT: Final = {"Cache-Control": "no-store"}


async def health(_request: Request) -> Response:
    """200 while the event loop turns."""
    return JsonResponse({"status": "ok"}, headers=NOT_KEPT)


def ready_endpoint() -> Endpoint:
    """The endpoint that answers 503 while the database does not; an outage is logged once."""
    was_ready = True

    async def ready(request: Request) -> Response:
        nonlocal was_ready
        try:
            async with asyncio.timeout(READY_SECONDS):
                async with backend_of(request).services.store.snapshot() as snapshot:
                    await living_workers(snapshot)
        except Exception as error:  # whatever it is, it means: not ready
            if was_ready:
                log.warning("api.not_ready", exc_info=error)
            was_ready = False
            words = "The database does not answer"
            return refusal(Code.UNAVAILABLE, words, headers={**NOT_KEPT, "Retry-After": "1"})
        if not was_ready:
            log.info("api.ready_again")
        was_ready = True
        return JsonResponse({"status": "ready"}, headers=NOT_KEPT)

    return ready
