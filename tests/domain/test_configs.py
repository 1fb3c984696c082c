"""Configs and their templates: checked at import as far as known, and again when a run starts."""

from typing import Any

import pytest

from headrace.domain.definition import Definition
from headrace.domain.documents import parse_yaml
from headrace.domain.params import bind
from headrace.domain.problems import Problem
from headrace.domain.templates import occurrences, placeholders, substitute
from headrace.domain.validation import ConfigFault, check, check_bound
from tests.domain.fakes import CATALOGUE, FakeCatalogue, FakeType, checked, only, place, with_block

PARAMS = """\
params:
  - {name: known, type: json, default: 5}
  - {name: text, type: string, default: five}
  - {name: open, type: json}
"""


def started(text: str, given: dict[str, Any], *modules: str) -> tuple[Problem, ...]:
    definition = checked(text, modules=modules).definition
    assert definition is not None
    return bound(definition, given, *modules)


def bound(definition: Definition, given: dict[str, Any], *modules: str) -> tuple[Problem, ...]:
    values, wrong = bind(definition.params, given)
    assert wrong == []
    return check_bound(definition, values, CATALOGUE, allow_python_module=modules.__contains__)


def test_a_placeholder_is_checked_with_the_default_of_its_param() -> None:
    assert checked(with_block('config: {number: "{{ params.known }}"}', head=PARAMS)).definition
    problem = only(with_block('config: {number: "{{ params.text }}"}', head=PARAMS))
    assert problem.code == "INVALID_CONFIG"
    assert 'it takes the param "text"' in problem.message
    assert problem.path == ("blocks", "0", "config", "number")


def test_a_placeholder_without_a_default_is_left_for_the_start_of_a_run() -> None:
    text = with_block('config: {number: "{{ params.open }}"}', head=PARAMS)
    assert started(text, {"open": 3}) == ()
    (problem,) = started(text, {"open": "three"})
    assert problem.code == "INVALID_CONFIG"
    assert problem.path == ("blocks", "0", "config", "number")
    assert 'it takes the param "open"' in problem.message


def test_an_optional_param_without_a_default_is_left_for_the_start_of_a_run_too() -> None:
    head = "params: [{name: maybe, type: integer, required: false}]\n"
    text = with_block('config: {number: "{{ params.maybe }}"}', head=head)
    assert started(text, {"maybe": 3}) == ()
    assert [problem.code for problem in started(text, {})] == ["INVALID_CONFIG"]


def test_other_faults_beside_an_open_placeholder_are_told_at_once() -> None:
    text = with_block('config: {number: "{{ params.open }}", flag: 7, zzz: 1}', head=PARAMS)
    assert [p.path[-1] for p in checked(text).problems] == ["flag", "zzz"]


def test_a_fault_of_the_whole_config_waits_while_a_part_of_it_is_open() -> None:
    class Both(FakeType):
        def check_config(self, config: object) -> list[ConfigFault]:
            return [ConfigFault((), "text and number do not go together")]

    catalogue = FakeCatalogue(Both("ANY", {}))
    for value, count in (('"{{ params.open }}"', 0), ("7", 1)):
        parsed = parse_yaml(with_block(f"config: {{number: {value}}}", head=PARAMS))
        result = check(parsed, catalogue, allow_python_module=bool)
        assert len(result.problems) == count


@pytest.mark.parametrize(
    ("template", "suggestion"),
    [
        ("{{ params.opne }}", "open"),
        ("{{params.zzz}}", None),
        ("{{ params.open | upper }}", "open"),
        ("{{ params }}", None),
        ("{{ params.open.x }}", "open"),
        ("a {{ params.known }} {{ params.Text }}", "text"),
    ],
)
def test_a_placeholder_of_no_param_is_told(template: str, suggestion: str | None) -> None:
    problem = only(with_block(f"config: {{text: '{template}'}}", head=PARAMS))
    assert (problem.code, problem.suggestion) == ("UNKNOWN_PARAM", suggestion)
    assert place(problem)[0] == 9
    assert problem.blocks == ("b",)


def test_other_double_braces_are_left_alone() -> None:
    config: dict[str, Any] = {
        "text": "{{ row.text }} {{paramsx}} {% if %} {params.x} {{ }}",
        "{{ params.x }}": 1,
    }
    assert placeholders(config) == set()
    assert substitute(config, {"x": 1}) == config


def test_substitution_keeps_the_type_of_a_lone_placeholder_and_writes_out_the_others() -> None:
    config: dict[str, Any] = {
        "alone": "{{ params.list }}",
        "tight": "{{params.n}}",
        "within": "n={{ params.n }} b={{ params.b }} l={{ params.list }} t={{ params.t }}",
        "null": "[{{ params.none }}]",
        "lone null": "{{ params.none }}",
        "nested": [{"deep": "{{ params.n }}"}, 7],
        "unknown": "{{ params.later }} and {{ params.n }}",
        "not again": "{{ params.t }}",
    }
    values: dict[str, Any] = {
        "list": [1, {"b": 2}],
        "n": 1.5,
        "b": True,
        "t": "{{ params.n }}",
        "none": None,
    }
    assert substitute(config, values) == {
        "alone": [1, {"b": 2}],
        "tight": 1.5,
        "within": 'n=1.5 b=true l=[1,{"b":2}] t={{ params.n }}',
        "null": "[]",
        "lone null": None,
        "nested": [{"deep": 1.5}, 7],
        "unknown": "{{ params.later }} and 1.5",
        "not again": "{{ params.n }}",
    }


def test_placeholders_are_found_with_their_paths() -> None:
    found = list(occurrences({"a": ["x", {"b": "{{ params.p }}/{{ params.q }}"}]}))
    assert [(at.path, at.param) for at in found] == [(("a", "1", "b"), "p"), (("a", "1", "b"), "q")]


@pytest.mark.parametrize("text", ["{{ params." + " " * 500_000, "{{" * 300_000, "{{" + " " * 10**6])
def test_looking_for_placeholders_takes_no_more_than_one_pass(text: str) -> None:
    assert placeholders(text) == set()


PYTHON = (
    "name: p\n{head}blocks:\n  - name: b\n    type: PYTHON\n    config: {{function: {value}}}\n"
)


def test_a_python_block_calls_only_modules_that_are_allowed() -> None:
    text = PYTHON.format(head="", value="tasks.load:rows")
    assert checked(text, modules=("tasks.load",)).definition is not None
    (problem,) = checked(text).problems
    assert problem.code == "PYTHON_NOT_ALLOWED"
    assert "PYTHON_MODULES" in problem.message
    assert '"tasks.load"' in problem.message
    assert place(problem) == (5, 24)


def test_a_module_that_a_param_names_is_refused_when_it_is_known() -> None:
    with_default = PARAMS.replace("five", "os:system")
    (problem,) = checked(PYTHON.format(head=with_default, value='"{{ params.text }}"')).problems
    assert problem.code == "PYTHON_NOT_ALLOWED"
    later = PYTHON.format(head=PARAMS, value='"{{ params.open }}:f"')
    assert started(later, {"open": "tasks"}, "tasks") == ()
    (problem,) = started(later, {"open": "os"}, "tasks")
    assert problem.code == "PYTHON_NOT_ALLOWED"


def test_a_block_type_that_went_since_the_import_is_told_at_the_start() -> None:
    definition = checked(with_block("config: {}")).definition
    assert definition is not None
    (problem,) = check_bound(definition, {}, FakeCatalogue(), allow_python_module=bool)
    assert problem.code == "UNKNOWN_BLOCK_TYPE"
    assert "none installed" in problem.message
