"""From the bytes of a request to a GraphQLRequest, or to the refusal that tells what is wrong.

Nothing is held beyond MAX_BODY_BYTES and nothing is waited for beyond BODY_SECONDS; what cannot be
read is a 4xx, whatever the bytes are.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from starlette.requests import Request

from headrace.api import jsons
from headrace.api.errors import Code
from headrace.api.exchange import GraphQLRequest

MAX_BODY_BYTES: Final = 2 * 1024 * 1024
BODY_SECONDS: Final = 30.0
MAX_DISCARDED_BYTES: Final = 64 * 1024 * 1024
DISCARD_SECONDS: Final = 5.0


class BadRequest(Exception):
    """A request that is refused before GraphQL begins, with the HTTP status for it."""

    def __init__(
        self,
        status: int,
        message: str,
        code: Code = Code.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.headers = dict(headers or {})


async def read_body(request: Request) -> bytes:
    """The whole body. Raises BadRequest (408, 413), and ClientDisconnect where nobody is left."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MAX_BODY_BYTES:
        raise await _too_large(request, request.stream())
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            chunks = request.stream()
            async for chunk in chunks:
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise await _too_large(request, chunks)
    except TimeoutError as error:
        raise BadRequest(
            408, f"The body did not come within {BODY_SECONDS:g} seconds", Code.TIMEOUT
        ) from error
    return bytes(body)


def check_content_type(header: str | None) -> None:
    """Only JSON in UTF-8: forms could be sent by any web page. Raises BadRequest (415)."""
    kind, *parameters = (part.strip().lower() for part in (header or "").split(";"))
    charsets = [
        one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset=")
    ]
    if kind != "application/json" or any(charset != "utf-8" for charset in charsets):
        words = "Send the request as Content-Type: application/json, in UTF-8"
        raise BadRequest(415, words, headers={"Accept-Post": "application/json"})


def from_post(body: bytes) -> GraphQLRequest:
    """The request that a POST's body holds. Raises BadRequest (400)."""
    return checked(_json(body, "The body"))


def from_query(params: Mapping[str, str]) -> GraphQLRequest:
    """The request that a GET's query string holds. Raises BadRequest (400)."""
    members: dict[str, Any] = {
        name: params[name] for name in ("query", "operationName") if name in params
    }
    for name in ("variables", "extensions"):
        if params.get(name):
            members[name] = _json(params[name], f"The parameter {name}")
    return checked(members)


def checked(members: Any) -> GraphQLRequest:
    """The request of decoded `{query, variables, operationName, extensions}`. Raises BadRequest."""
    if isinstance(members, list):
        raise BadRequest(400, "Send one operation: batches are not taken")
    if not isinstance(members, dict):
        raise BadRequest(400, "The request must be a JSON object with a query")
    query = members.get("query")
    if not isinstance(query, str):
        raise BadRequest(400, "The request must have a query, a string")
    name = members.get("operationName")
    if not isinstance(name, str | None):
        raise BadRequest(400, "operationName must be a string or null")
    for member in ("variables", "extensions"):
        if not isinstance(members.get(member), dict | None):
            raise BadRequest(400, f"{member} must be an object or null")
    return GraphQLRequest(query=query, variables=members.get("variables"), operation_name=name)


def _json(text: bytes | str, what: str) -> Any:
    try:
        return jsons.decode(text)
    except jsons.JsonFault as fault:
        raise BadRequest(400, f"{what} is no JSON that we can read: {fault}") from fault


async def _too_large(request: Request, rest: AsyncIterator[bytes]) -> BadRequest:
    # Who still sends when we close would see a broken connection in place of the answer, so the
    # rest is read and dropped: but not from a client that waits to be told to send.
    waits = request.headers.get("expect", "").lower() == "100-continue"
    over = not waits and await _discarded(rest)
    return BadRequest(
        413,
        f"The body is larger than {MAX_BODY_BYTES} bytes",
        Code.PAYLOAD_TOO_LARGE,
        headers={} if over else {"Connection": "close"},
    )


async def _discarded(rest: AsyncIterator[bytes]) -> bool:
    """Whether the body came to its end within what we are ready to throw away."""
    seen = 0
    try:
        async with asyncio.timeout(DISCARD_SECONDS):
            async for chunk in rest:
                seen += len(chunk)
                if seen > MAX_DISCARDED_BYTES:
                    return False
    except TimeoutError:
        return False
    return True
