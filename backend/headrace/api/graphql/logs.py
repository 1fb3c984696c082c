"""Log lines of a run, as the API shows them."""

from typing import Annotated, TypeAlias

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.enums import LogLevel, LogStream
from headrace.api.graphql.scalars import Cursor, DateTime
from headrace.live.log_lines import LogPage
from headrace.store.reads.logs import LogRow, log_cursor

LinesOfBlock: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only lines of this block.")
]
LinesOfAttempt: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Only lines of this attempt.")
]
LinesOfLevel: TypeAlias = Annotated[
    LogLevel | None, strawberry.argument(description="Only lines of this level or higher.")
]
LinesWith: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only lines that contain this; letter case aside.")
]
LinesFrom: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Only this line and those after it.")
]
LinesTo: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Only this line and those before it.")
]


@object_type
class LogLine:
    """A line of a run's log."""

    seq: int = strawberry.field(
        description="Counts from 1 within the run, without gaps; a counter of its own."
    )
    timestamp: DateTime = strawberry.field(description="When it was written.")
    level: LogLevel = strawberry.field(description="Its level.")
    stream: LogStream = strawberry.field(description="Where it came from.")
    block: str | None = strawberry.field(description="The block that wrote it.")
    attempt: int | None = strawberry.field(description="The attempt that wrote it.")
    message: str = strawberry.field(description="The line.")
    omitted: int = strawberry.field(
        description="More than 0 on a line of record that stands in place of so many lines over "
        "the cap."
    )

    @classmethod
    def of(cls, row: LogRow) -> "LogLine":
        return cls(
            seq=row.seq,
            timestamp=DateTime(row.at),
            level=LogLevel(row.level),
            stream=LogStream(row.stream),
            block=row.block,
            attempt=row.attempt,
            message=row.message,
            omitted=row.omitted,
        )


@object_type
class LogBatch:
    """Lines of a run's log, by seq."""

    lines: list[LogLine] = strawberry.field(description="The lines, by seq.")
    cursor: Cursor = strawberry.field(description="The place after the lines.")

    @classmethod
    def of(cls, run_id: str, page: LogPage) -> "LogBatch":
        return cls(
            lines=[LogLine.of(line) for line in page.lines],
            cursor=Cursor(log_cursor(run_id, page.last_seq)),
        )
