"""What was promised, a line each, and the tests that show it.

A promise is kept by name in `promises.toml`, a setting in `settings.toml`: a test that is renamed
or removed, and a setting that is added without one, fail this module. The tests themselves say
whether the promise is true.
"""

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from headrace.settings import Settings

HERE: Final = Path(__file__).parent
TESTS: Final = HERE.parent
ROOT: Final = TESTS.parent


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


PROMISES: Final = table("promises.toml")
SETTINGS: Final = table("settings.toml")
# What only the build of the UI reads.
OF_LATER: Final = {"VITE_API_BASE"}


def test_every_setting_is_here() -> None:
    assert set(SETTINGS) == {name.upper() for name in Settings.model_fields}


def test_every_default_is_the_promised_one() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    written = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert written == {name: told["default"] for name, told in SETTINGS.items()}


@pytest.mark.parametrize("name", sorted(set(SETTINGS) - OF_LATER))
def test_a_setting_has_tests_of_its_effect_and_one_that_sets_it(name: str) -> None:
    tests = SETTINGS[name]["tests"]
    assert [test for test in tests if not exists(test)] == []
    texts = [(TESTS / test.partition("::")[0]).read_text(encoding="utf-8") for test in tests]
    assert [text for text in texts if name in text or name.lower() in text]


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_has_tests(promise: str) -> None:
    assert PROMISES[promise]
    assert [test for test in PROMISES[promise] if not exists(test)] == []


def exists(test: str) -> bool:
    """Whether there is a test at this address: a file, a class perhaps, and a function."""
    file, _, name = test.partition("::")
    return name in _tests_of(TESTS / file)


@cache
def _tests_of(file: Path) -> frozenset[str]:
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return frozenset(found)
