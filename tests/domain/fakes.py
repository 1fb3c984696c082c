"""A small catalogue of block types, and short ways to check a document against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from headrace.domain.documents import Parsed, parse_yaml
from headrace.domain.problems import Problem
from headrace.domain.suggestions import nearest
from headrace.domain.validation import Checked, ConfigFault, check

_PYTHON_NAMES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}


@dataclass(frozen=True)
class FakeType:
    """A block type whose config has the given keys, each of one JSON type."""

    name: str
    keys: Mapping[str, str]
    required: tuple[str, ...] = ()
    min_inputs: int = 0
    max_inputs: int | None = None
    maps: bool = False
    description: str = "A block type for tests."

    def config_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                key: {"type": type_, "description": f"The {key}."}
                for key, type_ in self.keys.items()
            },
            "required": list(self.required),
            "additionalProperties": False,
        }

    def check_config(self, config: Mapping[str, Any]) -> list[ConfigFault]:
        faults = [
            ConfigFault((key,), "this key is missing") for key in self.required if key not in config
        ]
        for key, value in config.items():
            if key not in self.keys:
                meant = nearest(key, self.keys)
                faults.append(ConfigFault((key,), "there is no such key", meant, unknown_key=True))
            elif not isinstance(value, _PYTHON_NAMES[self.keys[key]]):
                faults.append(ConfigFault((key,), f"this should be of type {self.keys[key]}"))
        return faults


class FakeCatalogue:
    def __init__(self, *types: FakeType) -> None:
        self._types = {each.name: each for each in types}

    def get(self, name: str) -> FakeType | None:
        return self._types.get(name)

    def names(self) -> list[str]:
        return list(self._types)


CATALOGUE = FakeCatalogue(
    FakeType("CSV_READER", {"input_path": "string", "limit": "integer"}, max_inputs=0),
    FakeType("LLM_SENTIMENT", {"text_column": "string"}, min_inputs=1, max_inputs=1, maps=True),
    FakeType("ANY", {"text": "string", "number": "integer", "flag": "boolean", "list": "array"}),
    FakeType("MAPS", {}, maps=True),
    FakeType("PYTHON", {"function": "string", "args": "object"}, required=("function",)),
)


def checked(
    document: str | Parsed,
    parse: Callable[[str], Parsed] = parse_yaml,
    *,
    modules: tuple[str, ...] = (),
) -> Checked:
    parsed = parse(document) if isinstance(document, str) else document
    return check(parsed, CATALOGUE, allow_python_module=modules.__contains__)


def problems(document: str, parse: Callable[[str], Parsed] = parse_yaml) -> tuple[Problem, ...]:
    return checked(document, parse).problems


def only(document: str, parse: Callable[[str], Parsed] = parse_yaml) -> Problem:
    """The one problem of a document."""
    found = problems(document, parse)
    assert len(found) == 1, [problem.message for problem in found]
    return found[0]


def place(problem: Problem) -> tuple[int | None, int | None]:
    return problem.line, problem.column


def with_block(lines: str, *, head: str = "", edges: str = "") -> str:
    """A pipeline with one block `b` of type ANY and these lines of it."""
    inner = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"name: p\n{head}blocks:\n  - name: b\n    type: ANY\n{inner}{edges}"
