"""The address of a server's database as its tools want it, and as people may see it."""

from urllib.parse import urlsplit, urlunsplit


def without_driver(address: str) -> str:
    """What every tool of PostgreSQL's takes: `postgresql+asyncpg://…` names a driver of ours."""
    scheme, rest = address.split("://", 1)
    return f"{scheme.split('+')[0]}://{rest}"


def without_password(address: str) -> str:
    """The same, fit to be shown."""
    parts = urlsplit(without_driver(address))
    user, at, host = parts.netloc.rpartition("@")
    named = f"{user.split(':')[0]}{at}{host}"
    return urlunsplit((parts.scheme, named, parts.path, "", ""))
