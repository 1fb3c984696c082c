"""Reading one mapping of a document key by key.

Invariant: every fault is noted and reading goes on; a reading method gives None (or what stands
for it) where there is nothing usable. Null means left out, as it does for optional GraphQL input.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeGuard, TypeVar

from headrace.domain.json import JSONValue, show
from headrace.domain.names import mended
from headrace.domain.nodes import Path
from headrace.domain.notes import Notes
from headrace.domain.problems import ProblemCode
from headrace.domain.suggestions import Suggester

E = TypeVar("E", bound=StrEnum)

# What people write when they mean one of our keys, and spelling alone would not tell.
_ALIASES = {
    "id": "name",
    "kind": "type",
    "source": "from",
    "target": "to",
    "alias": "as",
    "steps": "blocks",
    "nodes": "blocks",
    "tasks": "blocks",
    "parameters": "params",
    "retries": "retry",
    "with": "config",
    "trigger_rule": "when",
    "enum": "choices",
}
_YAML_1_1 = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}


class Fields:
    """The keys of the mapping at `path`; `what` names it in messages ('Block "csv"')."""

    def __init__(
        self, notes: Notes, suggester: Suggester, path: Path, value: JSONValue, what: str
    ) -> None:
        self._notes = notes
        self._suggester = suggester
        self.path = path
        self.what = what
        self._value: Mapping[str, JSONValue] = value if isinstance(value, dict) else {}
        self._known: list[str] = []
        self.usable = isinstance(value, dict)
        if not self.usable:
            self._wrong("should be a mapping", value)

    def inner(self, key: str) -> "Fields":
        """The mapping at a key; an empty one if nothing is there."""
        value = self.get(key)
        what = f"{self.what}: {key}"
        empty: JSONValue = {}
        return Fields(
            self._notes, self._suggester, (*self.path, key), empty if value is None else value, what
        )

    def get(self, key: str, *, required: bool = False) -> JSONValue:
        """The value of a key as it is, None if there is none."""
        self._known.append(key)
        value = self._value.get(key)
        if value is None and required and self.usable:
            if key in self._value:
                self.note(ProblemCode.WRONG_TYPE, f"`{key}` is empty", key)
            else:
                self.note(ProblemCode.MISSING_KEY, f"the key `{key}` is missing")
        return value

    def has(self, key: str) -> bool:
        return key in self._value

    def text(self, key: str, *, required: bool = False) -> str | None:
        value = self.get(key, required=required)
        if value == "" and required:
            self.note(ProblemCode.WRONG_TYPE, f"`{key}` is empty", key)
        if value is None or isinstance(value, str):
            return value
        hint = f'; write it in quotes: "{show(value)}"' if isinstance(value, int | float) else ""
        self._wrong(f"should be text{hint}", value, key)
        return None

    def boolean(self, key: str) -> bool | None:
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return value
        meant = _YAML_1_1.get(value.casefold()) if isinstance(value, str) else None
        self._wrong("should be true or false", value, key, suggestion=meant)
        return None

    def number(
        self, key: str, low: float = -math.inf, high: float = math.inf, *, above: bool = False
    ) -> float | None:
        """A number from `low` (or above it) to `high`."""
        value = self.get(key)
        if value is None:
            return None
        if _is_number(value) and low <= value <= high and not (above and value == low):
            return float(value)
        reach = ""
        if math.isfinite(high):
            start = f"above {low:,.12g} and at most" if above else f"from {low:,.12g} to"
            reach = f" {start} {high:,.12g}"
        self._wrong(f"should be a number{reach}", value, key)
        return None

    def whole(self, key: str, low: int, high: int) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if _is_number(value) and low <= value <= high and value == int(value):
            return int(value)
        self._wrong(f"should be a whole number from {low} to {high}", value, key)
        return None

    def word(self, key: str, words: type[E], *, required: bool = False) -> E | None:
        """A member of an enum, in lower case as documents write it (or as GraphQL does)."""
        value = self.get(key, required=required)
        if value is None:
            return None
        by_name = {member.value.lower(): member for member in words}
        if isinstance(value, str) and value.lower() in by_name:
            return by_name[value.lower()]
        names = list(by_name)
        meant = self._suggester.nearest(value, names) if isinstance(value, str) else None
        self._wrong(f"should be one of {', '.join(names)}", value, key, suggestion=meant)
        return None

    def listing(self, key: str, *, required: bool = False) -> Sequence[JSONValue]:
        value = self.get(key, required=required)
        if isinstance(value, list):
            return value
        if value is not None:
            self._wrong("should be a list (of items that begin with `- `)", value, key)
        return ()

    def mapping(self, key: str) -> dict[str, JSONValue]:
        value = self.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self._wrong("should be a mapping", value, key)
        return {}

    def name(self, key: str, fault: Callable[[str], str | None]) -> str:
        """A required name; "" where there is none that can be used."""
        value = self.text(key, required=True)
        if value:
            self.check_name(key, value, fault)
        return value or ""

    def check_name(self, key: str, value: str, fault: Callable[[str], str | None]) -> None:
        wrong = fault(value)
        if wrong is not None:
            message = f"{show(value)} cannot be a name: {wrong}"
            self.note(ProblemCode.INVALID_NAME, message, key, suggestion=_mended(value, fault))

    def close(self) -> None:
        """Notes every key that was not read."""
        for key in self._value:
            if key not in self._known:
                meant = _ALIASES.get(key)
                if meant not in self._known:
                    meant = self._suggester.nearest(key, self._known)
                message = f"there is no key {show(key)}"
                hint = f"; did you mean `{meant}`?" if meant else _listed(self._known)
                self.note(
                    ProblemCode.UNKNOWN_KEY, message + hint, key, at_key=True, suggestion=meant
                )

    def note(
        self,
        code: ProblemCode,
        message: str,
        *steps: str,
        at_key: bool = False,
        suggestion: str | None = None,
        blocks: tuple[str, ...] = (),
    ) -> None:
        """Notes a problem of this mapping, or of what `steps` lead to from it."""
        self._notes.add(
            code,
            f"{self.what}: {message}",
            (*self.path, *steps),
            at_key=at_key,
            suggestion=suggestion,
            blocks=blocks,
        )

    def _wrong(
        self, should: str, value: JSONValue, *steps: str, suggestion: str | None = None
    ) -> None:
        subject = f"`{steps[-1]}` " if steps else "this "
        hint = f"; write {suggestion}" if suggestion else ""
        message = f"{subject}{should}, but is {show(value)}{hint}"
        self.note(ProblemCode.WRONG_TYPE, message, *steps, suggestion=suggestion)


def _is_number(value: JSONValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(keys: Sequence[str]) -> str:
    return f"; there are {', '.join(keys)}"


def _mended(value: str, fault: Callable[[str], str | None]) -> str | None:
    near = mended(value)
    return near if near is not None and fault(near) is None else None
