"""A document between its text and its meaning: values with the places where they stand.

Every format is read into these nodes first, and `build` makes the plain document of them, so that
all formats refuse the same things with the same words. Invariant: nodes are nested no deeper than
MAX_DEPTH and count no more values and characters than the limits say, aliases written out;
what comes after the readers may therefore recurse.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from headrace.domain.errors import HeadraceError
from headrace.domain.json import JSONValue, canonical_json
from headrace.domain.problems import Problem, ProblemCode, spell

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 200_000

# A code, and a message in lower case that follows the path and a colon.
Fault: TypeAlias = tuple[ProblemCode, str]
Path: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Scalar:
    """Text, a number, true, false or null; `value` is None where `fault` says it is unreadable."""

    line: int
    column: int
    value: JSONValue
    fault: Fault | None = None


@dataclass(slots=True)
class Sequence:
    line: int
    column: int
    items: list["Node"]
    fault: Fault | None = None


@dataclass(slots=True)
class Mapping:
    """Keys and values in order; keys may be anything here, and `build` refuses all but text."""

    line: int
    column: int
    entries: list[tuple["Node", "Node"]]
    fault: Fault | None = None


Node: TypeAlias = Scalar | Sequence | Mapping


class Unreadable(HeadraceError):
    """A document that cannot be read to its end."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Budget:
    """Counts what a reader has made so far; raises Unreadable (TOO_LARGE) at the limits."""

    def __init__(self) -> None:
        self.values = 0
        self.characters = 0

    def spend(self, line: int, column: int, characters: int = 0, values: int = 1) -> None:
        self.values += values
        self.characters += characters
        if self.values > MAX_VALUES:
            what = f"more than {MAX_VALUES:,} values"
        elif self.characters > MAX_BYTES:
            what = f"more than {MAX_BYTES:,} characters of text"
        else:
            return
        raise too_large(f"The document holds {what}: split it, or keep data in files", line, column)

    def check_depth(self, depth: int, line: int, column: int) -> None:
        if depth > MAX_DEPTH:
            message = f"The document is nested deeper than {MAX_DEPTH} levels: make it flatter"
            raise too_large(message, line, column)


def too_large(message: str, line: int | None = None, column: int | None = None) -> Unreadable:
    """The error for a document over one of the bounds; a line of 0 means there is no text."""
    if not line:
        line = column = None
    return Unreadable(
        Problem(code=ProblemCode.TOO_LARGE, message=message, line=line, column=column)
    )


class Positions:
    """Where the values and keys of a document stand."""

    def __init__(self, root: Node | None = None, *, in_text: bool = False) -> None:
        self._root = root
        self._in_text = in_text
        self._children: dict[int, dict[str, tuple[Node, Node]]] = {}

    def order(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """A sort key by place; that of the nearest value around where nothing stands at `path`."""
        if self._root is None:
            return 0, 0
        node = found = self._root
        for step in path:
            child = self._child(node, step)
            if child is None:
                return node.line, node.column
            found, node = child
        if key:
            node = found
        return node.line, node.column

    def of(self, path: Path, *, key: bool = False) -> tuple[int | None, int | None]:
        """(line, column) from 1 of a value or of its key; (None, None) when there is no text."""
        return self.order(path, key=key) if self._in_text else (None, None)

    def _child(self, node: Node, step: str) -> tuple[Node, Node] | None:
        if isinstance(node, Sequence):
            index = int(step) if step.isdecimal() else len(node.items)
            return (node.items[index], node.items[index]) if index < len(node.items) else None
        if not isinstance(node, Mapping):
            return None
        children = self._children.get(id(node))
        if children is None:
            children = {}
            for key, value in node.entries:
                if isinstance(key, Scalar) and isinstance(key.value, str):
                    children.setdefault(key.value, (key, value))
            self._children[id(node)] = children
        return children.get(step)


@dataclass(frozen=True)
class Built:
    """A document, what was wrong with its values, and the paths whose values are unknown."""

    value: JSONValue
    problems: tuple[Problem, ...]
    broken: frozenset[Path]


def build(root: Node, *, in_text: bool, syntax: ProblemCode) -> Built:
    """The plain value of a tree of nodes; `syntax` is the code for what its format forbids."""
    builder = _Builder(in_text, syntax)
    value = builder.value(root)
    return Built(value, tuple(builder.problems), frozenset(builder.broken))


class _Builder:
    def __init__(self, in_text: bool, syntax: ProblemCode) -> None:
        self.problems: list[Problem] = []
        self.broken: set[Path] = set()
        self._path: list[str] = []
        self._in_text = in_text
        self._syntax = syntax

    def value(self, node: Node) -> JSONValue:
        if node.fault is not None:
            self._note(node, *node.fault)
            if isinstance(node, Scalar) or (isinstance(node, Mapping) and not node.entries):
                self.broken.add(tuple(self._path))
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, Sequence):
            return [self._at(str(position), item) for position, item in enumerate(node.items)]
        return self._mapping(node)

    def _mapping(self, node: Mapping) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key, item in node.entries:
            name = self._key(key)
            if name is None:
                continue
            if name in built:
                self._note(key, self._syntax, "this key stands twice; remove one of the two", name)
            else:
                built[name] = self._at(name, item)
        return built

    def _at(self, step: str, node: Node) -> JSONValue:
        self._path.append(step)
        value = self.value(node)
        self._path.pop()
        return value

    def _key(self, key: Node) -> str | None:
        if not isinstance(key, Scalar):
            self._note(key, *(key.fault or (self._syntax, "a key is text, not a list or mapping")))
        elif key.fault is not None:
            self._note(key, *key.fault)
        elif isinstance(key.value, str):
            return key.value
        else:
            text = canonical_json(key.value)
            message = f'a key is text: put {text} in quotes, as "{text}"'
            self._note(key, ProblemCode.WRONG_TYPE, message)
        return None

    def _note(self, node: Node, code: ProblemCode, message: str, *steps: str) -> None:
        line, column = (node.line, node.column) if self._in_text else (None, None)
        path = (*self._path, *steps)
        where = f"{spell(path)}: {message}" if path else f"{message[:1].upper()}{message[1:]}"
        self.problems.append(Problem(code=code, message=where, path=path, line=line, column=column))
