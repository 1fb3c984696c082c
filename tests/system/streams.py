"""Subscriptions over websockets with `gql`, whose connections can be torn."""

import socket
import struct
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

PATIENCE_SECONDS = 60
JSONObject = dict[str, Any]


class Stream:
    """One websocket with one subscription, which can be torn."""

    def __init__(self, url: str, document: str, variables: Mapping[str, Any]) -> None:
        self._transport = WebsocketsTransport(
            url=f"ws{url.removeprefix('http')}/graphql",
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            close_timeout=PATIENCE_SECONDS,
        )
        self._request = GraphQLRequest(document, variable_values=dict(variables))

    async def values(self) -> AsyncGenerator[JSONObject, None]:
        """The subscription's values until it completes.

        Raises TransportConnectionFailed when the connection goes, TransportQueryError for errors.
        """
        async with Client(transport=self._transport) as session:
            items = session.subscribe(self._request)
            async with aclosing(items):
                async for item in items:
                    (value,) = item.values()
                    yield value

    def tear(self, *, rudely: bool) -> None:
        """The TCP connection goes without a word: closed, or (rudely) reset."""
        websocket = self._transport.adapter.websocket
        assert websocket is not None
        if rudely:
            found = websocket.transport.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        websocket.transport.abort()


async def refusal(url: str, document: str, **variables: Any) -> JSONObject:
    """The one error that a subscription ends with before any value."""
    values = Stream(url, document, variables).values()
    with pytest.raises(TransportQueryError) as refused:
        await anext(values)
    (error,) = refused.value.errors or []
    return dict(error)
