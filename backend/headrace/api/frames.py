"""The messages of graphql-transport-ws, read from text that may be anything.

Whatever a client sends becomes one of these messages or a ProtocolFault with the close code that
the protocol gives for it; nothing else can come of a frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from headrace.api import jsons
from headrace.api.bodies import BadRequest, checked
from headrace.api.exchange import GraphQLRequest

PROTOCOL: Final = "graphql-transport-ws"
MAX_FRAME_CHARACTERS: Final = 262_144
MAX_ID_LENGTH: Final = 255

BAD_MESSAGE: Final = 4400
UNAUTHORIZED: Final = 4401
FORBIDDEN: Final = 4403
SUBPROTOCOL_UNACCEPTABLE: Final = 4406
INIT_TIMEOUT: Final = 4408
ID_TAKEN: Final = 4409
TOO_MANY_INITS: Final = 4429


class ProtocolFault(Exception):
    """The connection has to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        # A close frame holds 125 bytes, two of them the code.
        self.code, self.reason = code, reason.encode()[:123].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Init:
    """connection_init."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """ping; its payload comes back in the pong."""

    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    """pong; nobody waits for one."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """subscribe; `fault` says what is wrong with its request, which ends only this operation."""

    id: str
    request: GraphQLRequest | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """complete: the client wants no more of an operation."""

    id: str


Message = Init | Ping | Pong | Subscribe | Complete


def read(frame: str) -> Message:
    """The message of one text frame. Raises ProtocolFault."""
    if len(frame) > MAX_FRAME_CHARACTERS:
        raise ProtocolFault(BAD_MESSAGE, f"A message has at most {MAX_FRAME_CHARACTERS} characters")
    try:
        members = jsons.decode(frame)
    except jsons.JsonFault as fault:
        raise ProtocolFault(BAD_MESSAGE, f"A message must be JSON: {fault}") from fault
    if not isinstance(members, dict):
        raise ProtocolFault(BAD_MESSAGE, "A message must be a JSON object")
    match members.get("type"):
        case "connection_init":
            return Init(_payload(members) or {})
        case "ping":
            return Ping(_payload(members))
        case "pong":
            return Pong()
        case "subscribe":
            return _subscribe(_id(members), members.get("payload"))
        case "complete":
            return Complete(_id(members))
        case other:
            raise ProtocolFault(BAD_MESSAGE, f"There is no message of type {other!r:.60}")


def _payload(members: dict[str, Any]) -> dict[str, Any] | None:
    payload = members.get("payload")
    if not isinstance(payload, dict | None):
        raise ProtocolFault(BAD_MESSAGE, "A payload must be an object")
    return payload


def _id(members: dict[str, Any]) -> str:
    given = members.get("id")
    if not isinstance(given, str) or not 1 <= len(given) <= MAX_ID_LENGTH:
        raise ProtocolFault(BAD_MESSAGE, f"An id must be a string of 1 to {MAX_ID_LENGTH}")
    return given


def _subscribe(operation_id: str, payload: Any) -> Subscribe:
    try:
        return Subscribe(operation_id, checked(payload))
    except BadRequest as error:
        return Subscribe(operation_id, None, error.message)


def write(kind: str, operation_id: str | None = None, payload: Any = None) -> str:
    """The text frame of a message to the client."""
    head = b'{"type":"' + kind.encode() + b'"'
    if operation_id is not None:
        head += b',"id":' + jsons.encode(operation_id)
    if payload is not None:
        head += b',"payload":' + jsons.encode(payload)
    return (head + b"}").decode()
