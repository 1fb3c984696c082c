"""What clients say to start a run, and the checks that GraphQL's types do not make."""

import json
from collections.abc import Mapping
from typing import Any, Final

import strawberry
from strawberry import UNSET

from headrace.api.graphql.described import input_type
from headrace.api.graphql.enums import RunTrigger
from headrace.api.graphql.run_inputs import (
    KEY_WORDS,
    LabelInput,
    bad_input,
    given,
    labels_of,
)
from headrace.api.graphql.scalars import JSON, BigInt
from headrace.domain.grants import Grants
from headrace.services.runs import StartRun

MAX_PARAMS_BYTES: Final = 256 * 1024
MAX_PRIORITY: Final = 100
MAX_TIMEOUT_SECONDS: Final = 10 * 365 * 86_400


@input_type
class BudgetInput:
    """What a run may spend on language models."""

    cost_usd: float | None = strawberry.field(
        default=UNSET, description="At most so many US dollars."
    )
    tokens: BigInt | None = strawberry.field(default=UNSET, description="At most so many tokens.")


@input_type
class StartRunInput:
    """A run to be started."""

    pipeline: str = strawberry.field(description="The pipeline's name.")
    version: int | None = strawberry.field(
        default=UNSET, description="The version's number; default the latest."
    )
    params: JSON | None = strawberry.field(
        default=UNSET, description="An object: values for params by name, at most 256 KiB."
    )
    priority: int | None = strawberry.field(default=0, description="-100..100; higher goes first.")
    labels: list[LabelInput] | None = strawberry.field(
        default=UNSET, description="At most 32, each key once."
    )
    timeout_seconds: float | None = strawberry.field(
        default=UNSET, description="The run fails when it runs longer; default no limit."
    )
    budget: BudgetInput | None = strawberry.field(
        default=UNSET, description="Not supported yet: refused with BAD_USER_INPUT."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY_WORDS)


def start_of(asked: StartRunInput, *, trigger: RunTrigger, grants: Grants | None) -> StartRun:
    """What the service is asked for. Raises ApiError BAD_USER_INPUT."""
    if given(asked.budget) is not None:
        raise bad_input("budget", "is not supported yet; leave it out")
    timeout = given(asked.timeout_seconds)
    if timeout is not None and not 0 < timeout <= MAX_TIMEOUT_SECONDS:
        raise bad_input("timeoutSeconds", f"must be above 0 and at most {MAX_TIMEOUT_SECONDS}")
    return StartRun(
        pipeline=asked.pipeline,
        version=given(asked.version),
        params=params_of(given(asked.params)),
        priority=priority_of(asked.priority),
        labels=labels_of(given(asked.labels) or (), "labels"),
        timeout_seconds=timeout,
        trigger=trigger,
        grants=grants,
    )


def priority_of(value: int | None) -> int:
    """A priority that a run may have. Raises ApiError BAD_USER_INPUT."""
    priority = value or 0
    if abs(priority) > MAX_PRIORITY:
        raise bad_input("priority", f"must be from -{MAX_PRIORITY} to {MAX_PRIORITY}")
    return priority


def params_of(value: Any) -> Mapping[str, Any]:
    """Values for params by name. Raises ApiError BAD_USER_INPUT."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_input("params", "must be an object of values by name")
    if len(json.dumps(value, ensure_ascii=False).encode(errors="replace")) > MAX_PARAMS_BYTES:
        raise bad_input("params", f"must be at most {MAX_PARAMS_BYTES:,} bytes of JSON")
    return value
