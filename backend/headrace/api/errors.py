"""What the API says when something fails, and what it never says.

Two kinds of failure leave this module. What a client can act on, an ApiError or a fault of its
document or variables, goes out as it is, with a code. Everything else is a bug of ours or an
outage: it is logged once with an error id and its traceback, and the client is told that id and
nothing more. No stack, path, statement or class name reaches a client.
"""

import logging
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from graphql import FieldNode, GraphQLError

from headrace.domain.errors import HeadraceError
from headrace.domain.ids import new_id
from headrace.store.errors import StoreClosed, StoreUnavailable

log = logging.getLogger(__name__)

FormattedError = dict[str, Any]
"""One entry of a response's `errors`: message, locations, path, extensions {code, retryable, …}."""


class Code(StrEnum):
    """Every value that `extensions.code` of an error, or `code` of a REST error, can have."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_CURSOR = "BAD_CURSOR"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    GONE = "GONE"
    UNAVAILABLE = "UNAVAILABLE"
    RATE_LIMITED = "RATE_LIMITED"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"


RETRYABLE: Final = frozenset({Code.UNAVAILABLE, Code.RATE_LIMITED, Code.TIMEOUT})
# The word by which graphql-java, and tools that sort errors as it does, know a client's fault whose
# code is ours alone. Without it they take an error with a path for a failure of the server.
CLASSIFICATION: Final = {Code.BAD_CURSOR: "BAD_REQUEST", Code.CURSOR_EXPIRED: "BAD_REQUEST"}
UNAVAILABLE_MESSAGE: Final = "The database does not answer now. Try again in a moment"
INTERNAL_MESSAGE: Final = "Something went wrong in Headrace. Its log tells more under this error id"


class ApiError(HeadraceError):
    """A failure whose text and code are meant for the client.

    `retryable` says whether the same request can succeed later; unless given it follows from the
    code. `extensions` are further entries of the error's `extensions`.
    """

    def __init__(
        self,
        code: Code | str,
        message: str,
        retryable: bool | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = Code(code)
        self.message = message
        self.retryable = self.code in RETRYABLE if retryable is None else retryable
        # graphql-core takes an attribute of this name over into the GraphQLError it wraps us in.
        self.extensions = {**(extensions or {}), "code": self.code, "retryable": self.retryable}
        if self.code in CLASSIFICATION:
            self.extensions["classification"] = CLASSIFICATION[self.code]


def api_error_in(error: BaseException) -> ApiError | None:
    """The ApiError that a GraphQL error was made of, if one was."""
    seen: BaseException | None = error
    while isinstance(seen, GraphQLError):
        seen = seen.original_error
    return seen if isinstance(seen, ApiError) else None


def formatted(error: ApiError) -> FormattedError:
    """An ApiError that belongs to no place in a document, as an entry of `errors`."""
    return {"message": error.message, "extensions": dict(error.extensions)}


def request_errors(errors: Iterable[GraphQLError]) -> list[FormattedError]:
    """Faults of a document or its variables, found before anything ran: always the client's."""
    return [_as_told(error, api_error_in(error), Code.BAD_USER_INPUT) for error in errors]


def field_errors(errors: Iterable[GraphQLError]) -> list[FormattedError]:
    """Errors of an execution: the client's as they are, everything else masked and logged."""
    return [_field_error(error) for error in errors]


def source_error(error: Exception) -> FormattedError:
    """What ended a subscription's source, masked as a field's error would be."""
    known = api_error_in(error) if isinstance(error, GraphQLError) else error
    if isinstance(known, ApiError):
        return formatted(known)
    return masked(error)


def masked(error: BaseException, *, place: str = "") -> FormattedError:
    """Logs an unexpected error with its traceback; gives what a client may know of it."""
    error_id = new_id("err")
    log.error("api.unexpected_error error_id=%s place=%s", error_id, place or "-", exc_info=error)
    outage = isinstance(error, StoreUnavailable | StoreClosed)
    code = Code.UNAVAILABLE if outage else Code.INTERNAL
    return {
        "message": UNAVAILABLE_MESSAGE if outage else INTERNAL_MESSAGE,
        "extensions": {"code": code, "retryable": code in RETRYABLE, "errorId": error_id},
    }


def _field_error(error: GraphQLError) -> FormattedError:
    if known := api_error_in(error):
        return _as_told(error, known, known.code)
    if _is_the_clients(error):
        return _as_told(error, None, Code.BAD_USER_INPUT)
    place = ".".join(str(part) for part in error.path or ())
    return {**error.formatted, **masked(_root_of(error), place=place)}


def _as_told(error: GraphQLError, known: ApiError | None, code: Code) -> FormattedError:
    told: FormattedError = dict(error.formatted)
    told["extensions"] = (
        dict(known.extensions) if known else {"code": code, "retryable": code in RETRYABLE}
    )
    log.debug("api.client_error code=%s message=%s", code, error.message)
    return told


def _root_of(error: GraphQLError) -> BaseException:
    seen: GraphQLError = error
    while isinstance(seen.original_error, GraphQLError):
        seen = seen.original_error
    return seen.original_error or seen


def _is_the_clients(error: GraphQLError) -> bool:
    # graphql-core raises GraphQLErrors of its own while it executes. Those about an argument point
    # at the argument or its value; those about what a resolver returned (a scalar that cannot be
    # serialised, a type that cannot be told) point at the field, or nowhere, and are our bugs.
    root = _root_of(error)
    if not isinstance(root, GraphQLError) or root.original_error is not None:
        return False
    return bool(root.nodes) and not any(isinstance(node, FieldNode) for node in root.nodes or ())
