"""nginx before the API replicas, with the very configuration of the image."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scripts.stack.compose import ROOT

CONFIG: Final = ROOT / "deploy" / "nginx" / "headrace.conf"
ASSETS: Final = ROOT / "backend" / "headrace" / "web" / "app"


class NoNginx(Exception):
    """There is none on this machine."""


def start(folder: Path, *, ui: int, api: int, replicas: Sequence[int]) -> "subprocess.Popen[bytes]":
    """Starts it in the foreground; `ui` and `api` are the ports that people use.

    Raises:
        NoNginx: there is none on this machine.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise NoNginx
    file = folder / "nginx.conf"
    file.write_text(config(folder, ui, api, replicas))
    with (folder / "nginx.log").open("ab") as log:
        return subprocess.Popen(
            [program, "-e", str(folder / "nginx.log"), "-c", str(file), "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def config(folder: Path, ui: int, api: int, replicas: Sequence[int]) -> str:
    """The image's file, but for where it listens and lies, inside the least that nginx needs."""
    site = CONFIG.read_text("utf-8")
    site = site.replace("listen 8080;", f"listen 127.0.0.1:{ui};")
    site = site.replace("listen 8000;", f"listen 127.0.0.1:{api};")
    site = site.replace("/usr/share/nginx/html", str(ASSETS))
    servers = "\n".join(f"    server 127.0.0.1:{port};" for port in replicas)
    paths = "\n".join(
        f"{name}_temp_path {folder / name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""\
pid {folder / "nginx.pid"};
user root;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
types {{
    text/html html; text/css css; text/javascript js; image/svg+xml svg; font/woff2 woff2;
}}
access_log off;
{paths}
upstream api {{
{servers}
}}
{site}
}}
"""
