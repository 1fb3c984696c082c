"""What is wrong with the settings, in words: every fault at once, each with its name."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from headrace.domain.errors import HeadraceError

# In `.env`, which is Headrace's own, a name this close to a setting's is a slip of the pen.
LIKENESS_IN_FILE: Final = 0.8
# The environment is everybody's: only names that are plainly meant for Headrace are judged, and
# more mildly, for a cluster with a service `headrace` sets HEADRACE_PORT in every container.
LIKENESS_IN_ENVIRONMENT: Final = 0.85
OWN_PREFIX: Final = "HEADRACE_"
# A factory that reads another setting cannot run when that one is wrong, and has no fault itself.
FOLLOWS_FROM_ANOTHER: Final = "default_factory_not_called"
LONGEST_ECHO: Final = 60
# By pydantic's types of error; the words in braces are its context.
IN_WORDS: Final = {
    "bool_parsing": "wants true or false",
    "bool_type": "wants true or false",
    "finite_number": "wants a number",
    "float_parsing": "wants a number",
    "float_type": "wants a number",
    "greater_than": "wants a number above {gt:g}",
    "greater_than_equal": "wants a number from {ge:g}",
    "int_from_float": "wants a whole number",
    "int_parsing": "wants a whole number",
    "int_type": "wants a whole number",
    "less_than_equal": "wants a number up to {le:g}",
    "literal_error": "wants {expected}",
    "value_error": "{error}",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One setting that cannot be used: its name as in the environment, and what it wants."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class SettingsInvalid(HeadraceError):
    """The settings cannot be used as they are; `faults` has every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("the settings cannot be used:\n  " + "\n  ".join(map(str, self.faults)))


def from_validation(error: ValidationError, secret: Collection[str]) -> list[Fault]:
    """The faults in a validation error, one for each name, without the values of secret ones."""
    found: dict[str, Fault] = {}
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]).upper() if detail["loc"] else "settings"
        if detail["type"] != FOLLOWS_FROM_ANOTHER and name not in found:
            shown = "" if name.lower() in secret else _echo(detail["input"])
            found[name] = Fault(name=name, message=_wanted(detail) + shown)
    return list(found.values())


def misspelt(names: Iterable[str], known: Collection[str], *, in_file: bool) -> list[Fault]:
    """A fault for each unknown name that is nearly a setting's.

    Args:
        names: as they stand in `.env` (`in_file`) or in the environment.
        known: every setting's name, in capitals.
        in_file: whether any name may be judged, or only those that begin with HEADRACE_.
    """
    faults = []
    cutoff = LIKENESS_IN_FILE if in_file else LIKENESS_IN_ENVIRONMENT
    for name in names:
        upper = name.upper()
        if upper in known or not (in_file or upper.startswith(OWN_PREFIX)):
            continue
        near = difflib.get_close_matches(upper, known, n=1, cutoff=cutoff)
        if near:
            faults.append(
                Fault(name=name, message=f"there is no such setting; did you mean {near[0]}?")
            )
    return faults


def _wanted(detail: Mapping[str, Any]) -> str:
    words = IN_WORDS.get(detail["type"], "")
    return words.format(**detail.get("ctx", {})) or str(detail["msg"])


def _echo(value: Any) -> str:
    text = repr(value)
    return f" (it is {text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + '…'})"
