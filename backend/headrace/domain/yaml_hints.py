"""What a YAML parser's error means for the person who wrote the text.

The parser says what it expected; these hints look at the line and say what to do. Invariant: line
and column are those of the parser, except where it saw only at the end of the text that something
was never closed: there they point at its beginning.
"""

import re

import yaml

from headrace.domain.problems import Problem, ProblemCode

_LINE = re.compile("\r\n?|\n|\x85|\u2028|\u2029")
_KEY = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[^\s#'"{\[-][^#:]*)\s*:(?:\s|$)""")
_ITEM = re.compile(r"(\s*)-\s+(.*)")


def explain(text: str, error: yaml.MarkedYAMLError) -> Problem:
    """The problem that a parser's error is, with a hint where one is to be had."""
    mark, context = error.problem_mark, error.context_mark
    what = error.problem or "it cannot be read"
    lines = _LINE.split(text)
    if mark is not None and context is not None and _runs_out(error, what, lines[mark.line :]):
        mark, what = context, "what begins here is never closed"
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    hint = _hint(lines, line, column, f"{what} {error.context or ''}")
    message = f"This is not YAML: {_worded(error, what, line)}"
    return Problem(
        code=ProblemCode.YAML_SYNTAX,
        message=f"{message}. {hint[0].upper()}{hint[1:]}." if hint else f"{message}.",
        line=line,
        column=column,
        suggestion=hint,
    )


def _runs_out(error: yaml.MarkedYAMLError, what: str, rest: list[str]) -> bool:
    """Whether the text ended within quotes or brackets."""
    if "unexpected end of stream" in what:
        return True
    return "flow" in (error.context or "") and not any(line.strip() for line in rest)


def _worded(error: yaml.MarkedYAMLError, what: str, line: int) -> str:
    context = error.context_mark
    if error.context and context is not None and context.line + 1 != line:
        return f"{what} ({error.context} that begins on line {context.line + 1})"
    return what


def _hint(lines: list[str], line: int, column: int, what: str) -> str | None:
    here = lines[line - 1] if line <= len(lines) else ""
    before = next((text for text in reversed(lines[: line - 1]) if text.strip()), "")
    if "never closed" in what:
        return f"add the closing {_closing(here[column - 1 : column])}"
    if hint := _forbidden(here, column):
        return hint
    if "mapping values are not allowed" in what:
        return _stray_colon(here, before, column)
    if "flow" in what:
        return "put a comma between two items, or close the bracket"
    return _indentation(lines, line, column) or _missing_colon(here) or _missing_colon(before)


def _forbidden(here: str, column: int) -> str | None:
    """For what may not stand in YAML as it is."""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return "indent with spaces, not with tabs"
    if "{{" in here and not re.search(r"""["'].*\{\{""", here):
        return 'put the whole value that holds "{{ … }}" in quotes'
    if here[column - 1 : column] in {"@", "`", "%"}:
        return f"put the value in quotes: YAML reserves {here[column - 1]} as a beginning"
    return None


def _closing(opening: str) -> str:
    quote = {"[": "]", "{": "}"}.get(opening, opening)
    return {'"': "double quote", "'": "single quote"}.get(quote, quote)


def _stray_colon(here: str, before: str, column: int) -> str:
    # `key: value: more` has the key in front; an indented `key:` under `other: value` has not.
    if _KEY.match(here) and here.find(":") < column - 1:
        return "put a value that holds a colon and a space in quotes"
    if missing := _missing_colon(before):
        return missing
    if _KEY.match(before) and not before.rstrip().endswith(":"):
        return "indent this line as far as the line before it: that one has its value already"
    return "put a value that holds a colon and a space in quotes"


def _indentation(lines: list[str], line: int, column: int) -> str | None:
    """For a key that stands below `- first: …` but not as far in as `first` does."""
    here = lines[line - 1] if line <= len(lines) else ""
    if not _KEY.match(here):
        return None
    for number in range(line - 1, 0, -1):
        item = _ITEM.match(lines[number - 1])
        if item is None:
            continue
        inner = item.start(2) + 1
        outer = len(item[1]) + 1
        if outer <= column < inner and _KEY.match(item[2]):
            more = inner - column
            key = here.strip().partition(":")[0]
            return (
                f"indent `{key}:` by {more} more space{'' if more == 1 else 's'}, to stand "
                f"below `{item[2].partition(':')[0]}:` of the item that line {number} begins"
            )
        return "indent the keys of one mapping alike"
    return "indent the keys of one mapping alike"


def _missing_colon(line: str) -> str | None:
    words = line.strip()
    if words and ":" not in words and not words.startswith(("-", "#")):
        return f'end a key with a colon: "{words[:40]}:"'
    if re.search(r":\S", words) and ": " not in words:
        return f'put a space after the colon of "{words[:40]}"'
    return None
