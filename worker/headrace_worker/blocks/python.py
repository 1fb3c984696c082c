"""PYTHON: calls a function of the user's own, if the settings allow its module.

Invariant: nothing is imported before its module is known to be allowed, and what is called was
defined in an allowed module, not merely found in one.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from headrace.blocks import Block, Config, Context, Inputs, Output
from headrace.domain.json import JSONValue
from headrace_worker.blocks.python_call import call
from headrace_worker.blocks.python_function import find_function
from headrace_worker.blocks.python_result import as_output

_FUNCTION = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*:[A-Za-z_]\w*", re.ASCII)


class PythonConfig(Config):
    """What to call, and with what."""

    function: str = Field(
        description="module:name, in a module that PYTHON_MODULES allows.",
        examples=["my_company.cleaning:drop_spam"],
    )
    args: dict[str, Any] = Field(
        default_factory=dict,
        description="Keyword arguments; rows, batches, inputs and ctx are added where it has them.",
    )

    @field_validator("function")
    @classmethod
    def _has_both_parts(cls, value: str) -> str:
        if not _FUNCTION.fullmatch(value):
            raise ValueError('name a function as "module:name", such as "cleaning:drop_spam"')
        return value


class Python(Block[PythonConfig]):
    """Calls a Python function with rows, Arrow batches or nothing, and takes what it gives."""

    name = "PYTHON"
    maps = True  # the user's word that the function does

    def run(self, config: PythonConfig, inputs: Inputs, ctx: Context) -> Output:
        function = find_function(config.function, ctx.environment.python_modules)
        args: Mapping[str, JSONValue] = config.args
        called = call(function, args, inputs, ctx)
        return as_output(called, ctx)
