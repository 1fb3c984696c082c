"""YAML text into nodes: safely, iteratively, with places.

libyaml's events are taken one by one, so a text that nests or multiplies itself beyond the bounds
is refused on the way and never built (its own composer recurses and would crash the process).
Tags are refused; anchors, aliases and merge keys (`<<`) are read, each use counted as if written
out; one document per text.
"""

import re
from collections.abc import Iterator

import yaml
from yaml import events

from headrace.domain.nodes import Budget, Fault, Mapping, Node, Scalar, Sequence, Unreadable
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.yaml_hints import explain
from headrace.domain.yaml_scalars import checked_text, resolve

# The C parser is some ten times faster; the other one is there where PyYAML was built without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_NEWLINE = re.compile("\r\n?|\n")
_TEMPLATE = 'if this is a template, put it in quotes: "{{ params.x }}"'


def read_yaml(text: str) -> Node | None:
    """The nodes of one YAML document, None for an empty text. Raises Unreadable."""
    _refuse_unprintable(text)
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(explain(text, error)) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The parser without libyaml lets some of Python's own errors through (chr, int).
        raise _syntax(f"This is not YAML: {error}", 1, 1) from error
    return composer.root


def _refuse_unprintable(text: str) -> None:
    """Characters that YAML forbids, found before the parser: it would give no line."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return
    breaks = list(_NEWLINE.finditer(text, 0, found.start()))
    column = found.start() - (breaks[-1].end() if breaks else 0) + 1
    hint = f'remove it, or write it as "\\u{ord(found[0]):04x}" in double quotes'
    raise _syntax(
        f"The character U+{ord(found[0]):04X} cannot stand in YAML: {hint}",
        len(breaks) + 1,
        column,
        hint,
    )


class _Composer:
    """Makes nodes of events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._documents = 0
        self._budget = Budget()
        self._open: list[_Holder] = []
        self._anchors: dict[str, _Anchored] = {}

    def take(self, event: events.Event) -> None:
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(event, events.ScalarEvent):
            self._scalar(event, line, column)
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._start(event, line, column)
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            self._end(line, column)
        elif isinstance(event, events.AliasEvent):
            self._alias(event.anchor, line, column)
        elif isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _syntax("A text holds one document; a second begins here", line, column)

    def _scalar(self, event: events.ScalarEvent, line: int, column: int) -> None:
        text: str = event.value
        plain = not event.style
        value, fault = resolve(text) if plain else checked_text(text)
        self._budget.spend(line, column, len(text))
        node = Scalar(line, column, value, _tag_fault(event.tag) or fault)
        self._add(node, event.anchor, _Size(1, len(text), 0), merge=plain and text == "<<")

    def _start(self, event: events.CollectionStartEvent, line: int, column: int) -> None:
        is_mapping = isinstance(event, events.MappingStartEvent)
        node = Mapping(line, column, []) if is_mapping else Sequence(line, column, [])
        node.fault = _tag_fault(event.tag)
        self._budget.check_depth(len(self._open) + 1, line, column)
        self._open.append(_Holder(node, event.anchor, self._budget.values, self._budget.characters))
        self._budget.spend(line, column)

    def _end(self, line: int, column: int) -> None:
        holder = self._open.pop()
        if isinstance(holder.node, Mapping):
            _merge(holder.node, holder.merged)
            _refuse_template(holder.node)
        size = _Size(
            self._budget.values - holder.values,
            self._budget.characters - holder.characters,
            holder.height + 1,
        )
        self._add(holder.node, holder.anchor, size)

    def _alias(self, name: str | None, line: int, column: int) -> None:
        if any(holder.anchor == name for holder in self._open):
            raise _syntax(f"*{name} stands within &{name}, which would never end", line, column)
        anchored = self._anchors.get(name or "")
        if anchored is None:
            raise _syntax(f"There is no &{name} before this *{name}", line, column)
        size = anchored.size
        self._budget.spend(line, column, size.characters, size.values)
        self._budget.check_depth(len(self._open) + size.height, line, column)
        self._add(anchored.node, None, size)

    def _add(self, node: Node, anchor: str | None, size: "_Size", *, merge: bool = False) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, size)
        if not self._open:
            self.root = node
        else:
            self._open[-1].add(node, size.height, merge=merge)


class _Size:
    """What one use of a node costs, aliases within it written out."""

    __slots__ = ("characters", "height", "values")

    def __init__(self, values: int, characters: int, height: int) -> None:
        self.values, self.characters, self.height = values, characters, height


class _Anchored:
    __slots__ = ("node", "size")

    def __init__(self, node: Node, size: _Size) -> None:
        self.node, self.size = node, size


class _Holder:
    """A list or mapping that is still open."""

    def __init__(
        self, node: Mapping | Sequence, anchor: str | None, values: int, characters: int
    ) -> None:
        self.node, self.anchor = node, anchor
        self.values, self.characters = values, characters
        self.height = 0
        self.merged: list[Node] = []
        self._key: Node | None = None
        self._merges = False

    def add(self, node: Node, height: int, *, merge: bool) -> None:
        self.height = max(self.height, height)
        if isinstance(self.node, Sequence):
            self.node.items.append(node)
        elif self._key is None:
            self._key, self._merges = node, merge
        else:
            if self._merges:
                self.merged.append(node)
            else:
                self.node.entries.append((self._key, node))
            self._key = None


def _merge(node: Mapping, merged: list[Node]) -> None:
    """Puts in the entries that `<<` names, after a mapping's own and never in place of one."""
    present = {key.value for key, _ in node.entries if isinstance(key, Scalar)}
    for source in _merge_sources(node, merged):
        for key, value in source.entries:
            if isinstance(key, Scalar) and key.value not in present:
                present.add(key.value)
                node.entries.append((key, value))


def _merge_sources(node: Mapping, merged: list[Node]) -> Iterator[Mapping]:
    for source in merged:
        for mapping in source.items if isinstance(source, Sequence) else [source]:
            if isinstance(mapping, Mapping):
                yield mapping
            else:
                node.fault = (ProblemCode.YAML_SYNTAX, "<< takes a mapping or a list of mappings")


def _refuse_template(node: Mapping) -> None:
    """`{{ params.x }}` without quotes is a mapping whose key is a mapping: say what was meant."""
    if any(not isinstance(key, Scalar) for key, _ in node.entries):
        message = f"the key of a mapping is text, not a list or a mapping; {_TEMPLATE}"
        node.fault = (ProblemCode.YAML_SYNTAX, message)
        node.entries = []


def _tag_fault(tag: str | None) -> Fault | None:
    if tag is None:
        return None
    shown = tag.replace("tag:yaml.org,2002:", "!!")[:60]
    return (
        ProblemCode.YAML_SYNTAX,
        f"tags are not read: remove {shown}, and put the value in quotes if it is text",
    )


def _syntax(message: str, line: int, column: int, suggestion: str | None = None) -> Unreadable:
    return Unreadable(
        Problem(
            code=ProblemCode.YAML_SYNTAX,
            message=message,
            line=line,
            column=column,
            suggestion=suggestion,
        )
    )
