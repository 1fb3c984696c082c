"""A bug outside GraphQL is a JSON 500 with an error id, logged once under that id."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headrace.api.errors import Code, masked
from headrace.api.responses import refusal

WEBSOCKET_INTERNAL_ERROR = 1011


class FaultDoor:
    """ASGI middleware: what an endpoint did not expect ends here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; answers for what fails before it has answered."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if begun:
                raise  # half a response is out: only breaking the connection tells the client
            told = masked(error, place=scope.get("path", ""))
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": WEBSOCKET_INTERNAL_ERROR})
                return
            known = told["extensions"]
            response = refusal(known["code"], told["message"], errorId=known["errorId"])
            await response(scope, receive, send)


async def http_exception(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such path, no such method) as JSON."""
    assert isinstance(error, HTTPException)
    code = Code.NOT_FOUND if error.status_code == 404 else Code.BAD_USER_INPUT
    return refusal(code, error.detail, status=error.status_code, headers=error.headers)
