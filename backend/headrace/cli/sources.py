"""What `run`, `import` and `validate` are given: a file's text as the API takes it, and params."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from headrace.cli.errors import CommandFailed
from headrace.domain.definition import Param, ParamType
from headrace.domain.params import parse_text

STDIN: Final = "-"
DOCUMENT_ENDINGS: Final = (".yaml", ".yml", ".json")


def is_file(target: str) -> bool:
    """Whether `target` means a file and no pipeline's name: it is one, or looks like one."""
    return (
        target == STDIN
        or "/" in target
        or target.lower().endswith(DOCUMENT_ENDINGS)
        or Path(target).is_file()
    )


def read_source(file: str) -> dict[str, str]:
    """A `PipelineSource`: YAML or JSON, told apart by the name's ending or the first character.

    Raises:
        CommandFailed: the file cannot be read.
    """
    try:
        text = sys.stdin.read() if file == STDIN else Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file}: this is no UTF-8 text") from error
    except OSError as error:
        raise CommandFailed(f"{file}: {error.strerror or error}") from error
    suffix = Path(file).suffix.lower()
    as_json = suffix == ".json" or (suffix not in DOCUMENT_ENDINGS and text.lstrip()[:1] == "{")
    return {"json" if as_json else "yaml": text}


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """`name=value` texts as a mapping; the last of equal names wins.

    Raises:
        CommandFailed: a text without `=`.
    """
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CommandFailed(f"{option} wants NAME=VALUE, not {text!r}")
        found[name] = value
    return found


def params_of(given: Mapping[str, str], known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Texts as the values that the pipeline's params are of.

    A name that it does not know, and a text that is no such value, stay as they are: the API says
    what is wrong with them, with everything else that is.

    Args:
        given: from `pairs`.
        known: `{name, type}` of each param.
    """
    types = {param["name"]: ParamType(param["type"]) for param in known}
    return {
        name: parse_text(Param(name=name, type=types[name]), text) if name in types else text
        for name, text in given.items()
    }
