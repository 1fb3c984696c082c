"""Every problem of a document at once, in its order, each with a code, a path and a place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.domain.definition import Block, Definition
from headrace.domain.documents import parse_json, parse_mapping, parse_yaml
from headrace.domain.problems import ProblemCode
from headrace.domain.validation import check, check_bound
from tests.domain.fakes import CATALOGUE, checked, only, place, problems, with_block

MANY = """\
name: my pipeline
descripton: tries everything
params:
  - {name: limit, type: int, default: 3}
blocks:
  - name: csv
    type: CSV_REDER
  - name: csv
    type: NOTHING_LIKE_IT
  - name: a
    type: ANY
    cache: yes
    retry: {maxAttempts: 3, delay_seconds: -1}
    config: {number: "{{ params.lim }}", txet: x}
  - name: b
    type: PYTHON
    config: {function: "os:system"}
    timeout_seconds: 0
  - name: c
    type: LLM_SENTIMENT
  - 7
edges:
  - {from: a, to: b}
  - {from: b, to: a}
  - {from: a, to: b}
  - {source: a, to: nowhere}
  - {from: b, to: cvs}
"""


def test_every_problem_of_a_document_comes_back_at_once_and_in_order() -> None:
    found = [(p.code.value, ".".join(p.path), place(p), p.suggestion) for p in problems(MANY)]
    assert found == [
        ("INVALID_NAME", "name", (1, 7), "my-pipeline"),
        ("UNKNOWN_KEY", "descripton", (2, 1), "description"),
        ("WRONG_TYPE", "params.0.type", (4, 25), "integer"),
        ("UNKNOWN_BLOCK_TYPE", "blocks.0.type", (7, 11), "CSV_READER"),
        ("DUPLICATE_BLOCK", "blocks.1.name", (8, 11), None),
        ("UNKNOWN_BLOCK_TYPE", "blocks.1.type", (9, 11), None),
        ("WRONG_TYPE", "blocks.2.cache", (12, 12), "true"),
        ("UNKNOWN_KEY", "blocks.2.retry.maxAttempts", (13, 13), "max_attempts"),
        ("WRONG_TYPE", "blocks.2.retry.delay_seconds", (13, 44), None),
        ("UNKNOWN_PARAM", "blocks.2.config.number", (14, 22), "limit"),
        ("INVALID_CONFIG", "blocks.2.config.txet", (14, 42), "text"),
        ("PYTHON_NOT_ALLOWED", "blocks.3.config.function", (17, 24), None),
        ("WRONG_TYPE", "blocks.3.timeout_seconds", (18, 22), None),
        ("INPUT_COUNT", "blocks.4", (19, 5), None),
        ("WRONG_TYPE", "blocks.5", (21, 5), None),
        ("CYCLE", "edges.1", (24, 5), None),
        ("DUPLICATE_EDGE", "edges.2", (25, 5), None),
        ("MISSING_KEY", "edges.3", (26, 5), None),
        ("UNKNOWN_KEY", "edges.3.source", (26, 6), "from"),
        ("UNKNOWN_BLOCK", "edges.3.to", (26, 21), None),
        ("UNKNOWN_BLOCK", "edges.4.to", (27, 19), "csv"),
    ]


def test_a_mapping_has_the_same_problems_in_the_same_order_without_lines() -> None:
    document = parse_yaml(MANY).document
    assert document is not None
    result = checked(parse_mapping(document))
    assert all(place(problem) == (None, None) for problem in result.problems)
    assert [(p.code, p.path, p.message) for p in result.problems] == [
        (p.code, p.path, p.message) for p in problems(MANY)
    ]


def test_a_cache_is_refused_in_every_form_rather_than_ignored() -> None:
    text = "name: p\nblocks:\n  - name: a\n    type: ANY\n    cache: true\n"
    document = parse_yaml(text).document
    assert document is not None
    forms = (parse_yaml(text), parse_json(json.dumps(document)), parse_mapping(document))
    for parsed in forms:
        (problem,) = checked(parsed).problems
        assert (problem.code, problem.path) == ("INVALID_CONFIG", ("blocks", "0", "cache"))
        assert problem.blocks == ("a",)
        assert "not in this version" in problem.message
    assert [place(checked(parsed).problems[0]) for parsed in forms] == [
        (5, 12),
        (1, 64),
        (None, None),
    ]
    assert checked(text.replace("true", "false")).definition is not None


def test_a_stored_cache_is_refused_when_its_run_starts() -> None:
    definition = Definition(name="p", blocks=(Block(name="a", type="ANY", cache=True),))
    (problem,) = check_bound(definition, {}, CATALOGUE, allow_python_module=bool)
    assert problem.path == ("blocks", "0", "cache")


def test_unreadable_values_and_other_problems_come_together_and_once_each() -> None:
    text = "name: .nan\nblocks:\n  - name: a\n    type: ANY\n    cache: !!bool x\n    tpye: 1\n"
    assert [(p.code.value, p.path[-1]) for p in problems(text)] == [
        ("WRONG_TYPE", "name"),
        ("YAML_SYNTAX", "cache"),
        ("UNKNOWN_KEY", "tpye"),
    ]


def test_an_unreadable_key_or_a_tag_hides_no_other_problem() -> None:
    text = "!!map\n1: x\nname: p\nblocks: !!seq\n  - {2: x, name: a, type: ANYY, cache: 3}\n"
    assert [(p.code.value, p.path) for p in problems(text)] == [
        ("YAML_SYNTAX", ()),
        ("WRONG_TYPE", ()),
        ("YAML_SYNTAX", ("blocks",)),
        ("WRONG_TYPE", ("blocks", "0")),
        ("UNKNOWN_BLOCK_TYPE", ("blocks", "0", "type")),
        ("WRONG_TYPE", ("blocks", "0", "cache")),
    ]


@pytest.mark.parametrize(
    ("lines", "code", "says"),
    [
        ("cache: 1", "WRONG_TYPE", "`cache` should be true or false, but is 1"),
        ("when: always", "WRONG_TYPE", "one of all_succeeded, none_failed, all_done, any_failed"),
        ("when: all_don", "WRONG_TYPE", "write all_done"),
        ("config: []", "WRONG_TYPE", "`config` should be a mapping, but is a list"),
        ("retry: 3", "WRONG_TYPE", 'Block "b": retry: this should be a mapping, but is 3'),
        ("retry: {max_attempts: 0}", "WRONG_TYPE", "a whole number from 1 to 100, but is 0"),
        ("retry: {max_attempts: 1.5}", "WRONG_TYPE", "whole number"),
        ("retry: {max_attempts: true}", "WRONG_TYPE", "whole number"),
        ("retry: {backoff: 0.5}", "WRONG_TYPE", "a number from 1 to 100"),
        ("retry: {max_delay_seconds: 1e9}", "WRONG_TYPE", "from 0 to 86,400"),
        ("timeout_seconds: 0", "WRONG_TYPE", "above 0 and at most 31,536,000"),
        ("timeout_seconds: soon", "WRONG_TYPE", '"soon"'),
        ("retries: 3", "UNKNOWN_KEY", "did you mean `retry`?"),
        ("timeout: 3", "UNKNOWN_KEY", "did you mean `timeout_seconds`?"),
        ("timeoutSeconds: 3", "UNKNOWN_KEY", "did you mean `timeout_seconds`?"),
        ("xyz: 3", "UNKNOWN_KEY", "there are name, type, config, retry"),
        ("config: {number: x}", "INVALID_CONFIG", "config.number: this should be of type integer"),
    ],
)
def test_a_faulty_key_of_a_block_is_told_with_what_to_do(lines: str, code: str, says: str) -> None:
    problem = only(with_block(lines))
    assert problem.code == code
    assert says in problem.message
    assert 'Block "b"' in problem.message


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("blocks: [{name: a, type: ANY}]", (), "The pipeline: the key `name` is missing"),
        ("name: p", (), "the key `blocks` is missing"),
        ("name: p\nblocks:", ("blocks",), "`blocks` is empty"),
        ("name: p\nblocks: []", ("blocks",), "at least one block"),
        ("name: p\nblocks: {a: {type: ANY}}", ("blocks",), "should be a list"),
        ("name: p\nblocks: [{type: ANY}]", ("blocks", "0"), "Block 1: the key `name` is missing"),
        ("name: p\nblocks: [{name: a}]", ("blocks", "0"), "the key `type` is missing"),
        ("name: p\nblocks: [{name: a, type: ''}]", ("blocks", "0", "type"), "`type` is empty"),
        ("name: p\nblocks: [{name: 7, type: ANY}]", ("blocks", "0", "name"), 'quotes: "7"'),
        ("name: p\nblocks: [{name: '', type: ANY}]", ("blocks", "0", "name"), "`name` is empty"),
        ("name: p\nblocks: [ANY]", ("blocks", "0"), 'this should be a mapping, but is "ANY"'),
        ("name: new\nblocks: [{name: a, type: ANY}]", ("name",), '"new" is reserved'),
        ("name: p\nblocks: [{name: .a, type: ANY}]", ("blocks", "0", "name"), "does not begin"),
        (f"name: {'x' * 101}\nblocks: [{{name: a, type: ANY}}]", ("name",), "1 to 100 characters"),
        (
            "name: p\nreplace_if_exists: maybe\nblocks: [{name: a, type: ANY}]",
            ("replace_if_exists",),
            "true or false",
        ),
        ("name: p\nedges: {a: b}\nblocks: [{name: a, type: ANY}]", ("edges",), "should be a list"),
    ],
)
def test_a_missing_or_faulty_part_is_told(text: str, path: tuple[str, ...], says: str) -> None:
    problem = only(text)
    assert problem.path == path
    assert says in problem.message


def edges_of(*edges: str, types: str = "ANY ANY ANY") -> str:
    blocks = "".join(
        f"  - {{name: {name}, type: {type_}}}\n"
        for name, type_ in zip("abc", types.split(), strict=False)
    )
    return f"name: p\nblocks:\n{blocks}edges:\n" + "".join(f"  - {{{edge}}}\n" for edge in edges)


@pytest.mark.parametrize(
    ("edges", "code", "blocks", "says"),
    [
        (["from: a, to: a"], "CYCLE", ("a",), "has an edge to itself"),
        (["from: b, to: c", "from: c, to: b"], "CYCLE", ("b", "c"), "b → c → b"),
        (["from: c, to: a", "from: a, to: b", "from: b, to: c"], "CYCLE", ("a", "b", "c"), "a → b"),
        (["from: a, to: b", "from: a, to: b"], "DUPLICATE_EDGE", ("a", "b"), "stands twice"),
        (["from: a, to: b", "from: a, to: b, as: x"], "DUPLICATE_EDGE", ("a", "b"), "remove one"),
        (["from: a, to: c, as: x", "from: b, to: c, as: x"], "DUPLICATE_EDGE", ("c",), 'named "x"'),
        (["from: a, to: c", "from: b, to: c, as: a"], "DUPLICATE_EDGE", ("c",), 'from "a" and "b"'),
        (["from: a, to: x1y"], "UNKNOWN_BLOCK", ("a",), '"x1y", which is no block here'),
        (["from: a, to: b, as: 'x y'"], "INVALID_NAME", (), '"x y" cannot be a name'),
    ],
)
def test_a_faulty_edge_is_told_with_its_blocks(
    edges: list[str], code: str, blocks: tuple[str, ...], says: str
) -> None:
    problem = only(edges_of(*edges))
    assert (problem.code, problem.blocks) == (code, blocks)
    assert says in problem.message
    assert problem.path[0] == "edges"


def test_two_cycles_are_told_at_once_each_at_the_edge_that_closes_it() -> None:
    text = edges_of("from: a, to: b", "from: c, to: c", "from: b, to: a")
    assert [(p.blocks, p.path) for p in problems(text)] == [
        (("c",), ("edges", "1")),
        (("a", "b"), ("edges", "2")),
    ]


@pytest.mark.parametrize(
    ("types", "edges", "says"),
    [
        ("ANY LLM_SENTIMENT", [], "takes exactly 1 input, but it has none"),
        ("ANY ANY LLM_SENTIMENT", ["from: a, to: c", "from: b, to: c"], "but it has 2"),
        ("ANY CSV_READER", ["from: a, to: b"], "takes no inputs, but it has 1: remove the edges"),
    ],
)
def test_a_block_has_as_many_inputs_as_its_type_wants(
    types: str, edges: list[str], says: str
) -> None:
    text = edges_of(*edges, types=types) if edges else edges_of(types=types).replace("edges:\n", "")
    problem = only(text)
    assert problem.code == "INPUT_COUNT"
    assert says in problem.message


def test_one_typing_error_in_an_edge_is_one_problem() -> None:
    text = (
        "name: p\nblocks:\n  - {name: reader, type: CSV_READER}\n"
        "  - {name: sentiment, type: LLM_SENTIMENT}\nedges:\n  - {from: raeder, to: sentimnt}\n"
    )
    found = problems(text)
    assert [(p.code.value, p.suggestion) for p in found] == [
        ("UNKNOWN_BLOCK", "reader"),
        ("UNKNOWN_BLOCK", "sentiment"),
    ]


def test_a_definition_comes_out_exactly_when_there_is_no_problem() -> None:
    good = checked(edges_of("from: a, to: b"))
    assert good.definition is not None
    assert good.problems == ()
    assert checked(MANY).definition is None


KEYS = ("name", "type", "blocks", "edges", "params", "config", "retry", "from", "to", "as", "typ")
MORE = ("cache", "when", "default", "required", "choices", "timeout_seconds", "max_attempts")
keys = st.sampled_from((*KEYS, *MORE))
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats()
    | st.sampled_from(
        ["a", "b", "", "ANY", "PYTHON", "string", "integer", "{{ params.a }}", "all_done", "os:f"]
    )
)
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@given(
    st.fixed_dictionaries(
        {"name": leaves, "blocks": st.lists(documents, max_size=4)},
        optional={"edges": documents, "params": st.lists(documents, max_size=3), "x": leaves},
    )
)
@settings(max_examples=150, deadline=None)
def test_any_document_is_either_a_definition_or_has_problems_told_in_order(
    document: dict[str, object],
) -> None:
    result = checked(parse_mapping(document))
    assert (result.definition is None) == bool(result.problems)
    for problem in result.problems:
        assert problem.code in ProblemCode
        assert problem.message
    tops = [p.path[0] for p in result.problems if p.path and p.path[0] in document]
    assert tops == sorted(tops, key=list(document).index)


@given(st.text(max_size=60) | st.text(alphabet="ab:-[]{}&*!|>'\"#\n ,?%@`<", max_size=60))
@settings(max_examples=600, deadline=None)
def test_no_text_makes_reading_raise(text: str) -> None:
    for parse in (parse_yaml, parse_json):
        result = check(parse(text), CATALOGUE, allow_python_module=bool)
        assert (result.definition is None) == bool(result.problems)
        assert all(p.line is None or p.line >= 1 for p in result.problems)
