"""Params of a run, bound: of their types, in the allowed roots, and fit for the blocks' configs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.roots import Roots
from headrace.blocks.registry import Catalogue
from headrace.domain.definition import Definition, ParamType
from headrace.domain.grants import Grants
from headrace.domain.params import bind
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.validation import check_bound
from headrace.services.modules import allowed_module
from headrace.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Binder:
    """Binds params as the settings of this process allow."""

    settings: Settings
    catalogue: Catalogue
    roots: Roots

    def bind(
        self, definition: Definition, given: Mapping[str, Any], grants: Grants | None = None
    ) -> tuple[dict[str, Any], list[Problem]]:
        """(the values of a run, every problem of what was given)."""
        values, problems = bind(definition.params, given)
        if problems:
            return values, problems
        roots = roots_with(self.roots, grants)
        for param in definition.params:
            value = values.get(param.name)
            if param.type is ParamType.PATH and isinstance(value, str):
                try:
                    roots.input(value)
                except PathNotAllowed as error:
                    problems.append(_path_problem(param.name, error))
        if not problems:
            allow = allowed_module(self.settings, grants)
            problems.extend(
                check_bound(definition, values, self.catalogue, allow_python_module=allow)
            )
        return values, problems


def roots_with(roots: Roots, grants: Grants | None) -> Roots:
    """The roots of the settings, and the very paths that the local command line allowed."""
    if grants is None or not grants.paths:
        return roots
    return roots.allowing(grants.paths)


def _path_problem(name: str, error: PathNotAllowed) -> Problem:
    return Problem(
        code=ProblemCode.INVALID_PARAM,
        message=f'Param "{name}": {error}',
        path=("params", name),
        suggestion=error.suggestion,
    )
