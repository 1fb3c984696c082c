"""What is asked of GraphQL and what it answers, whatever carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode

from headrace.api.documents import Document
from headrace.api.errors import FormattedError


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphQLRequest:
    """What a client asked for: a document, values for its variables, and which operation."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, with the variables as the client gave them."""

    document: Document
    node: OperationDefinitionNode
    variables: Mapping[str, Any]
    cost: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: `data` and perhaps `errors`, or where nothing was executed `errors` alone."""

    payload: dict[str, Any]
    executed: bool


class RequestRefused(Exception):
    """The document, the choice of its operation or a bound is at fault; nothing was executed."""

    def __init__(self, errors: list[FormattedError]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
