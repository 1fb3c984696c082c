"""Params: what a definition may declare, and what a run may give."""

from typing import Any

import pytest
from hypothesis import given

from headrace.domain.definition import Param, ParamType
from headrace.domain.params import bind, parse_text
from tests.domain.fakes import checked, only, place
from tests.domain.strategies import json_values


def declared(line: str) -> str:
    return f"name: p\nblocks: [{{name: b, type: ANY}}]\nparams:\n  - {{name: x, {line}}}\n"


def param(line: str) -> Param:
    definition = checked(declared(line)).definition
    assert definition is not None
    return definition.params[0]


def test_a_param_is_required_unless_it_has_a_default_or_says_otherwise() -> None:
    assert param("type: string").required
    assert param("type: string, required: true").required
    assert param("type: string, required: true, default: null").required
    assert not param("type: string, required: false").required
    assert not param("type: string, default: null").required
    with_default = param("type: string, default: a")
    assert (with_default.required, with_default.has_default, with_default.default) == (
        False,
        True,
        "a",
    )


@pytest.mark.parametrize(
    ("line", "says", "last"),
    [
        ("type: string, required: true, default: a", "remove one of them", "default"),
        ("type: integer, default: a", "its default should be a whole number", "default"),
        ("type: integer, default: 1.5", "whole number", "default"),
        ("type: datetime, default: 2024-01-31", "2024-01-31T12:00:00Z", "default"),
        ("type: integer, default: 3, choices: [1, 2]", "one of 1, 2, but is 3", "default"),
        ("type: integer, default: 3, maximum: 2", "at most 2, but is 3", "default"),
        ("type: integer, choices: [1, a]", "its choice should be a whole number", "1"),
        ("type: integer, choices: [1, 9], maximum: 5", "its choice should be at most 5", "1"),
        ("type: integer, choices: []", "at least one value", "choices"),
        ("type: string, minimum: 1", "for integer and number, not for string", "minimum"),
        ("type: number, minimum: 2, maximum: 1", "`minimum` is above `maximum`", "minimum"),
    ],
)
def test_a_param_that_contradicts_itself_is_told(line: str, says: str, last: str) -> None:
    problem = only(declared(line))
    assert problem.code == "INVALID_PARAM"
    assert says in problem.message
    assert 'Param "x"' in problem.message
    assert problem.path[-1] == last
    assert place(problem)[0] == 4


def test_two_params_of_one_name_are_told() -> None:
    problem = only(declared("type: string}\n  - {name: x, type: path"))
    assert (problem.code, problem.path) == ("INVALID_PARAM", ("params", "1", "name"))


def test_a_params_name_has_no_dots() -> None:
    problem = only(declared("type: string").replace("name: x,", "name: x.y,"))
    assert problem.code == "INVALID_NAME"


@pytest.mark.parametrize(
    ("type_", "given_value", "value"),
    [
        (ParamType.STRING, "1", "1"),
        (ParamType.PATH, "data/in.csv", "data/in.csv"),
        (ParamType.INTEGER, 7, 7),
        (ParamType.INTEGER, 7.0, 7),
        (ParamType.INTEGER, " -7 ", -7),
        (ParamType.INTEGER, "1e3", 1000),
        (ParamType.NUMBER, 7, 7),
        (ParamType.NUMBER, "7.5e1", 75.0),
        (ParamType.NUMBER, ".5", 0.5),
        (ParamType.BOOLEAN, False, False),
        (ParamType.BOOLEAN, "Yes", True),
        (ParamType.BOOLEAN, "0", False),
        (ParamType.DATETIME, "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
        (ParamType.DATETIME, "2024-02-29t12:00:00.123456789+05:30", None),
        (ParamType.JSON, {"a": [1]}, {"a": [1]}),
        (ParamType.JSON, "[1]", "[1]"),
    ],
)
def test_a_value_of_the_type_is_taken(type_: ParamType, given_value: Any, value: Any) -> None:
    values, problems = bind([Param(name="x", type=type_)], {"x": given_value})
    assert problems == []
    assert values == {"x": given_value if value is None else value}
    assert type(values["x"]) is type(given_value if value is None else value)


@pytest.mark.parametrize(
    ("type_", "given_value"),
    [
        (ParamType.STRING, 1),
        (ParamType.PATH, ["a"]),
        (ParamType.INTEGER, True),
        (ParamType.INTEGER, 1.5),
        (ParamType.INTEGER, "1.5"),
        (ParamType.INTEGER, "1e99"),
        (ParamType.INTEGER, "9" * 30),
        (ParamType.INTEGER, "١"),
        (ParamType.NUMBER, "nan"),
        (ParamType.NUMBER, "1e999"),
        (ParamType.NUMBER, False),
        (ParamType.NUMBER, ""),
        (ParamType.BOOLEAN, 1),
        (ParamType.BOOLEAN, "maybe"),
        (ParamType.DATETIME, "2024-01-31"),
        (ParamType.DATETIME, "2024-01-31T12:00:00"),
        (ParamType.DATETIME, "2023-02-29T12:00:00Z"),
        (ParamType.DATETIME, "2024-01-31T12:00:00+99:00"),
        (ParamType.DATETIME, 1700000000),
        (ParamType.NUMBER, float("inf")),
        (ParamType.JSON, float("nan")),
        (ParamType.JSON, {"a": [2**70]}),
        (ParamType.JSON, {1: "a"}),
        (ParamType.JSON, object()),
        (ParamType.STRING, "a\0b"),
    ],
)
def test_a_value_of_another_type_is_refused(type_: ParamType, given_value: Any) -> None:
    values, problems = bind([Param(name="x", type=type_)], {"x": given_value})
    assert values == {}
    (problem,) = problems
    assert problem.code == "INVALID_PARAM"
    assert problem.path[:2] == ("params", "x")


def test_every_problem_of_the_given_params_comes_back_at_once() -> None:
    params = [
        Param(name="needed", type=ParamType.STRING),
        Param(name="size", type=ParamType.INTEGER, minimum=1, maximum=9),
        Param(name="kind", type=ParamType.STRING, choices=("a", "b")),
        Param(name="when", type=ParamType.DATETIME, required=False),
    ]
    _, problems = bind(params, {"neded": 1, "size": 10, "kind": "c", "zzzz": 1})
    assert [(p.code.value, p.path[1], p.suggestion) for p in problems] == [
        ("UNKNOWN_PARAM", "neded", "needed"),
        ("UNKNOWN_PARAM", "zzzz", None),
        ("MISSING_PARAM", "needed", None),
        ("INVALID_PARAM", "size", None),
        ("INVALID_PARAM", "kind", None),
    ]
    assert "at most 9, but is 10" in problems[3].message
    assert 'one of "a", "b", but is "c"' in problems[4].message


def test_null_counts_as_not_given_and_every_declared_param_has_a_value() -> None:
    params = [
        Param(name="a", type=ParamType.STRING, default="x", has_default=True, required=False),
        Param(name="b", type=ParamType.STRING, required=False),
    ]
    assert bind(params, {"a": None, "b": None}) == ({"a": "x", "b": None}, [])
    assert bind(params, {}) == ({"a": "x", "b": None}, [])
    _, problems = bind([Param(name="c", type=ParamType.JSON)], {"c": None})
    assert [problem.code for problem in problems] == ["MISSING_PARAM"]


def test_choices_tell_true_from_one() -> None:
    flags = [Param(name="x", type=ParamType.JSON, choices=(1,))]
    assert bind(flags, {"x": 1.0})[1] == []
    assert [p.code for p in bind(flags, {"x": True})[1]] == ["INVALID_PARAM"]


def test_params_nested_too_deep_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    values, (problem,) = bind([Param(name="x", type=ParamType.JSON)], {"x": endless})
    assert (values, problem.code) == ({}, "TOO_LARGE")
    assert problem.message.startswith("The value of params is nested deeper")


@given(json_values.filter(lambda value: value is not None))
def test_any_json_is_taken_for_a_json_param(value: Any) -> None:
    assert bind([Param(name="x", type=ParamType.JSON)], {"x": value}) == ({"x": value}, [])


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (ParamType.STRING, "7", "7"),
        (ParamType.INTEGER, "7", 7),
        (ParamType.INTEGER, "seven", "seven"),
        (ParamType.NUMBER, "7.5", 7.5),
        (ParamType.BOOLEAN, "off", False),
        (ParamType.JSON, '["a", 1]', ["a", 1]),
        (ParamType.JSON, "plain words", "plain words"),
        (ParamType.JSON, "[" * 100_000, "[" * 100_000),
    ],
)
def test_a_text_of_the_command_line_becomes_a_value_of_the_type(
    type_: ParamType, text: str, value: Any
) -> None:
    assert parse_text(Param(name="x", type=type_), text) == value
