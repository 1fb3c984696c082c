"""What can be wrong with a schedule that is to be saved, apart from its cron expression.

The path of a problem is the field of the input that it is about, as the API names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from headrace.domain.definition import Definition, ParamType
from headrace.domain.json import show
from headrace.domain.names import name_fault
from headrace.domain.problems import Problem, ProblemCode, nearest
from headrace.domain.ticks import Overlap
from headrace.services.binding import Binder

MOST_CATCH_UP_SECONDS: Final = 366 * 86_400
MOST_JITTER_SECONDS: Final = 86_400
_TICK_TYPES: Final = (ParamType.DATETIME, ParamType.STRING)


@dataclass(frozen=True, kw_only=True)
class SaveSchedule:
    """What is asked for. `params` are as given; the tick's time comes with each tick."""

    name: str
    pipeline: str
    cron: str
    time_zone: str
    params: Mapping[str, Any]
    tick_param: str | None
    overlap: Overlap
    catch_up_seconds: float
    jitter_seconds: float
    priority: int
    labels: Mapping[str, str]
    replace: bool


def field_problems(asked: SaveSchedule) -> list[Problem]:
    """What is wrong with its name and its durations."""
    problems = []
    if (fault := name_fault(asked.name)) is not None:
        message = f"The name {show(asked.name)} cannot be: {fault}"
        problems.append(Problem(code=ProblemCode.INVALID_NAME, message=message, path=("name",)))
    for field, value, most in (
        ("catchUpSeconds", asked.catch_up_seconds, MOST_CATCH_UP_SECONDS),
        ("jitterSeconds", asked.jitter_seconds, MOST_JITTER_SECONDS),
    ):
        if not 0 <= value <= most:
            message = f"`{field}` must be from 0 to {most}, not {value:g}"
            problems.append(Problem(code=ProblemCode.WRONG_TYPE, message=message, path=(field,)))
    return problems


def param_problems(binder: Binder, definition: Definition, asked: SaveSchedule) -> list[Problem]:
    """What a run of now would be refused for, and what is wrong with the param for the tick."""
    given = dict(asked.params)
    if asked.tick_param is not None:
        problem = _tick_problem(definition, asked, asked.tick_param)
        if problem is not None:
            return [problem]
        given[asked.tick_param] = "2026-01-31T12:00:00+00:00"
    _, problems = binder.bind(definition, given)
    return problems


def _tick_problem(definition: Definition, asked: SaveSchedule, name: str) -> Problem | None:
    params = {param.name: param for param in definition.params}
    meant = None
    if name not in params:
        takers = [each.name for each in params.values() if each.type in _TICK_TYPES]
        meant = nearest(name, takers)
        message = f"Pipeline {asked.pipeline} has no param {show(name)}"
        message += f'; did you mean "{meant}"?' if meant else ""
        code = ProblemCode.UNKNOWN_PARAM
    elif params[name].type not in _TICK_TYPES:
        code = ProblemCode.INVALID_PARAM
        message = f'Param "{name}" takes no time: it is a {params[name].type}'
    elif name in asked.params:
        code = ProblemCode.INVALID_PARAM
        message = f'Param "{name}" gets the time of each tick: leave its value out'
    else:
        return None
    return Problem(code=code, message=message, path=("tickParam",), suggestion=meant)
