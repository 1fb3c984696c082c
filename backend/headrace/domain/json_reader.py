"""JSON text into nodes: strict JSON (RFC 8259), told with line and column what is wrong.

It does not recurse, so a text nested however deep is refused and nothing worse. NaN and Infinity
are no end of the reading: they are noted and the rest is read.
"""

import json
import re

from headrace.domain.json import JSONValue, scalar_fault
from headrace.domain.nodes import Budget, Fault, Mapping, Node, Scalar, Sequence, Unreadable
from headrace.domain.problems import Problem, ProblemCode

_SPACES = frozenset(" \t\n\r")
_SPACE = re.compile(r"[ \t\n\r]*+")
_NEWLINE = re.compile(r"\r\n?|\n")
_TOKEN = re.compile(
    r"""(?P<mark>[{}\[\],:])
    |"(?P<plain>[^"\\\x00-\x1f]*+)"
    |(?P<text>"(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+")
    |(?P<number>-?(?:0|[1-9][0-9]*+)(?P<float>(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?))(?![\w.+])
    |(?P<word>true|false|null|NaN|-?Infinity)\b""",
    re.VERBOSE,
)
_WORDS: dict[str, JSONValue] = {"true": True, "false": False, "null": None}
_LONGEST_INTEGER = 20
_HINTS = (
    (re.compile(r"'"), "JSON puts text in double quotes"),
    (re.compile(r"//|/\*|#"), "JSON has no comments: remove it"),
    (re.compile(r"(?:True|False|None)\b"), "JSON writes true, false and null in lower case"),
    (re.compile(r"[-+]?(?:\.?[0-9])"), "a number has no leading zero, no + and no bare dot"),
    (re.compile(r'"[^"\\]*\\(?!["\\/bfnrtu])'), r"a \ in text is written \\"),
    (re.compile(r'"[^"]*[\n\r]'), r"text ends on its line: write a line break as \n"),
    (re.compile(r'"'), 'the closing " is missing, or the text holds a control character'),
    (re.compile(r"[^\W\d]"), "put text in double quotes"),
)


def read_json(text: str) -> Node:
    """The nodes of one JSON document. Raises Unreadable."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._budget = Budget()
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []
        self._root: Node | None = None

    def read(self) -> Node:
        self._value("a value")
        while self._open:
            self._member(self._open[-1])
        self._skip_space()
        if self._at < len(self._text):
            raise self._error("The document has ended: remove what follows", hints=False)
        assert self._root is not None, "the first value is the root"
        return self._root

    def _member(self, holder: Sequence | Mapping) -> None:
        """What follows within an open list or object: its end, or a comma and a member."""
        closing, empty = self._shape(holder)
        mark = self._peek()
        if mark == closing:
            self._at += 1
            self._open.pop()
            self._keys.pop()
            return
        if not empty:
            if mark != ",":
                raise self._error(f'A "," or "{closing}" is missing before this', hints=False)
            self._at += 1
            if self._peek() == closing:
                raise self._error(f'A comma stands before this "{closing}": remove it', hints=False)
        if isinstance(holder, Mapping):
            self._key(closing, empty)
        self._value("a value" if isinstance(holder, Mapping) or not empty else 'a value or "]"')

    def _shape(self, holder: Sequence | Mapping) -> tuple[str, bool]:
        if isinstance(holder, Mapping):
            return "}", not holder.entries
        return "]", not holder.items

    def _key(self, closing: str, empty: bool) -> None:
        key = self._scalar() if self._peek() == '"' else None
        if key is None:
            raise self._error("Here should stand a key" + (f' or "{closing}"' if empty else ""))
        self._keys[-1] = key
        if self._peek() != ":":
            raise self._error('A ":" is missing after the key', hints=False)
        self._at += 1

    def _value(self, expected: str) -> None:
        mark = self._peek()
        if mark not in {"{", "["}:
            scalar = self._scalar()
            if scalar is None:
                raise self._error(f"Here should stand {expected}")
            self._add(scalar)
            return
        line, column = self._line, self._at - self._line_start + 1
        node = Mapping(line, column, []) if mark == "{" else Sequence(line, column, [])
        self._at += 1
        self._add(node)
        self._budget.spend(line, column)
        self._open.append(node)
        self._keys.append(None)
        self._budget.check_depth(len(self._open), line, column)

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        holder, key = self._open[-1], self._keys[-1]
        if isinstance(holder, Sequence):
            holder.items.append(node)
        elif key is not None:
            holder.entries.append((key, node))

    def _scalar(self) -> Scalar | None:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match.lastgroup == "mark":
            return None
        line, column = self._line, self._at - self._line_start + 1
        value, fault = self._decoded(match)
        self._at = match.end()
        self._budget.spend(line, column, len(match[0]))
        return Scalar(line, column, value, fault)

    def _decoded(self, match: re.Match[str]) -> tuple[JSONValue, Fault | None]:
        if (plain := match["plain"]) is not None:
            value: JSONValue = plain
        elif match["text"] is not None:
            try:
                value = json.loads(match["text"])
            except ValueError:
                raise self._error("This text cannot be read") from None
        elif (number := match["number"]) is not None:
            if not match["float"] and len(number) > _LONGEST_INTEGER:
                return None, _wrong_type("this integer needs more than 64 bits: write it as text")
            value = float(number) if match["float"] else int(number)
        elif match["word"] in _WORDS:
            return _WORDS[match["word"]], None
        else:
            return None, (ProblemCode.JSON_SYNTAX, f"JSON has no {match['word']}: use null or text")
        fault = scalar_fault(value)
        return (value, None) if fault is None else (None, _wrong_type(fault))

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        if match is None or match.end() == self._at:
            return
        for newline in _NEWLINE.finditer(self._text, match.start(), match.end()):
            self._line += 1
            self._line_start = newline.end()
        self._at = match.end()

    def _peek(self) -> str:
        """The next character that is no space; "" at the end."""
        mark = self._text[self._at : self._at + 1]
        if mark in _SPACES:
            self._skip_space()
            mark = self._text[self._at : self._at + 1]
        return mark

    def _error(self, what: str, *, hints: bool = True) -> Unreadable:
        """The error at the next token; hints are for where another token should have stood."""
        self._skip_space()
        line, column = self._line, self._at - self._line_start + 1
        hint = None
        if hints:
            hint = next((say for start, say in _HINTS if start.match(self._text, self._at)), None)
        if self._at >= len(self._text):
            what = "The text ends too early"
            if self._open:
                holder = self._open[-1]
                hint = f'add the "{self._shape(holder)[0]}" for what line {holder.line} opens'
        problem = Problem(
            code=ProblemCode.JSON_SYNTAX,
            message=f"This is not JSON. {what}" + (f": {hint}" if hint else ""),
            line=line,
            column=column,
            suggestion=hint,
        )
        return Unreadable(problem)


def _wrong_type(fault: str) -> Fault:
    return ProblemCode.WRONG_TYPE, fault
