"""Downloads of data sets: GET|HEAD /datasets/download, always signed.

A data set is any file that pipelines can read, and changes behind our back: what is sent is the
file as it is at the moment, whole, and nobody keeps it. It is an attachment, like an artifact, so
that nothing in it runs as a page of ours.
"""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.backend import backend_of
from headrace.api.disposition import OCTETS, attachment
from headrace.api.errors import Code
from headrace.api.file_part import FilePart, open_at, size_of
from headrace.api.http import Endpoint
from headrace.api.responses import refusal
from headrace.api.signatures import signature_of
from headrace.services import datasets

REFUSED: Final = (
    "This needs a signed URL that has not expired: ask the data set for its downloadUrl"
)
ABSENT: Final = "There is no such data set any more"


def dataset_endpoint() -> Endpoint:
    """The endpoint; a plain function, as the others are."""

    async def download(request: Request) -> Response:
        services = backend_of(request).services
        path = request.query_params.get("path", "")
        given = signature_of(request)
        if given is None or not datasets.may_download(
            services,
            path,
            expires=given.expires,
            signature=given.signature,
            method=request.method,
        ):
            return refusal(Code.FORBIDDEN, REFUSED)
        # What may be read is asked anew: a signature says who may ask, not what there is.
        file = await datasets.find_dataset(services, path)
        if file is None:
            return refusal(Code.NOT_FOUND, ABSENT)
        try:
            opened = await asyncio.to_thread(open_at, file.path)
        except OSError:
            return refusal(Code.NOT_FOUND, ABSENT)
        length = size_of(opened)
        headers = {
            "Accept-Ranges": "none",
            "Cache-Control": "private, no-store",
            "Content-Disposition": attachment(file.name),
            "Content-Length": str(length),
            "Content-Security-Policy": "sandbox",
            "Content-Type": file.media_type or OCTETS,
            "X-Content-Type-Options": "nosniff",
        }
        if request.method == "HEAD":
            opened.close()
            return Response(status_code=200, headers=headers)
        return FilePart(opened, length, 200, headers)

    return download
