"""Downloads of artifacts: GET|HEAD /artifacts/{id}/download, signed or not.

A signature, once given, decides: a wrong or expired one is refused even where none is needed. What
is sent is what was recorded: the ETag is the content's digest. Nothing that is downloaded runs as a
page of ours, whatever is in it: it is an attachment, nobody guesses its type, and it is sandboxed.
"""

import asyncio
import logging
import time
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.backend import backend_of
from headrace.api.disposition import attachment, content_type
from headrace.api.doors import KEY_CHALLENGE, KeyDoor
from headrace.api.errors import Code
from headrace.api.file_part import FilePart, open_at
from headrace.api.http import Endpoint
from headrace.api.ranges import Span, Unsatisfiable, already_has, asked_span, range_counts
from headrace.api.responses import refusal
from headrace.api.signatures import is_signed, signature_of
from headrace.artifacts.content import Stored
from headrace.artifacts.errors import ContentMissing, ContentUnavailable, NotContentUri
from headrace.services import artifacts
from headrace.services.core import Services

GONE: Final = "The artifact's content was removed by a cleanup"
ELSEWHERE: Final = "The artifact was kept in another store than the one in use"

log = logging.getLogger(__name__)


def download_endpoint(door: KeyDoor, *, signature_required: bool) -> Endpoint:
    """The endpoint; `signature_required` refuses whatever has no signature."""

    async def download(request: Request) -> Response:
        services = backend_of(request).services
        artifact_id = request.path_params["artifact_id"]
        if refused := _refused(request, artifact_id, services, door, signature_required):
            return refused
        match await artifacts.locate(services, artifact_id):
            case artifacts.ArtifactMissing():
                return refusal(Code.NOT_FOUND, "There is no such artifact")
            case artifacts.ArtifactRemoved():
                return refusal(Code.GONE, GONE)
            case located:
                return await _found(request, services, located)

    return download


async def _found(request: Request, services: Services, located: artifacts.Located) -> Response:
    try:
        source = await artifacts.source_of(services, located)
    except ContentMissing:
        return refusal(Code.GONE, GONE)
    except NotContentUri:
        return refusal(Code.UNAVAILABLE, ELSEWHERE)
    except ContentUnavailable as error:
        log.warning("api.artifact_store_unavailable: %s", error)
        return refusal(Code.UNAVAILABLE, str(error), headers={"Retry-After": "5"})
    if elsewhere := await _elsewhere(request, services, located):
        return elsewhere
    return await _sent(request, located, source)


async def _elsewhere(
    request: Request, services: Services, located: artifacts.Located
) -> Response | None:
    """Where a signed URL leads on to, if clients reach the artifact store by themselves."""
    expires = request.query_params.get("expires")
    if expires is None or request.method != "GET" or located.data is not None:
        return None
    if already_has(request.headers.get("if-none-match"), located.sha256):
        return None
    url = await asyncio.to_thread(
        services.content.signed_url,
        located.uri,
        int(expires) - time.time(),
        disposition=attachment(located.name),
        media_type=content_type(located.media_type),
    )
    if url is None:
        return None
    return Response(status_code=307, headers={"Location": url, "Cache-Control": "no-store"})


def _refused(
    request: Request, artifact_id: str, services: Services, door: KeyDoor, required: bool
) -> Response | None:
    if is_signed(request):
        given = signature_of(request)
        good = given is not None and services.signer.verify(
            artifact_id,
            expires=given.expires,
            signature=given.signature,
            now=time.time(),
            method=request.method,
        )
        return None if good else refusal(Code.FORBIDDEN, "The signature is wrong or has expired")
    if required:
        return refusal(Code.FORBIDDEN, "This needs a signed URL: ask signArtifact for one")
    if fault := door.fault(request):
        return refusal(Code.UNAUTHENTICATED, fault, headers=KEY_CHALLENGE)
    return None


async def _sent(request: Request, located: artifacts.Located, source: Stored | bytes) -> Response:
    headers = {
        "ETag": f'"{located.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": attachment(located.name),
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    asked = request.headers
    if already_has(asked.get("if-none-match"), located.sha256):
        return Response(status_code=304, headers=headers)
    span = None
    if request.method == "GET" and range_counts(asked.get("if-range"), located.sha256):
        try:
            span = asked_span(asked.get("range"), located.size_bytes)
        except Unsatisfiable:
            return refusal(
                Code.BAD_USER_INPUT,
                f"The artifact has {located.size_bytes} bytes",
                status=416,
                headers={"Content-Range": f"bytes */{located.size_bytes}"},
            )
    if span:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{located.size_bytes}"
    whole = span or Span(0, located.size_bytes)
    headers["Content-Length"] = str(whole.length)
    headers["Content-Type"] = content_type(located.media_type)
    status = 206 if span else 200
    if request.method == "HEAD" or not whole.length:
        return Response(status_code=status, headers=headers)
    if isinstance(source, bytes):
        return Response(source[whole.start : whole.stop], status, headers)
    try:
        opened = await asyncio.to_thread(open_at, source, whole.start)
    except FileNotFoundError:
        return refusal(Code.GONE, GONE)
    return FilePart(opened, whole.length, status, headers)
