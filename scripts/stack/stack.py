"""The stack as one object: engines, API replicas, workers, and nginx before them."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scripts.stack import front
from scripts.stack.children import Child
from scripts.stack.compose import service
from scripts.stack.engines import Engines, engines
from tests.system.ports import free_port

PATIENCE_SECONDS: Final = 120


class NotUp(Exception):
    """Something did not come up; the message names its log."""


@dataclass(frozen=True)
class Stack:
    """Everything that runs. `url` is where people go: nginx, or where there is none, a replica."""

    url: str
    engines: Engines
    replicas: tuple[Child, ...]
    replica_urls: tuple[str, ...]
    workers: tuple[Child, ...]
    has_front: bool


@contextmanager
def running(
    folder: Path,
    *,
    ui: int | None = None,
    api: int | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Stack]:
    """Brings everything up, and down again in the other order.

    Args:
        folder: for logs and data; kept or removed by the caller.
        settings: of the APIs and workers, over those of Compose's file.
        ui: the port of the pages, by default a free one.
        api: the port of the API, by default a free one.

    Raises:
        NotUp: something did not come up.
        NoPostgres, NoBroker: an engine is not on this machine.
    """
    with ExitStack() as exits:
        found = exits.enter_context(engines(folder))
        (folder / "data").mkdir()
        ports = [free_port() for _ in range(service("api", {}).replicas)]
        replicas = [
            _api(folder, found, {**settings, "PORT": str(port)}, number)
            for number, port in enumerate(ports, 1)
        ]
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        for child in replicas:
            child.start()
            exits.callback(child.stop)
        for child, url in zip(replicas, urls, strict=True):
            until_ready(url, child)
        workers = _workers(folder, found, settings)
        for child in workers:
            child.start()
            exits.callback(child.stop)
        url, has_front = urls[0], False
        try:
            ui, api = ui or free_port(), api or free_port()
            nginx = front.start(folder, ui=ui, api=api, replicas=ports)
            exits.callback(nginx.wait)
            exits.callback(nginx.terminate)
            url, has_front = f"http://127.0.0.1:{ui}", True
            until_ready(url, None)
        except front.NoNginx:
            pass
        yield Stack(url, found, tuple(replicas), tuple(urls), tuple(workers), has_front)


def until_ready(url: str, child: Child | None) -> None:
    """Returns when `/ready` answers 200; raises NotUp."""
    end = time.monotonic() + PATIENCE_SECONDS
    said = ""
    while time.monotonic() < end and (child is None or child.runs):
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError) as error:
            said = str(error)
            time.sleep(0.1)
    where = f"; see {child.log}" if child else ""
    raise NotUp(f"{url} is not ready: {said}{where}")


def _api(folder: Path, found: Engines, settings: Mapping[str, str], number: int) -> Child:
    wanted = service("api", found.variables)
    own = {**_here(folder), **settings}
    return Child(f"api-{number}", wanted.command, {**wanted.environment, **own}, folder)


def _workers(folder: Path, found: Engines, settings: Mapping[str, str]) -> list[Child]:
    wanted = service("worker", found.variables)
    own = {**wanted.environment, **_here(folder), **settings}
    return [
        Child(f"worker-{number}", wanted.command, own, folder)
        for number in range(1, wanted.replicas + 1)
    ]


def _here(folder: Path) -> dict[str, str]:
    """What differs from a container: loopback only, and a folder of this machine."""
    return {
        "HOST": "127.0.0.1",
        "TRUSTED_PROXIES": '["127.0.0.1/32"]',
        "ALLOWED_HOSTS": "",
        "DATA_DIR": str(folder / "data"),
        "ARTIFACTS_DIR": str(folder / "data" / "artifacts"),
    }
