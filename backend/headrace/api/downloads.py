"""Downloads of artifacts: GET|HEAD /artifacts/{id}/download, signed or not.

A signature, once given, decides: a wrong or expired one is refused even where none is needed. What
is sent is what was recorded: the ETag is the content's digest. Nothing that is downloaded runs as a
page of ours, whatever is in it: it is an attachment, nobody guesses its type, and it is sandboxed.
"""

import asyncio
import time
from pathlib import Path
from typing import IO, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from headrace.api.backend import backend_of
from headrace.api.disposition import attachment, content_type
from headrace.api.doors import KEY_CHALLENGE, KeyDoor
from headrace.api.errors import Code
from headrace.api.http import Endpoint
from headrace.api.presence import ClientLeft, while_client_stays
from headrace.api.ranges import Span, Unsatisfiable, already_has, asked_span, range_counts
from headrace.api.responses import refusal
from headrace.services import artifacts
from headrace.services.core import Services

CHUNK_BYTES: Final = 256 * 1024
GONE: Final = "The artifact's content was removed by a cleanup"


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
                return await _sent(request, located)

    return download


def _refused(
    request: Request, artifact_id: str, services: Services, door: KeyDoor, required: bool
) -> Response | None:
    expires, signature = (request.query_params.get(name) for name in ("expires", "signature"))
    if expires is not None or signature is not None:
        good = (
            expires is not None
            and signature is not None
            and expires.isascii()
            and expires.isdecimal()
            and len(expires) <= 12
            and services.signer.verify(
                artifact_id,
                expires=int(expires),
                signature=signature,
                now=time.time(),
                method=request.method,
            )
        )
        return None if good else refusal(Code.FORBIDDEN, "The signature is wrong or has expired")
    if required:
        return refusal(Code.FORBIDDEN, "This needs a signed URL: ask signArtifact for one")
    if fault := door.fault(request):
        return refusal(Code.UNAUTHENTICATED, fault, headers=KEY_CHALLENGE)
    return None


async def _sent(request: Request, located: artifacts.Located) -> Response:
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
    if located.data is not None:
        return Response(located.data[whole.start : whole.stop], status, headers)
    assert located.path is not None
    try:
        opened = await asyncio.to_thread(_open_at, located.path, whole.start)
    except FileNotFoundError:
        return refusal(Code.GONE, GONE)
    return _FilePart(opened, whole.length, status, headers)


def _open_at(path: Path, start: int) -> IO[bytes]:
    opened = path.open("rb")
    opened.seek(start)
    return opened


class _FilePart(Response):
    """Sends `length` bytes of an open file, and closes it however the sending ends."""

    def __init__(
        self, opened: IO[bytes], length: int, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(status_code=status, headers=headers)
        self._opened, self._left = opened, length

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it, until it is sent or nobody is there."""
        start: dict[str, Any] = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        try:
            async with while_client_stays(receive):
                while self._left:
                    chunk = await asyncio.to_thread(self._next)
                    more = self._left > 0
                    await send({"type": "http.response.body", "body": chunk, "more_body": more})
        except ClientLeft:
            pass
        finally:
            self._opened.close()

    def _next(self) -> bytes:
        chunk = self._opened.read(min(CHUNK_BYTES, self._left))
        if not chunk:
            # Headers are out: breaking off is the only way left to say that this is not all.
            raise OSError(f"{self._opened.name} is shorter than recorded")
        self._left -= len(chunk)
        return chunk
