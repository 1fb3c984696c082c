"""The address of a client, seen through the proxies that are trusted and no others.

X-Forwarded-For is read from the right: each trusted proxy appended the address it saw, and the
first that is not a trusted proxy is the client. What a client wrote there itself is never reached.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

UNKNOWN = "unknown"
IPV6_SITE_BITS = 64


class AddressBook:
    """Knows the networks of the trusted proxies."""

    def __init__(self, trusted_proxies: Sequence[str] = ()) -> None:
        self._trusted = [ip_network(network, strict=False) for network in trusted_proxies]

    def client_of(self, connection: HTTPConnection) -> str:
        """The address of the client."""
        peer = connection.client.host if connection.client else UNKNOWN
        hops = [
            hop for line in connection.headers.getlist("x-forwarded-for") for hop in line.split(",")
        ]
        while hops and self._is_trusted(peer):
            named = _address(hops.pop())
            if named is None:
                break
            peer = str(named)
        return peer

    def site_of(self, connection: HTTPConnection) -> str:
        """What limits count by: the address, for IPv6 the /64, of which one client has them all."""
        client = self.client_of(connection)
        address = _address(client)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, IPV6_SITE_BITS), strict=False))
        return client

    def _is_trusted(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
