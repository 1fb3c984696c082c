"""The brokers: where they are, how aiokafka gets in, and why it does not."""

import asyncio
import ssl
from functools import cached_property
from typing import Any, Final

from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.metadata import MetadataRequest

from headrace.streams.closing import to_its_end
from headrace.streams.errors import AccessRefused, BrokersUnreachable
from headrace.streams.refusals import hint, refusal
from headrace.streams.security import Security

_ASK_MS: Final = 3_000
_FAILURES: Final = (KafkaError, TimeoutError, OSError)
_UNAUTHORIZED: Final = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
_PLAIN: Final = Security()

Address = tuple[str, int]


class Brokers:
    """Those at `bootstrap`, by a `security` that all of aiokafka's clients share."""

    def __init__(self, bootstrap: str, security: Security = _PLAIN) -> None:
        self.bootstrap = bootstrap
        self.security = security

    @property
    def options(self) -> dict[str, Any]:
        """What each of aiokafka's clients is made with. Raises AccessRefused."""
        return {"bootstrap_servers": self.bootstrap, **self._secured}

    async def why(self, error: Exception) -> BrokersUnreachable:
        """Why a client got this: aiokafka keeps that to itself, so each broker is tried again.

        An AccessRefused where one says so. It takes a few seconds at most, and raises nothing.
        """
        if isinstance(error, _UNAUTHORIZED):
            who = f"the user {self.security.username!r}" if self.security.sasl else "us"
            return AccessRefused(f"The brokers do not let {who} do this: {error.message}")
        first = [(host, port) for host, port, _ in collect_hosts(self.bootstrap, randomize=False)]
        found, told = await self._try(first)
        if not told:
            # The way in is open: perhaps it does not lead to those that it names.
            _, told = await self._try(sorted(found - set(first)))
        for address, cause in told:
            if (words := refusal(cause, self.security)) is not None:
                return AccessRefused(f"The broker at {_text(address)} {words}")
        hints = [words for _, cause in told if (words := hint(cause, self.security)) is not None]
        return BrokersUnreachable("; ".join([f"No broker answers at {self.bootstrap}", *hints[:1]]))

    async def _try(
        self, addresses: list[Address]
    ) -> tuple[set[Address], list[tuple[Address, Exception]]]:
        """(the brokers that these tell of, what went wrong where)."""
        outcomes = await to_its_end(_all(self._told_of(address) for address in addresses))
        told = [
            (address, outcome)
            for address, outcome in zip(addresses, outcomes, strict=True)
            if isinstance(outcome, Exception)
        ]
        return {each for one in outcomes if isinstance(one, set) for each in one}, told

    async def _told_of(self, address: Address) -> set[Address] | Exception:
        connection = AIOKafkaConnection(*address, request_timeout_ms=_ASK_MS, **self._secured)
        try:
            await connection.connect()
            answer = await connection.send(MetadataRequest([]))
            return {(broker[1], broker[2]) for broker in answer.brokers}
        except _FAILURES as error:
            return error
        finally:
            closed = connection.close()
            if connection._protocol is not None:  # else nothing was open, and nothing closes
                await asyncio.wait({closed}, timeout=_ASK_MS / 1000)

    @cached_property
    def _secured(self) -> dict[str, Any]:
        security = self.security
        found: dict[str, Any] = {"security_protocol": security.protocol}
        if security.tls:
            found["ssl_context"] = _context(security)
        if security.sasl:
            found |= {
                "sasl_mechanism": security.mechanism,
                "sasl_plain_username": security.username,
                "sasl_plain_password": security.password,
            }
        return found


async def _all(works: Any) -> list[Any]:
    return await asyncio.gather(*works)


def _context(security: Security) -> ssl.SSLContext:
    """What a TLS client trusts and shows; the host name is always checked. Raises AccessRefused.

    The settings were checked at the start, on that machine and at that time.
    """
    name, path = "KAFKA_SSL_CAFILE", security.ca_file
    try:
        context = ssl.create_default_context(cafile=path or None)
        if security.cert_file:
            name, path = "KAFKA_SSL_CERTFILE", security.cert_file
            # A password that is not needed is not asked for; without one OpenSSL would ask people.
            context.load_cert_chain(path, security.key_file or None, lambda: security.key_password)
    except OSError as error:
        raise AccessRefused(f"{name}: {path} cannot be used on this machine: {error}") from error
    return context


def _text(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
