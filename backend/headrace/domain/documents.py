"""Documents in and out: YAML, JSON and plain mappings to one shape, definitions back to text.

Invariant: what `dump` writes parses to the same digest. A document that parses is bounded in size,
depth, blocks, edges and params, holds JSON values only, and is not yet checked for its meaning
(`validation.check` does that).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from headrace.domain import nodes
from headrace.domain.definition import Definition, to_document
from headrace.domain.json import JSONValue, show
from headrace.domain.json_reader import read_json
from headrace.domain.mapping_reader import read_mapping
from headrace.domain.nodes import MAX_BYTES, Path, Positions, Unreadable
from headrace.domain.problems import Problem, ProblemCode

MAX_BLOCKS = 2_000
MAX_EDGES = 10_000
MAX_PARAMS = 200
INSTRUCTION = "replace_if_exists"
Format = Literal["JSON", "YAML"]


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A document as it was read; `document` is None when it could not be.

    `broken` holds the paths of values that could not be read and whose problem is told already.
    `replace_if_exists` is what the document says about it; it is no part of `document`.
    """

    document: dict[str, JSONValue] | None
    positions: Positions = field(default_factory=Positions)
    problems: tuple[Problem, ...] = ()
    broken: frozenset[Path] = frozenset()
    replace_if_exists: bool | None = None


def parse_yaml(text: str) -> Parsed:
    """Reads a YAML document (1.2's core schema; no tags, one document). Never raises."""
    return _parsed_text(text, ProblemCode.YAML_SYNTAX)


def parse_json(text: str) -> Parsed:
    """Reads a JSON document. Never raises."""
    return _parsed_text(text, ProblemCode.JSON_SYNTAX)


def parse_mapping(value: Mapping[str, Any]) -> Parsed:
    """Takes a document that is a mapping already (snake_case keys). Never raises."""
    try:
        return _finished(read_mapping(value), ProblemCode.WRONG_TYPE, in_text=False)
    except Unreadable as error:
        return Parsed(document=None, problems=(error.problem,))


def dump(definition: Definition, format: Format) -> str:
    """The text of a definition, fit to be read by people; ends with a line break."""
    document = to_document(definition)
    if format == "YAML":
        from headrace.domain.yaml_writer import write_yaml

        return write_yaml(document)
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _parsed_text(text: str, syntax: ProblemCode) -> Parsed:
    text = text.removeprefix("\ufeff")
    try:
        size = len(text.encode(errors="replace"))
        if size > MAX_BYTES:
            message = f"The document has {size:,} bytes; at most {MAX_BYTES:,} are read"
            raise nodes.too_large(message)
        root = _read_yaml(text) if syntax is ProblemCode.YAML_SYNTAX else read_json(text)
        return _finished(root or nodes.Scalar(1, 1, None), syntax, in_text=True)
    except Unreadable as error:
        return Parsed(document=None, problems=(error.problem,))


def _read_yaml(text: str) -> nodes.Node | None:
    from headrace.domain.yaml_reader import read_yaml  # the parser comes with the first text

    return read_yaml(text)


def _finished(root: nodes.Node, syntax: ProblemCode, *, in_text: bool) -> Parsed:
    built = nodes.build(root, in_text=in_text, syntax=syntax)
    positions = Positions(root, in_text=in_text)
    problems = list(built.problems)
    document = built.value if isinstance(built.value, dict) else None
    if document is None and not problems:
        what = "is empty" if built.value is None else f"is {show(built.value)}"
        message = f"The document {what}; it should be a mapping with the keys name and blocks"
        problems.append(_problem(ProblemCode.WRONG_TYPE, message, positions))
    if document is not None:
        over = _over_bounds(document, positions)
        problems += over
        replace = _instruction(document, positions, problems, built.broken)
        if not over:
            return Parsed(
                document=document,
                positions=positions,
                problems=tuple(problems),
                broken=built.broken,
                replace_if_exists=replace,
            )
    return Parsed(document=None, positions=positions, problems=tuple(problems))


def _over_bounds(document: Mapping[str, JSONValue], positions: Positions) -> list[Problem]:
    problems = []
    for key, limit in (("params", MAX_PARAMS), ("blocks", MAX_BLOCKS), ("edges", MAX_EDGES)):
        value = document.get(key)
        if isinstance(value, list) and len(value) > limit:
            message = f"The pipeline has {len(value):,} {key}; at most {limit:,} are allowed"
            problems.append(_problem(ProblemCode.TOO_LARGE, message, positions, key))
    return problems


def _instruction(
    document: dict[str, JSONValue],
    positions: Positions,
    problems: list[Problem],
    broken: frozenset[Path],
) -> bool | None:
    """Takes `replace_if_exists` out of the document."""
    value = document.pop(INSTRUCTION, None)
    if value is None or isinstance(value, bool):
        return value
    if (INSTRUCTION,) not in broken:
        message = f"{INSTRUCTION} should be true or false, not {show(value)}"
        problems.append(_problem(ProblemCode.WRONG_TYPE, message, positions, INSTRUCTION))
    return None


def _problem(code: ProblemCode, message: str, positions: Positions, *path: str) -> Problem:
    line, column = positions.of(path)
    return Problem(code=code, message=message, path=path, line=line, column=column)
