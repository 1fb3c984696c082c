"""In which form a GraphQL request is answered, and with which status (GraphQL over HTTP).

`application/graphql-response+json` lets the status tell of a request that was not executed;
`application/json`, which clients of old accept, always answers 200 once there is a document.
`text/event-stream` is for subscriptions, and takes every other operation as well.
"""

from typing import Final

from headrace.api.bodies import BadRequest
from headrace.api.errors import Code
from headrace.api.exchange import Answer
from headrace.api.responses import STATUS

RESPONSE_JSON: Final = "application/graphql-response+json"
PLAIN_JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
_MATCHES: Final = {
    RESPONSE_JSON: RESPONSE_JSON,
    PLAIN_JSON: PLAIN_JSON,
    EVENT_STREAM: EVENT_STREAM,
    "application/*": PLAIN_JSON,
    "*/*": PLAIN_JSON,
}


def negotiate(accept: str | None) -> str:
    """The media type that a client likes best, of those we have. Raises BadRequest (406)."""
    if accept is None or not accept.strip():
        return PLAIN_JSON
    best, best_quality = None, 0.0
    for entry in accept.split(","):
        kind, *parameters = (part.strip().lower() for part in entry.split(";"))
        quality = _quality(parameters)
        if kind in _MATCHES and quality > best_quality:
            best, best_quality = _MATCHES[kind], quality
    if best is None:
        words = f"We answer with {PLAIN_JSON}, {RESPONSE_JSON} or {EVENT_STREAM}"
        raise BadRequest(406, words)
    return best


def status_of(answer: Answer, media_type: str) -> int:
    """The HTTP status of an answer in a media type."""
    if answer.executed or media_type == PLAIN_JSON:
        return 200
    return STATUS[Code(answer.payload["errors"][0]["extensions"]["code"])]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
