"""Expected outcomes that several use cases share, as values: a caller must look at them."""

from dataclasses import dataclass

from headrace.domain.problems import Problem


@dataclass(frozen=True)
class IdempotencyConflict:
    """The idempotency key was used with another input before."""

    message: str


@dataclass(frozen=True)
class OutOfRange:
    """A number is outside its bounds, both inclusive."""

    field: str
    min: int
    max: int


@dataclass(frozen=True)
class Invalid:
    """A document, or what was given for its params, has these problems: all of them."""

    problems: tuple[Problem, ...]
