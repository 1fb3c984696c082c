"""DuckDB for blocks: a database in memory that reaches nothing but what it is given.

Invariants: a query opens no file and no connection, loads no extension and changes no setting,
whatever it says; it holds at most so much memory, and what is over that lies in a folder that goes
when it ends; it ends when the run is cancelled. DuckDB is imported here, when a block runs.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from string import whitespace
from typing import TYPE_CHECKING, Final

from headrace.artifacts.local_content import LocalContent
from headrace.blocks import Context

if TYPE_CHECKING:
    from arro3.core import RecordBatchReader
    from duckdb import DuckDBPyConnection

Scalar = bool | int | float | str | None
"""What a `$name` in a text may stand for."""

MEMORY_MB: Final = 512
_CHECK_SECONDS: Final = 0.1
_SETTINGS: Final = (
    "python_enable_replacements = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    "allow_persistent_secrets = false",
    # These two last: nothing can be set after them.
    "enable_external_access = false",
    "lock_configuration = true",
)


@contextmanager
def database(ctx: Context, *, threads: int) -> "Iterator[DuckDBPyConnection]":
    """An empty database of one attempt."""
    import duckdb

    with LocalContent(ctx.environment.artifacts_dir).temporary_folder() as folder:
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "async_threads": 1,
                "memory_limit": f"{MEMORY_MB}MB",
                "temp_directory": str(folder),
            },
        )
        for setting in _SETTINGS:
            connection.execute(f"SET {setting}")
        with closing(connection), _interrupted_when_cancelled(ctx, connection):
            yield connection


def result_of(
    connection: "DuckDBPyConnection", query: str, values: Mapping[str, Scalar]
) -> "RecordBatchReader":
    """The result, made as it is read. Errors count the query's lines from 2."""
    from arro3.core import RecordBatchReader

    within = f"(\n{query.rstrip(';' + whitespace)}\n)"
    # Asked this way first, since the way that streams leaves the places out of errors.
    connection.execute(f"EXPLAIN FROM {within}", dict(values)).fetchall()
    return RecordBatchReader.from_arrow(connection.sql(within, params=dict(values)))


@contextmanager
def _interrupted_when_cancelled(ctx: Context, connection: "DuckDBPyConnection") -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_CHECK_SECONDS):
            if ctx.cancelled:
                connection.interrupt()

    # The block's own thread is inside DuckDB and cannot look.
    watcher = threading.Thread(target=watch, name="headrace-duckdb-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
