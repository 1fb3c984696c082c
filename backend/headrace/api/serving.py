"""How uvicorn serves the application: what the defaults of a general server get wrong for it."""

import uvicorn
from starlette.applications import Starlette

from headrace.api.frames import MAX_FRAME_CHARACTERS

SHUTDOWN_SECONDS = 5
KEEP_ALIVE_SECONDS = 65


def server_config(app: Starlette, *, host: str, port: int) -> uvicorn.Config:
    """The configuration of a server for `app`; port 0 takes one that is free."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on",
        log_config=None,
        # Ours has no query strings in it.
        access_log=False,
        server_header=False,
        # The application itself looks through the proxies that TRUSTED_PROXIES names.
        proxy_headers=False,
        ws_max_size=MAX_FRAME_CHARACTERS,
        # A window per socket costs more memory than everything else of an idle subscription.
        ws_per_message_deflate=False,
        # Longer than the proxies in front keep theirs, so that they never meet a closed connection.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        # Streams have no end of their own; without a bound a shutdown would wait for them.
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
