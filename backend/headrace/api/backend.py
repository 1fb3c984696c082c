"""What endpoints find behind the application while it runs, and nothing before or after that."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from headrace.api.operations import Operations
from headrace.api.traffic import Traffic
from headrace.services.core import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class Backend:
    """The services of this process, the GraphQL operations over them, and what stays open."""

    services: Services
    operations: Operations
    traffic: Traffic


def backend_of(connection: HTTPConnection) -> Backend:
    """The backend of the application that a request or a websocket came to."""
    return cast(Backend, connection.app.state.backend)
