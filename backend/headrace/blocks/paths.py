"""Where the paths that users name lead, for `Context.input_path` and `output_path`."""

from pathlib import Path

from headrace.artifacts.errors import InputUnusable, PathNotAllowed
from headrace.artifacts.roots import Roots
from headrace.blocks.environment import Environment
from headrace.blocks.errors import BadInput, PathRefused


def input_path(environment: Environment, path: str) -> Path:
    """The existing file that `path` names; raises PathRefused or BadInput, each with a hint."""
    try:
        return _roots(environment).existing(path)
    except PathNotAllowed as error:
        raise PathRefused(str(error)) from None
    except InputUnusable as error:
        raise BadInput(str(error)) from None


def output_path(environment: Environment, path: str) -> Path:
    """Where to write what is to lie at `path`; raises PathRefused."""
    try:
        return _roots(environment).output(path)
    except PathNotAllowed as error:
        raise PathRefused(str(error)) from None


def _roots(environment: Environment) -> Roots:
    return Roots(
        allowed=environment.allowed_roots,
        data_dir=environment.data_dir,
        artifacts_dir=environment.artifacts_dir,
        forbidden=environment.forbidden,
        working_dir=environment.working_dir,
    )
