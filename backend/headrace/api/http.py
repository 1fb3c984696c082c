"""GraphQL over HTTP at one path: POST for everything but subscriptions, GET for queries.

Follows the GraphQL-over-HTTP specification. A query is given up when its client leaves; a mutation
runs on, because half of an effect is worse than an answer nobody reads.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from headrace.api.backend import backend_of
from headrace.api.bodies import BadRequest, check_content_type, from_post, from_query, read_body
from headrace.api.documents import is_mutation, is_subscription
from headrace.api.doors import CLIENT_HEADER, KEY_CHALLENGE, KeyDoor, client_named
from headrace.api.errors import ApiError, Code, formatted
from headrace.api.exchange import Answer, GraphQLRequest, Operation, RequestRefused
from headrace.api.graphql.context import RequestInfo
from headrace.api.negotiation import RESPONSE_JSON, negotiate, status_of
from headrace.api.operations import Operations
from headrace.api.presence import ClientLeft, while_client_stays
from headrace.api.responses import JsonResponse

Endpoint = Callable[[Request], Awaitable[Response]]
CLIENT_LEFT_STATUS = 499


def graphql_endpoint(door: KeyDoor) -> Endpoint:
    """The endpoint; a plain function, for slowapi wants a name."""

    async def graphql(request: Request) -> Response:
        try:
            if fault := door.fault(request):
                raise BadRequest(401, fault, Code.UNAUTHENTICATED, headers=KEY_CHALLENGE)
            media_type = negotiate(request.headers.get("accept"))
            asked = await _asked(request)
            caller = RequestInfo(
                principal=door.principal,
                client=client_named(request.headers.get(CLIENT_HEADER)),
            )
            answer = await _answer(request, backend_of(request).operations, asked, caller)
        except BadRequest as error:
            return _bad_request(error)
        except (ClientDisconnect, ClientLeft):
            return Response(status_code=CLIENT_LEFT_STATUS)
        return _response(answer, media_type)

    return graphql


async def _asked(request: Request) -> GraphQLRequest:
    if request.method != "POST":
        return from_query(request.query_params)
    check_content_type(request.headers.get("content-type"))
    return from_post(await read_body(request))


async def _answer(
    request: Request, operations: Operations, asked: GraphQLRequest, caller: RequestInfo
) -> Answer:
    try:
        operation = operations.choose(asked)
    except RequestRefused as refused:
        return Answer({"errors": refused.errors}, executed=False)
    if is_subscription(operation.node):
        words = "A subscription needs a websocket that speaks graphql-transport-ws"
        return Answer({"errors": [formatted(ApiError(Code.BAD_USER_INPUT, words))]}, executed=False)
    if is_mutation(operation.node):
        return await _mutate(request, operations, operation, caller)
    async with while_client_stays(request.receive):
        return await operations.answer(operation, caller)


async def _mutate(
    request: Request, operations: Operations, operation: Operation, caller: RequestInfo
) -> Answer:
    if request.method != "POST":
        raise BadRequest(405, "A mutation needs POST", headers={"Allow": "POST"})
    return await operations.answer(operation, caller)


def _response(answer: Answer, media_type: str) -> JsonResponse:
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
