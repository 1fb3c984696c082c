"""The web interface: one page for every address that a browser is sent to, and its files.

These routes come last and take only what is left: a path of the API stays the API's even where it
leads to nothing, and a file that is not there is 404, never the page, so that an old tab whose
files are gone fails at once and in the open. Neither needs a key: what the page asks meets the
doors of the API.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from headrace.api.errors import Code
from headrace.api.responses import refusal
from headrace.api.static import ASSETS, GUARDED, PAGE, BuiltFiles, guarded

FOLDER: Final = Path(__file__).resolve().parent.parent / "web" / "app"
# Paths of the API begin with one of these.
OF_THE_API: Final = frozenset({"graphql", "graphiql", "artifacts", "health", "ready", "metrics"})
NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Headrace</title></head>
<body><h1>The web interface is not in this installation</h1>
<p>Its files were not built. In a source tree, with Node 20.19 or newer:</p>
<pre>make web</pre>
<p>The API itself is up, at <code>/graphql</code>.</p></body></html>
"""
_API_BASE: Final = re.compile(r'<meta name="headrace-api-base" content="([^"]*)"')
_HTML: Final = "text/html; charset=utf-8"


class _WhatIsLeft(Route):
    """A route that other methods than its own do not even match: they stay the 404 they were."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return (match, child) if match is Match.FULL else (Match.NONE, {})


def page_routes(folder: Path = FOLDER, *, store: str = "") -> Sequence[BaseRoute]:
    """The routes of the web interface; they belong behind all others.

    `store` is the object store's address where signed URLs lead on to it.
    """
    elsewhere = _api_elsewhere(folder / PAGE)
    files = BuiltFiles(folder, guarded(elsewhere, pictures=_origin(store)))

    async def page_or_file(request: Request) -> Response:
        path: str = request.path_params["path"]
        if path in files and path != PAGE:
            return await files.response(request, path)
        if not _is_navigation(request, path):
            return refusal(Code.NOT_FOUND, "There is nothing here")
        if not files.has_page:
            return Response(NOT_BUILT, 404, {**GUARDED, "Content-Type": _HTML})
        response = await files.response(request, PAGE)
        response.headers.add_vary_header("Accept")
        return response

    return [_WhatIsLeft("/{path:path}", page_or_file, methods=["GET"])]


def _is_navigation(request: Request, path: str) -> bool:
    """Whether a browser was sent here by its reader, rather than by a page for a file."""
    if path.startswith(ASSETS) or path.partition("/")[0] in OF_THE_API:
        return False
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(entry.partition(";")[0].strip() == "text/html" for entry in accepted)


def _api_elsewhere(page: Path) -> str:
    """The origin of the API that the page was built for; empty where it is this server."""
    if not page.is_file():
        return ""
    named = _API_BASE.search(page.read_text("utf-8"))
    return _origin(named.group(1)) if named else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
