"""JSON is read strictly, and its faults are told with their place and what to do."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from headrace.domain.documents import parse_json
from tests.domain.fakes import place
from tests.domain.strategies import json_values


@given(st.fixed_dictionaries({"v": json_values}), st.sampled_from([None, 0, 3]))
@settings(max_examples=200, deadline=None)
def test_what_pythons_json_writes_is_read_alike(
    document: dict[str, object], indent: int | None
) -> None:
    parsed = parse_json(json.dumps(document, indent=indent, ensure_ascii=indent == 3))
    assert parsed.problems == ()
    assert parsed.document == document


@given(st.text(alphabet='{}[],:"\\ntrue019.-+eE \n/u', max_size=30))
@example('{"a":[{}],"b":""}')
@settings(max_examples=400, deadline=None)
def test_a_text_is_refused_exactly_when_pythons_json_refuses_it(text: str) -> None:
    try:
        json.loads(text, parse_constant=pytest.fail)
        valid = True
    except ValueError:
        valid = False
    found = [problem for problem in parse_json(text).problems if problem.code == "JSON_SYNTAX"]
    duplicates = [problem for problem in found if "stands twice" in problem.message]
    assert valid == (found == duplicates)


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", (1, 1), "ends too early"),
        ("[1,\n 2", (2, 3), 'add the "]" for what line 1 opens'),
        ('{"a": {"b": 1}', (1, 15), 'add the "}" for what line 1 opens'),
        ('{"a": 1,}', (1, 9), 'A comma stands before this "}": remove it'),
        ("[1,]", (1, 4), "remove it"),
        ("{a: 1}", (1, 2), "put text in double quotes"),
        ("{'a': 1}", (1, 2), "double quotes"),
        ('{"a": True}', (1, 7), "in lower case"),
        ('{"a": 01}', (1, 7), "no leading zero"),
        ('{"a": .5}', (1, 7), "no bare dot"),
        ('{"a" 1}', (1, 6), 'A ":" is missing'),
        ('{"a": 1\n "b": 2}', (2, 2), 'A "," or "}" is missing'),
        ('{"a": "x\ny"}', (1, 7), "\\n"),
        ('{"a": "\\x"}', (1, 7), "\\\\"),
        ('{"a": "\\u12"}', (1, 7), "cannot be read"),
        ('{"a": "x', (1, 7), 'closing " is missing'),
        ('{"a": 1} 2', (1, 10), "remove what follows"),
        ("// c\n{}", (1, 1), "no comments"),
        ('{"😀": 1,\r\n  é}', (2, 3), "double quotes"),
        ("name: demo", (1, 1), "This is not JSON"),
    ],
)
def test_a_syntax_error_says_where_and_what_to_do(
    text: str, at: tuple[int, int], says: str
) -> None:
    (problem,) = parse_json(text).problems
    assert problem.code == "JSON_SYNTAX"
    assert place(problem) == at, problem.message
    assert says in problem.message


def test_every_unreadable_value_is_told_at_once() -> None:
    text = (
        '{"a": NaN, "b": [-Infinity, 1e999],\n "c": 99999999999999999999, "d": "\\ud800",'
        ' "e": "\\u0000", "a": 1}'
    )
    found = parse_json(text).problems
    assert [(problem.code, problem.path, place(problem)) for problem in found] == [
        ("JSON_SYNTAX", ("a",), (1, 7)),
        ("JSON_SYNTAX", ("b", "0"), (1, 18)),
        ("WRONG_TYPE", ("b", "1"), (1, 29)),
        ("WRONG_TYPE", ("c",), (2, 7)),
        ("WRONG_TYPE", ("d",), (2, 34)),
        ("WRONG_TYPE", ("e",), (2, 49)),
        ("JSON_SYNTAX", ("a",), (2, 59)),
    ]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_json('\ufeff{"a": 1}').document == {"a": 1}


@pytest.mark.parametrize("text", ["[]", "1", '"x"', "null"])
def test_a_document_is_a_mapping(text: str) -> None:
    (problem,) = parse_json(text).problems
    assert problem.code == "WRONG_TYPE"
    assert "should be a mapping" in problem.message
