"""The params of a run: what was given, checked against what the pipeline declares.

Invariant: the values that come out hold every declared param (null for an optional one that was
not given), so that a template never finds its param missing.
"""

from collections.abc import Mapping, Sequence

from headrace.domain.definition import Param
from headrace.domain.json import JSONValue, show
from headrace.domain.mapping_reader import read_mapping
from headrace.domain.nodes import Unreadable, build
from headrace.domain.param_values import BadParam, accept, parse_text
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.suggestions import Suggester

__all__ = ["BadParam", "bind", "parse_text"]


def bind(
    params: Sequence[Param], given: Mapping[str, JSONValue]
) -> tuple[dict[str, JSONValue], list[Problem]]:
    """(the values of a run, every problem of what was given).

    Null counts as not given. A default stands as it is: it was checked with the definition.
    """
    unreadable = _unreadable(given)
    if unreadable:
        return {}, unreadable
    problems = []
    values: dict[str, JSONValue] = {}
    for param in params:
        value = given.get(param.name)
        if value is not None:
            try:
                values[param.name] = accept(param, value)
            except BadParam as error:
                message = f'Param "{param.name}" {error}'
                problems.append(_problem(ProblemCode.INVALID_PARAM, param.name, message))
        elif param.required:
            message = f'Param "{param.name}" ({param.type.lower()}) is required: give it a value'
            problems.append(_problem(ProblemCode.MISSING_PARAM, param.name, message))
        else:
            values[param.name] = param.default
    return values, [*_unknown(params, given), *problems]


def _unreadable(given: Mapping[str, JSONValue]) -> list[Problem]:
    """Values that JSON cannot carry, or that are nested too deep."""
    try:
        root = read_mapping(given)
    except Unreadable as error:
        message = error.problem.message.replace("The document", "The value of params")
        return [Problem(code=error.problem.code, message=message, path=("params",))]
    built = build(root, in_text=False, syntax=ProblemCode.WRONG_TYPE)
    return [
        Problem(
            code=ProblemCode.INVALID_PARAM,
            message=f"Param {problem.message}",
            path=("params", *problem.path),
        )
        for problem in built.problems
    ]


def _unknown(params: Sequence[Param], given: Mapping[str, JSONValue]) -> list[Problem]:
    names = [param.name for param in params]
    known, suggester = set(names), Suggester()
    problems = []
    for name in given:
        if name not in known:
            meant = suggester.nearest(name, names)
            message = f"There is no param {show(name)}"
            if meant:
                message += f'; did you mean "{meant}"?'
            else:
                message += f"; the pipeline has {', '.join(names[:20]) or 'none'}"
            problems.append(_problem(ProblemCode.UNKNOWN_PARAM, name, message, meant))
    return problems


def _problem(code: ProblemCode, name: str, message: str, suggestion: str | None = None) -> Problem:
    return Problem(code=code, message=message, path=("params", name), suggestion=suggestion)
