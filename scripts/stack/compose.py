"""What docker-compose.yml says of our services: the very commands and settings, without Docker."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = ROOT / "docker-compose.yml"
_VARIABLE: Final = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """One service: its command, its settings, and how many there are of it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    replicas: int


def service(name: str, variables: Mapping[str, str]) -> Service:
    """A service of the file; `${NAME:-default}` is filled in from `variables`, as Compose does.

    Raises KeyError for a service that is not there.
    """
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["services"][name]
    environment = {
        key: filled_in(str(value), variables) for key, value in found["environment"].items()
    }
    command = tuple(filled_in(word, variables) for word in found["command"])
    return Service(name, command, environment, found.get("deploy", {}).get("replicas", 1))


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """The text with its variables; one that is empty counts as not given."""
    return _VARIABLE.sub(lambda one: variables.get(one["name"]) or one["default"] or "", text)
