"""Files that were built with Headrace: a page and its assets, from one folder of the package.

What is served is what stood in the folder when the application was made: a request names one of
these files or nothing, so no path leads anywhere else. Assets carry the digest of their content in
their name and may be kept for ever; the page that names them may not.
"""

import asyncio
import gzip
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.errors import Code
from headrace.api.responses import refusal

POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
GUARDED: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASKED_ANEW: Final = "no-cache"
ASSETS: Final = "assets/"
PAGE: Final = "index.html"
_PACKED: Final = frozenset({".js", ".css", ".html", ".svg", ".md", ".ttf", ".json"})
# What machines say of a type differs; a module script with a wrong one does not run.
_TYPES: Final[Mapping[str, str]] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def guarded(api: str = "", pictures: str = "") -> Mapping[str, str]:
    """The headers of a page, which may call the API at that origin besides its own, and show
    pictures that its links lead on to.
    """
    policy = POLICY
    if api:
        # An http origin in a policy covers its websockets only for the page's own.
        sources = f"connect-src 'self' {api} {api.replace('http', 'ws', 1)}"
        policy = policy.replace("connect-src 'self'", sources)
    if pictures:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {pictures}")
    return {**GUARDED, "Content-Security-Policy": policy}


class BuiltFiles:
    """The files under a folder, by their path in it; none if there is no such folder."""

    def __init__(self, folder: Path, headers: Mapping[str, str] = GUARDED) -> None:
        self._headers = headers
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self._packed: dict[str, bytes] = {}

    @property
    def has_page(self) -> bool:
        """Whether it was built at all."""
        return PAGE in self._files

    def __contains__(self, name: str) -> bool:
        return name in self._files

    async def response(self, request: Request, name: str) -> Response:
        """The file with this name, or 404."""
        path = self._files.get(name)
        if path is None:
            return refusal(Code.NOT_FOUND, "There is no such file")
        headers = {
            **self._headers,
            "Content-Type": _type_of(path),
            "Cache-Control": FOR_EVER if name.startswith(ASSETS) else ASKED_ANEW,
        }
        if path.suffix not in _PACKED:
            return Response(await asyncio.to_thread(path.read_bytes), headers=headers)
        headers["Vary"] = "Accept-Encoding"
        if not _takes_gzip(request.headers.get("accept-encoding", "")):
            return Response(await asyncio.to_thread(path.read_bytes), headers=headers)
        if name not in self._packed:
            # Packed once: the largest takes a tenth of a second.
            self._packed[name] = await asyncio.to_thread(_pack, path)
        return Response(self._packed[name], headers={**headers, "Content-Encoding": "gzip"})


def _pack(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _takes_gzip(accepted: str) -> bool:
    for entry in accepted.lower().split(","):
        coding, _, quality = entry.replace(" ", "").partition(";q=")
        if coding in {"gzip", "*"}:
            return quality not in {"0", "0.0", "0.00", "0.000"}
    return False


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix)
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
