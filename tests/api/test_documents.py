"""Documents: bounds before validation, one validation for one text, bounded keeping."""

import time

import pytest
from graphql import GraphQLSchema

from headrace.api import documents as module
from headrace.api.documents import Document, Documents
from headrace.api.errors import ApiError
from headrace.api.rules import Bounds
from tests.api import small_schema


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return small_schema.build()._schema


@pytest.fixture
def documents(schema: GraphQLSchema) -> Documents:
    return Documents(schema)


def code_of(document: Document) -> str:
    assert document.node is None
    return str(document.errors[0]["extensions"]["code"])


def nested(levels: int) -> str:
    return "{" + "leaf{" * levels + "number" + "}" * levels + "}"


def test_a_text_is_worked_through_once(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = documents.get("{ ping }")
    monkeypatch.setattr(module, "parse", None)
    monkeypatch.setattr(module, "validate", None)
    assert documents.get("{ ping }") is first
    assert first.operation(None).operation.value == "query"


def test_what_is_wrong_with_a_text_is_kept_too(documents: Documents) -> None:
    assert documents.get("{ nothing }") is documents.get("{ nothing }")
    assert code_of(documents.get("{ nothing }")) == "BAD_USER_INPUT"


def test_the_oldest_texts_go_when_there_are_too_many_characters(documents: Documents) -> None:
    padding = " " * 16_000
    first = documents.get("{ ping }" + padding)
    for number in range(module.MAX_KEPT_CHARACTERS // 16_000 + 1):
        documents.get(f"query Q{number} {{ ping }}" + padding)
    assert sum(map(len, documents._kept)) <= module.MAX_KEPT_CHARACTERS
    assert documents.get("{ ping }" + padding) is not first


def test_a_long_text_is_answered_and_not_kept(documents: Documents) -> None:
    text = "{ ping }" + " " * module.MAX_KEPT_LENGTH
    assert documents.get(text).node is not None
    assert documents.get(text) is not documents.get(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{ " + "ping " * 1_000 + "}", id="tokens"),
        pytest.param("#\n" * 1_001 + "{ ping }", id="comments"),
        pytest.param(nested(16), id="depth"),
        pytest.param(nested(400), id="deeper than the parser goes"),
        pytest.param("{ echo(value: " + "[" * 300 + "]" * 300 + ") }", id="a deep literal"),
        pytest.param("{ " + " ".join(f"a{n}: ping" for n in range(51)) + " }", id="aliases"),
        pytest.param(
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
            + " fragment F60 on Query { a: ping }",
            id="aliases that double sixty times",
        ),
    ],
)
def test_a_document_over_a_bound_is_refused_quickly(documents: Documents, text: str) -> None:
    began = time.thread_time()
    assert code_of(documents.get(text)) == "QUERY_TOO_COMPLEX"
    assert time.thread_time() - began < 1


def test_bounds_are_inclusive_and_count_through_fragments(schema: GraphQLSchema) -> None:
    documents = Documents(schema, bounds=Bounds(depth=3, aliases=2))
    assert documents.get("{ leaf { leaf { number } } }").node is not None
    assert documents.get("{ a: ping b: ping }").node is not None
    split = "{ leaf { ...F } } fragment F on Leaf { leaf { ... on Leaf { leaf { number } } } }"
    assert code_of(documents.get(split)) == "QUERY_TOO_COMPLEX"


def test_fragments_in_a_circle_are_named_as_such(documents: Documents) -> None:
    circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    errors = documents.get(circle).errors
    assert any("Cannot spread fragment" in error["message"] for error in errors)
    assert code_of(documents.get(circle)) == "BAD_USER_INPUT"


def test_the_introspection_of_tools_is_within_the_bounds(documents: Documents) -> None:
    from graphql import get_introspection_query

    assert documents.get(get_introspection_query()).node is not None


def test_a_document_without_an_operation_has_none_to_choose(documents: Documents) -> None:
    several = documents.get("query A { ping } query B { ping }")
    assert several.operation("B").name is not None
    for name in (None, "", "C"):
        with pytest.raises(ApiError):
            several.operation(name)
