"""How one setting's text becomes its value. Each reader refuses with the words "wants …"."""

import json
import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

DEV_SECRET: Final = "dev-secret"
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
DATABASE_SCHEMES = ("postgresql+asyncpg", "postgresql", "postgres")
LLM_MOCK_KEYS = ("latency_ms", "rate_limit_every", "malformed_every")


def under_pytest() -> bool:
    """Whether a test, or a child of one, is what reads the settings."""
    return "PYTEST_VERSION" in os.environ


def available_cores() -> int:
    """The cores this process may run on, which in a container are fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def beside_the_real_one(path: Path) -> Path:
    """The database file that tests use instead: `db.sqlite3` → `db.test.sqlite3`."""
    if not under_pytest() or path.stem.endswith(".test"):
        return path
    return path.with_name(f"{path.stem}.test{path.suffix}")


def host_of(url: str) -> str | None:
    """The host of a URL as a Host header names it (`[::1]` in brackets), or None without one."""
    host = urlsplit(url).hostname
    return in_brackets(host) if host else None


def in_brackets(host: str) -> str:
    """An IPv6 address as a Host header writes it; any other host as it is, in lower case."""
    bare = host.lower().strip("[]")
    return f"[{bare}]" if ":" in bare else bare


def _json(value: Any, kind: type, wanted: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        read = json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"wants {wanted}") from error
    if not isinstance(read, kind):
        raise ValueError(f"wants {wanted}")
    return read


def _list_like(example: str) -> BeforeValidator:
    def read(value: Any) -> Any:
        items = _json(value, list, wanted := f"a JSON list of strings, like {example}")
        if not all(isinstance(item, str | Path) for item in items):
            raise ValueError(f"wants {wanted}")
        return items

    return BeforeValidator(read)


def _each(accepts: Any, wanted: str) -> AfterValidator:
    def check(values: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [value for value in values if not accepts(value)]
        if wrong:
            raise ValueError(f"wants {wanted}; {', '.join(map(repr, wrong))} is not")
        return values

    return AfterValidator(check)


def _is_origin(value: str) -> bool:
    parts = urlsplit(value)
    return value == "*" or (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and value.count("/") == 2
    )


def _is_network(value: str) -> bool:
    try:
        ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _is_host(value: str) -> bool:
    without_port = ":" not in value or (value.startswith("[") and value.endswith("]"))
    return bool(value) and "/" not in value and without_port


def _is_module(value: str) -> bool:
    return all(part.isidentifier() for part in value.split("."))


def _url(value: str) -> str:
    parts = urlsplit(value)
    if value and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    ):
        raise ValueError("wants nothing, or an address like https://headrace.example.org")
    return value.rstrip("/")


def _store_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (
        parts.scheme not in {"s3", "gs", "az"}
        or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{2,}", parts.netloc)
        or parts.query
        or parts.fragment
    ):
        raise ValueError(
            "wants nothing, or s3://bucket/prefix, gs://bucket/prefix or az://container/prefix; "
            "credentials stand in the store's own variables"
        )
    return value.rstrip("/")


def _database(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in DATABASE_SCHEMES or not parts.path.strip("/")):
        raise ValueError("wants nothing, or an address like postgresql+asyncpg://user@host/name")
    return value


def _mock(value: Any) -> Any:
    wanted = f"a JSON object with numbers from 0 for any of {', '.join(LLM_MOCK_KEYS)}"
    read = _json(value, dict, wanted)
    for key, number in read.items():
        if key not in LLM_MOCK_KEYS:
            raise ValueError(f"wants {wanted}; {key!r} is none of them")
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
            raise ValueError(f"wants {wanted}; {key} is {number!r}")
    return read


DatabaseUrl = Annotated[str, AfterValidator(_database)]
Url = Annotated[str, AfterValidator(_url)]
StoreUrl = Annotated[str, AfterValidator(_store_url)]
Origins = Annotated[
    tuple[str, ...],
    _list_like('["http://localhost:5173"]'),
    _each(_is_origin, "origins such as http://localhost:5173, without a path"),
]
UrlPaths = Annotated[
    tuple[str, ...],
    _list_like('["/health"]'),
    _each(lambda path: path.startswith("/"), 'paths that begin with "/"'),
]
Networks = Annotated[
    tuple[str, ...],
    _list_like('["10.0.0.0/8"]'),
    _each(_is_network, "addresses or networks such as 10.0.0.0/8"),
]
Hosts = Annotated[
    tuple[str, ...],
    _list_like('["localhost", "[::1]"]'),
    _each(_is_host, "host names without a port"),
]
Modules = Annotated[
    tuple[str, ...],
    _list_like('["mycompany.blocks"]'),
    _each(_is_module, "module names such as mycompany.blocks"),
]
Secrets = Annotated[
    tuple[str, ...], _list_like('["last-years-key"]'), _each(bool, "keys of one character or more")
]
Paths = Annotated[tuple[Path, ...], _list_like('["./data", "/srv/shared"]')]
Misbehaviour = Annotated[dict[str, int | float], BeforeValidator(_mock)]
DatabaseFile = Annotated[Path, AfterValidator(beside_the_real_one)]
