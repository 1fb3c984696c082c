"""Responses that are not GraphQL's: JSON `{code, message}` with the status that belongs to it."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from headrace.api import jsons
from headrace.api.errors import Code

STATUS: Final[Mapping[Code, int]] = {
    Code.BAD_USER_INPUT: 400,
    Code.BAD_CURSOR: 400,
    Code.CURSOR_EXPIRED: 400,
    Code.QUERY_TOO_COMPLEX: 400,
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.GONE: 410,
    Code.PAYLOAD_TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.TIMEOUT: 504,
}


class JsonResponse(Response):
    """A value as JSON; `media_type` names a kind of JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return jsons.encode(content)


def refusal(
    code: Code,
    message: str,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """An error of the REST surface; `status` only where the code's own does not fit."""
    return JsonResponse(
        {"code": code, "message": message, **more},
        status_code=status or STATUS[code],
        headers=dict(headers or {}),
    )
