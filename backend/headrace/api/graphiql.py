"""GraphiQL at /graphiql/, from files of our own: it asks no other host for anything.

Its files need no key; what is typed into it goes to /graphql, whose doors it meets like anyone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from headrace.api.static import GUARDED, PAGE, BuiltFiles

FOLDER: Final = Path(__file__).resolve().parent.parent / "web" / "graphiql"
NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>GraphiQL is not here</title></head>
<body><h1>GraphiQL is not in this installation</h1>
<p>Its files were not built. In a source tree, with Node 20 or newer:</p>
<pre>make web</pre>
<p>The API itself is up, at <code>/graphql</code>.</p></body></html>
"""


def graphiql_routes(folder: Path = FOLDER) -> Sequence[BaseRoute]:
    """The routes of the page and its files."""
    files = BuiltFiles(folder)

    async def page(request: Request) -> Response:
        if files.has_page:
            return await files.response(request, PAGE)
        return Response(NOT_BUILT, 404, {**GUARDED, "Content-Type": "text/html; charset=utf-8"})

    async def file(request: Request) -> Response:
        return await files.response(request, request.path_params["name"])

    async def without_slash(_request: Request) -> Response:
        return RedirectResponse("/graphiql/", status_code=308)

    return [
        Route("/graphiql", without_slash, methods=["GET"]),
        Route("/graphiql/", page, methods=["GET"]),
        Route("/graphiql/{name:path}", file, methods=["GET"]),
    ]
