"""What pipelines, blocks, inputs and params may be called.

Invariant: a name that passed here is safe in a URL's path, a file name and a template.
"""

import re

NAME_PATTERN = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
# No dots: `{{ params.a.b }}` would read like a way into a value, and there is none.
PARAM_PATTERN = "[A-Za-z0-9_][A-Za-z0-9_-]{0,99}"
# Where the UI makes a new one: /pipelines/new.
RESERVED = frozenset({"new"})

_NAME = re.compile(NAME_PATTERN)
_PARAM = re.compile(PARAM_PATTERN)
_REFUSED = re.compile(r"[^A-Za-z0-9_.-]+")


def name_fault(name: str) -> str | None:
    """What is wrong with the name of a pipeline or block, or None."""
    if name in RESERVED:
        return f'"{name}" is reserved: take another name'
    return input_name_fault(name)


def input_name_fault(name: str) -> str | None:
    """What is wrong with the name that a block has for an input, or None."""
    if _NAME.fullmatch(name):
        return None
    return "a name has 1 to 100 characters out of A-Z a-z 0-9 _ . - and does not begin with . or -"


def param_name_fault(name: str) -> str | None:
    """What is wrong with the name of a param, or None."""
    if _PARAM.fullmatch(name):
        return None
    return "a param's name has 1 to 100 characters out of A-Z a-z 0-9 _ - and does not begin with -"


def mended(name: str) -> str | None:
    """A name near to `name` that is allowed, or None when there is none to think of."""
    name = _REFUSED.sub("-", name.strip()).lstrip(".-")[:100].rstrip("-")
    return name if name and name_fault(name) is None else None
