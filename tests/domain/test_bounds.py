"""No document, however made, may cost more than the bounds allow or bring the process down."""

import sys
import time
from itertools import pairwise
from typing import Any

import pytest

from headrace.domain.documents import (
    MAX_BLOCKS,
    MAX_EDGES,
    MAX_PARAMS,
    Parsed,
    dump,
    parse_json,
    parse_mapping,
    parse_yaml,
)
from headrace.domain.nodes import MAX_BYTES, MAX_DEPTH
from tests.domain.fakes import checked

DEEP = 20_000


def nested(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth - 1):
        value = [value]
    return {"a": value}


def code_of(parsed: Parsed) -> str:
    assert parsed.document is None
    (problem,) = parsed.problems
    return problem.code


@pytest.mark.parametrize("text", ["[" * DEEP, '{"a":' * DEEP, '[{"a":' * DEEP])
def test_json_nested_without_end_is_too_large(text: str) -> None:
    assert code_of(parse_json(text)) == "TOO_LARGE"


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP,
        "{a: " * DEEP,
        "- " * DEEP,
        "? " * DEEP,
        "\n".join(" " * depth + "a:" for depth in range(1_000)),
    ],
    ids=["list", "mapping", "items", "keys", "indented"],
)
def test_yaml_nested_without_end_is_too_large(text: str) -> None:
    assert code_of(parse_yaml(text)) == "TOO_LARGE"


def test_a_mapping_nested_without_end_is_too_large() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    assert code_of(parse_mapping(endless)) == "TOO_LARGE"
    assert code_of(parse_mapping(nested(sys.getrecursionlimit() * 2))) == "TOO_LARGE"


def test_the_depth_that_is_allowed_is_one_number_for_all_formats() -> None:
    text = '{"a": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    deeper = '{"a": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}"
    for parse in (parse_json, parse_yaml):
        assert parse(text).document is not None
        assert code_of(parse(deeper)) == "TOO_LARGE"
    assert parse_mapping(nested(MAX_DEPTH)).document is not None
    assert code_of(parse_mapping(nested(MAX_DEPTH + 1))) == "TOO_LARGE"


def test_aliases_do_not_multiply_beyond_the_bounds() -> None:
    letters = "abcdefghij"
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in pairwise(letters)
    )
    assert code_of(parse_yaml(bomb)) == "TOO_LARGE"
    long_text = f"a: &a {'x' * 500_000}\nb: [*a, *a, *a]\n"
    assert code_of(parse_yaml(long_text)) == "TOO_LARGE"
    tower = "a0: &a0 [1]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}]\n" for i in range(100))
    assert code_of(parse_yaml(tower)) == "TOO_LARGE"


def test_a_document_has_at_most_one_mebibyte() -> None:
    fits = '{"a": "' + "x" * (MAX_BYTES - 9) + '"}'
    assert len(fits) == MAX_BYTES
    for parse in (parse_json, parse_yaml):
        assert parse(fits).document is not None
        assert code_of(parse(fits + " ")) == "TOO_LARGE"
    assert code_of(parse_json('{"a": "' + "é" * (MAX_BYTES // 2) + '"}')) == "TOO_LARGE"
    assert code_of(parse_mapping({"a": "x" * MAX_BYTES})) == "TOO_LARGE"


def test_a_document_has_a_bounded_number_of_values() -> None:
    assert code_of(parse_json('{"a": [' + "1," * 300_000 + "1]}")) == "TOO_LARGE"
    assert code_of(parse_yaml("a: [" + "1," * 300_000 + "1]")) == "TOO_LARGE"
    assert code_of(parse_mapping({"a": [1] * 300_000})) == "TOO_LARGE"


@pytest.mark.parametrize(
    ("key", "limit"), [("blocks", MAX_BLOCKS), ("edges", MAX_EDGES), ("params", MAX_PARAMS)]
)
def test_blocks_edges_and_params_are_counted(key: str, limit: int) -> None:
    assert parse_mapping({key: [1] * limit}).problems == ()
    parsed = parse_yaml("name: p\n" + f"{key}: [" + "1," * (limit + 1) + "]")
    assert code_of(parsed) == "TOO_LARGE"
    (problem,) = parsed.problems
    assert problem.path == (key,)
    assert (problem.line, problem.column) == (2, len(key) + 3)
    assert f"{limit:,}" in problem.message


def test_a_document_of_2000_blocks_is_checked_in_well_under_a_second() -> None:
    """The bound here is loose, for slow machines; measured, it is about 0.2 s."""
    chain = "".join(f"  - {{from: b{i}, to: b{i + 1}}}\n" for i in range(MAX_BLOCKS - 1))
    blocks = "".join(
        f"  - name: b{i}\n    type: ANY\n    config:\n      number: {i}\n      text: hello\n"
        for i in range(MAX_BLOCKS)
    )
    begin = time.process_time()
    definition = checked(f"name: big\nblocks:\n{blocks}edges:\n{chain}").definition
    assert definition is not None
    assert definition.graph.levels[f"b{MAX_BLOCKS - 1}"] == MAX_BLOCKS - 1
    assert checked(dump(definition, "YAML")).definition == definition
    assert time.process_time() - begin < 5


def test_thousands_of_typing_errors_are_all_told_and_cost_little() -> None:
    blocks = "".join(f"  - {{name: block_{i}, type: ANY}}\n" for i in range(MAX_BLOCKS))
    edges = "".join(f"  - {{from: blok_{i}, to: bolck_{i}}}\n" for i in range(MAX_EDGES))
    begin = time.process_time()
    problems = checked(f"name: big\nblocks:\n{blocks}edges:\n{edges}").problems
    assert len(problems) == 2 * MAX_EDGES
    assert problems[0].suggestion == "block_0"
    assert time.process_time() - begin < 10
