"""What a definition is made of: params, blocks and edges, as values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from headrace.domain.json import JSONValue
from headrace.domain.lifecycle import TriggerRule
from headrace.domain.partitions import Split


class ParamType(StrEnum):
    """The types of params. Documents write them in lower case."""

    STRING = "STRING"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATETIME = "DATETIME"  # text: an RFC 3339 date and time with its offset
    PATH = "PATH"  # text: where it may lead is checked when it is used
    JSON = "JSON"


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often a block is tried in all, and how long it waits in between (in seconds)."""

    max_attempts: int = 1
    delay_seconds: float = 1.0
    backoff: float = 2.0
    max_delay_seconds: float = 60.0

    def delay_after(self, failures: int, jitter: float) -> float:
        """Seconds to wait after the `failures`-th failure (from 1).

        It grows by `backoff` each time up to `max_delay_seconds`, and `jitter` (0 ≤ jitter < 1,
        a random number of the caller's) takes up to half of it away, so that blocks that failed
        together do not come back together.
        """
        try:
            growth = self.backoff ** max(0, failures - 1)
        except OverflowError:
            growth = float("inf")
        delay = self.delay_seconds * growth if self.delay_seconds else 0.0
        return min(self.max_delay_seconds, delay) * (1 - jitter / 2)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One step. `timeout_seconds` None: the setting BLOCK_TIMEOUT_SECONDS decides."""

    name: str
    type: str
    config: Mapping[str, JSONValue] = field(default_factory=dict)
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float | None = None
    when: TriggerRule = TriggerRule.ALL_SUCCEEDED
    cache: bool = False
    partitions: int | None = None
    rows_per_partition: int | None = None

    @property
    def split(self) -> Split | None:
        """How its input is split; None for a block that takes it whole."""
        if self.partitions is None and self.rows_per_partition is None:
            return None
        return Split(partitions=self.partitions, rows_per_partition=self.rows_per_partition)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """`target` waits on `source` and sees its data set under `input_name`."""

    source: str
    target: str
    alias: str | None = None

    @property
    def input_name(self) -> str:
        return self.alias or self.source


@dataclass(frozen=True, kw_only=True)
class Param:
    """A value that a run is given.

    A param with a default is not required; one without is, unless the document says
    `required: false`: then its value is null where none is given. `required` and a default
    together contradict each other and are refused, so `required` never is true beside one.
    `minimum` and `maximum` (both included) are for INTEGER and NUMBER.
    """

    name: str
    type: ParamType
    default: JSONValue = None
    has_default: bool = False
    required: bool = True
    description: str | None = None
    choices: tuple[JSONValue, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
