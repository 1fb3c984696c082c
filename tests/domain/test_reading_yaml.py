"""YAML is read as its 1.2 core schema says, safely, and its faults are told with their place."""

from typing import Any

import pytest
import yaml

from headrace.domain import yaml_reader
from headrace.domain.documents import parse_yaml
from tests.domain.fakes import place


def value_of(text: str) -> Any:
    parsed = parse_yaml(f"v: {text}\n")
    assert parsed.problems == ()
    assert parsed.document is not None
    return parsed.document["v"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        # What YAML 1.1 took for something else is text.
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("nULL", "nULL"),
        ("1.2.3", "1.2.3"),
        ("-", None),
        ('"12"', "12"),
        ("'true'", "true"),
        ('"\\u00e9 \\U0001F600"', "é 😀"),
        ("|\n  a\n  b", "a\nb\n"),
        (">\n  a\n  b", "a b\n"),
    ],
)
def test_a_word_means_what_the_core_schema_says(text: str, value: object) -> None:
    if text == "-":
        assert value_of("\n  -") == [None]
        return
    read = value_of(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (".nan", "WRONG_TYPE", "not finite"),
        ("-.inf", "WRONG_TYPE", "not finite"),
        ("1e999", "WRONG_TYPE", "finite"),
        ("9223372036854775808", "WRONG_TYPE", "64 bits"),
        ("0x" + "f" * 5_000, "WRONG_TYPE", "64 bits"),
        ("9" * 5_000, "WRONG_TYPE", "64 bits"),
        ("01234", "WRONG_TYPE", "in quotes if it is text"),
        ('"a\\0b"', "WRONG_TYPE", "NUL"),
        ("!!str 12", "YAML_SYNTAX", "remove !!str"),
        ("! 12", "YAML_SYNTAX", "remove !"),
        ("!!python/object/apply:os.system [ls]", "YAML_SYNTAX", "!!python/object/apply:os.system"),
        ("!!binary aGk=", "YAML_SYNTAX", "!!binary"),
        ("{{ params.x }}", "YAML_SYNTAX", 'put it in quotes: "{{ params.x }}"'),
    ],
)
def test_a_value_that_cannot_be_kept_is_told_with_its_place(
    text: str, code: str, says: str
) -> None:
    (problem,) = parse_yaml(f"a: 1\nv: {text}\n").problems
    assert problem.code == code
    assert says in problem.message
    assert problem.path == ("v",)
    assert place(problem) == (2, 4)


def test_every_unreadable_value_is_told_at_once() -> None:
    parsed = parse_yaml("a: .nan\nb: [1, !!str x, 01]\na: 2\n1: x\n? true\n: y\n")
    assert [(problem.path, place(problem)) for problem in parsed.problems] == [
        (("a",), (1, 4)),
        (("b", "1"), (2, 8)),
        (("b", "2"), (2, 17)),
        (("a",), (3, 1)),
        ((), (4, 1)),
        ((), (5, 3)),
    ]
    assert "stands twice" in parsed.problems[3].message
    assert 'put 1 in quotes, as "1"' in parsed.problems[4].message


def test_anchors_aliases_and_merge_keys_are_written_out() -> None:
    parsed = parse_yaml(
        "base: &base {a: 1, b: 2}\n"
        "own: {<<: *base, b: 3}\n"
        "two: {b: 4, <<: [*base, {c: 5}]}\n"
        "again: *base\n"
        'quoted: {"<<": 1}\n'
    )
    assert parsed.problems == ()
    assert parsed.document == {
        "base": {"a": 1, "b": 2},
        "own": {"b": 3, "a": 1},
        "two": {"b": 4, "a": 1, "c": 5},
        "again": {"a": 1, "b": 2},
        "quoted": {"<<": 1},
    }


@pytest.mark.parametrize(
    ("text", "says", "at"),
    [
        ("a: *x\n", "no &x before", (1, 4)),
        ("a: &x [*x]\n", "never end", (1, 8)),
        ("a: 1\nb: {<<: 1}\n", "<< takes a mapping", (2, 4)),
        ("a: 1\n---\nb: 2\n", "one document", (2, 1)),
        ("a: \x01\n", "U+0001", (1, 4)),
        ("é: 1\nb: x\ud800\n", "U+D800", (2, 5)),
        ("a: 1\r\nb: \ufffe\r\n", "U+FFFE", (2, 4)),
    ],
)
def test_what_no_single_document_may_hold_is_told(
    text: str, says: str, at: tuple[int, int]
) -> None:
    (problem,) = parse_yaml(text).problems
    assert problem.code == "YAML_SYNTAX"
    assert says in problem.message
    assert place(problem) == at


@pytest.mark.parametrize(
    ("text", "at", "hint"),
    [
        ("a:\n\tb: c\n", (2, 1), "indent with spaces, not with tabs"),
        ("a: 'x\nb: 1\n", (1, 4), "add the closing single quote"),
        ('a: 1\nb: "x\n', (2, 4), "add the closing double quote"),
        ("a: [1,\n  2\n", (1, 4), "add the closing ]"),
        ("a: {b: 1\n", (1, 4), "add the closing }"),
        ("a: [1 2, {]\n", (1, 11), "put a comma between two items, or close the bracket"),
        ("a: b: c\n", (1, 5), "put a value that holds a colon and a space in quotes"),
        ("a: b\n  c: d\n", (2, 4), "indent this line as far as the line before it"),
        ("a\nb: 1\n", (2, 2), 'end a key with a colon: "a:"'),
        ("a:1\nb: 1\n", (2, 2), 'put a space after the colon of "a:1"'),
        ("a: @x\n", (1, 4), "put the value in quotes: YAML reserves @"),
        ("a: {{ params.x }}/y\n", (1, 18), 'put the whole value that holds "{{ … }}" in quotes'),
        ("l:\n  - a: 1\n b: 2\n", (3, 2), "indent the keys of one mapping alike"),
        ("l:\n  - a: 1\n   b: 2\n", (3, 4), "indent `b:` by 1 more space, to stand below `a:`"),
    ],
)
def test_a_syntax_error_comes_with_its_place_and_a_hint(
    text: str, at: tuple[int, int], hint: str
) -> None:
    (problem,) = parse_yaml(text).problems
    assert problem.code == "YAML_SYNTAX"
    assert place(problem) == at, problem.message
    assert problem.suggestion is not None, problem.message
    assert problem.suggestion.startswith(hint)
    assert problem.suggestion[1:] in problem.message


def test_places_count_characters_and_a_byte_order_mark_is_none() -> None:
    parsed = parse_yaml("\ufeff😀é: [ok, .nan]\n")
    assert [place(problem) for problem in parsed.problems] == [(1, 10)]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "null"])
def test_an_empty_document_is_said_to_be_empty(text: str) -> None:
    (problem,) = parse_yaml(text).problems
    assert "is empty" in problem.message
    assert problem.code == "WRONG_TYPE"


@pytest.mark.parametrize("text", ['a: "\\U00110000"', 'a: "\\UFFFFFFFF"', "%YAML " + "9" * 5_000])
def test_the_slower_parser_lets_no_error_of_pythons_through(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loader in (yaml_reader._LOADER, yaml.SafeLoader):
        monkeypatch.setattr(yaml_reader, "_LOADER", loader)
        assert [problem.code for problem in parse_yaml(text).problems] == ["YAML_SYNTAX"]


def test_the_slower_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML may be installed without libyaml; documents must not mean something else then."""
    text = "a: &x [1, yes, 'q', {k: 1e3}]\nb: *x\nc: |\n  t\n? d\n: {<<: {z: .nan}}\n"
    fast = parse_yaml(text)
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)
    slow = parse_yaml(text)
    assert slow.document == fast.document
    assert slow.problems == fast.problems
