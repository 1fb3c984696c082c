"""GraphQL over HTTP at one path: POST for everything, GET for queries and event streams.

Follows the GraphQL-over-HTTP specification; a client that accepts `text/event-stream` gets its
answers as events, which is the only way here to subscribe. A query is given up when its client
leaves; a mutation runs on, because half of an effect is worse than an answer nobody reads.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from headrace.api.backend import Backend, backend_of
from headrace.api.bodies import BadRequest, check_content_type, from_post, from_query, read_body
from headrace.api.documents import is_mutation, is_subscription
from headrace.api.doors import CLIENT_HEADER, KEY_CHALLENGE, KeyDoor, client_named
from headrace.api.errors import ApiError, Code, formatted
from headrace.api.exchange import Answer, GraphQLRequest, Operation, RequestRefused
from headrace.api.graphql.context import RequestInfo
from headrace.api.limits import Meter, RateLimits, too_many
from headrace.api.negotiation import EVENT_STREAM, RESPONSE_JSON, negotiate, status_of
from headrace.api.operations import Operations
from headrace.api.presence import ClientLeft, while_client_stays
from headrace.api.responses import JsonResponse
from headrace.api.sse import EventStream, single
from headrace.api.traffic import TooMuchTraffic

Endpoint = Callable[[Request], Awaitable[Response]]
CLIENT_LEFT_STATUS: Final = 499
NEEDS_A_STREAM: Final = (
    "A subscription needs a websocket that speaks graphql-transport-ws, or a request that accepts "
    "text/event-stream"
)
CROWDED: Final = "As many streams are open as this server takes"


def graphql_endpoint(door: KeyDoor, limits: RateLimits) -> Endpoint:
    """The endpoint; a plain function, for slowapi wants a name."""

    async def graphql(request: Request) -> Response:
        try:
            if fault := door.fault(request):
                raise BadRequest(401, fault, Code.UNAUTHENTICATED, headers=KEY_CHALLENGE)
            media_type = negotiate(request.headers.get("accept"))
            asked = await _asked(request)
            meter = limits.meter(request)
            caller = RequestInfo(
                principal=door.principal,
                client=client_named(request.headers.get(CLIENT_HEADER)),
                rate=meter.state if meter else None,
            )
            return await _response(request, asked, caller, media_type, meter)
        except BadRequest as error:
            return _bad_request(error)
        except ApiError as error:
            return too_many(error)
        except (ClientDisconnect, ClientLeft):
            return Response(status_code=CLIENT_LEFT_STATUS)

    return graphql


async def _asked(request: Request) -> GraphQLRequest:
    if request.method != "POST":
        return from_query(request.query_params)
    check_content_type(request.headers.get("content-type"))
    return from_post(await read_body(request))


async def _response(
    request: Request,
    asked: GraphQLRequest,
    caller: RequestInfo,
    media_type: str,
    meter: Meter | None,
) -> Response:
    """Raises ApiError RATE_LIMITED, BadRequest, and ClientLeft."""
    backend = backend_of(request)
    try:
        operation = backend.operations.choose(asked)
    except RequestRefused as refused:
        return _told(Answer({"errors": refused.errors}, executed=False), media_type)
    if is_mutation(operation.node) and request.method != "POST":
        raise BadRequest(405, "A mutation needs POST", headers={"Allow": "POST"})
    if meter:
        meter.charge(operation.cost, counted=1)
    if is_subscription(operation.node) and media_type == EVENT_STREAM:
        return _stream(backend, operation, caller)
    return _told(await _answer(request, backend.operations, operation, caller), media_type)


async def _answer(
    request: Request, operations: Operations, operation: Operation, caller: RequestInfo
) -> Answer:
    if is_subscription(operation.node):
        told = ApiError(Code.BAD_USER_INPUT, NEEDS_A_STREAM)
        return Answer({"errors": [formatted(told)]}, executed=False)
    if is_mutation(operation.node):
        return await operations.answer(operation, caller)
    async with while_client_stays(request.receive):
        return await operations.answer(operation, caller)


def _stream(backend: Backend, operation: Operation, caller: RequestInfo) -> Response:
    try:
        backend.traffic.admit()
    except TooMuchTraffic as error:
        raise BadRequest(503, CROWDED, Code.UNAVAILABLE, headers={"Retry-After": "5"}) from error
    return EventStream(backend.operations.stream(operation, caller), backend.traffic)


def _told(answer: Answer, media_type: str) -> Response:
    if media_type == EVENT_STREAM:
        return single(answer)
    kind = f"{media_type}; charset=utf-8" if media_type == RESPONSE_JSON else media_type
    return JsonResponse(
        answer.payload,
        status_code=status_of(answer, media_type),
        media_type=kind,
        headers={"Cache-Control": "no-store"},
    )


def _bad_request(error: BadRequest) -> JsonResponse:
    # Both shapes: what our REST surface says, and `errors`, the only place GraphQL clients look.
    told = ApiError(error.code, error.message)
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "errors": [formatted(told)],
    }
    return JsonResponse(body, status_code=error.status, headers=error.headers)
