"""What clients say about runs: filters, labels, and the checks that GraphQL's types do not make."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, TypeVar

import strawberry
from strawberry import UNSET

from headrace.api.errors import ApiError, Code
from headrace.api.graphql.described import input_type, named
from headrace.api.graphql.enums import LogLevel, RunStatus
from headrace.api.graphql.scalars import DateTime
from headrace.store.reads.logs import LogFilter
from headrace.store.reads.run_filters import RunFilter

MAX_LABELS: Final = 32
MAX_LABEL_KEY: Final = 63
MAX_LABEL_VALUE: Final = 255
MAX_KEY: Final = 255
KEY_WORDS: Final = f"1..{MAX_KEY} printable characters, kept for 24 hours."
MAX_SEARCH: Final = 1_000

T = TypeVar("T")


@input_type
class LabelInput:
    """A label of a run."""

    key: str = strawberry.field(description="1..63 characters.")
    value: str = strawberry.field(description="At most 255 characters.")


@named("RunFilter")
@input_type
class RunFilterInput:
    """Which runs are meant: every condition that is given must hold."""

    status: list[RunStatus] | None = strawberry.field(
        default=UNSET, description="Their status is one of these."
    )
    pipeline: str | None = strawberry.field(default=UNSET, description="The pipeline's name.")
    labels: list[LabelInput] | None = strawberry.field(
        default=UNSET, description="They carry all of these."
    )
    created_after: DateTime | None = strawberry.field(
        default=UNSET, description="Created at this moment or later."
    )
    created_before: DateTime | None = strawberry.field(
        default=UNSET, description="Created before this moment."
    )
    search: str | None = strawberry.field(
        default=UNSET,
        description="Its id or its pipeline's name contains this, letter case aside.",
    )


RunFilterArg = Annotated[
    RunFilterInput | None,
    strawberry.argument(name="filter", description="Only runs that meet this."),
]


def given(value: T | None) -> T | None:
    """A value that a client may leave out: null and nothing are the same."""
    return None if value is UNSET else value


def run_filter(where: RunFilterInput | None, *, pipeline_id: str | None = None) -> RunFilter:
    """The condition that a client's filter puts. Raises ApiError BAD_USER_INPUT."""
    if where is None or where is UNSET:
        return RunFilter(pipeline_id=pipeline_id)
    status = given(where.status)
    return RunFilter(
        status=None if status is None else frozenset(status),
        pipeline=given(where.pipeline),
        labels=tuple(dict.fromkeys(_pairs(given(where.labels) or (), "filter.labels"))),
        created_after=given(where.created_after),
        created_before=given(where.created_before),
        search=given(where.search),
        pipeline_id=pipeline_id,
    )


def labels_of(labels: Iterable[LabelInput], field: str) -> dict[str, str]:
    """Labels for a run. Raises ApiError BAD_USER_INPUT."""
    pairs = _pairs(list(labels), field)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise bad_input(field, "has one key twice")
    return found


def log_filter(
    *,
    block: str | None,
    attempt: int | None,
    min_level: LogLevel | None,
    search: str | None,
    from_seq: int | None,
    to_seq: int | None,
) -> LogFilter:
    """The condition that the arguments of `logs` put. Raises ApiError BAD_USER_INPUT."""
    search = given(search)
    if search is not None and len(search) > MAX_SEARCH:
        raise bad_input("search", f"must be at most {MAX_SEARCH} characters")
    return LogFilter(
        block=given(block),
        attempt=given(attempt),
        min_level=given(min_level),
        search=search,
        from_seq=given(from_seq),
        to_seq=given(to_seq),
    )


def idempotency_key(key: str | None) -> str | None:
    """A key that may be kept. Raises ApiError BAD_USER_INPUT."""
    key = given(key)
    if key is not None and not (1 <= len(key) <= MAX_KEY and key.isprintable()):
        raise bad_input("idempotencyKey", f"must be 1 to {MAX_KEY} printable characters")
    return key


def bad_input(field: str, fault: str) -> ApiError:
    """The error for an input that names the field at fault."""
    return ApiError(Code.BAD_USER_INPUT, f"`{field}` {fault}", extensions={"field": field})


def _pairs(labels: Sequence[LabelInput], field: str) -> list[tuple[str, str]]:
    if len(labels) > MAX_LABELS:
        raise bad_input(field, f"has {len(labels)} labels; at most {MAX_LABELS} are allowed")
    for label in labels:
        if not 1 <= len(label.key) <= MAX_LABEL_KEY:
            raise bad_input(field, f"has a key that is not of 1 to {MAX_LABEL_KEY} characters")
        if len(label.value) > MAX_LABEL_VALUE:
            raise bad_input(field, f"has a value of more than {MAX_LABEL_VALUE} characters")
    return [(label.key, label.value) for label in labels]
