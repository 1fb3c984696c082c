"""The JSON Schema for editors takes what `check` takes, and refuses what it can see."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from headrace.domain.definition import Definition, to_document
from headrace.domain.documents import parse_json, parse_yaml
from headrace.domain.schema import definition_schema
from tests.domain.fakes import CATALOGUE, FakeCatalogue, FakeType, checked
from tests.domain.strategies import definitions
from tests.domain.test_demo_documents import INDENTED, JSON
from tests.domain.test_round_trips import AnyTypes

SCHEMA = definition_schema(CATALOGUE)
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(definitions())
@settings(max_examples=60, deadline=None)
def test_every_definition_is_valid_by_the_schema(definition: Definition) -> None:
    Draft202012Validator(definition_schema(AnyTypes())).validate(to_document(definition))


ACCEPTED = [
    parse_yaml(INDENTED).document,
    parse_json(JSON).document,
    {"name": "p", "replace_if_exists": True, "blocks": [{"name": "a", "type": "ANY"}]},
    {
        "name": "p",
        "params": [{"name": "n", "type": "INTEGER", "default": 1, "maximum": 2}],
        "blocks": [
            {
                "name": "a",
                "type": "ANY",
                "config": {"number": "{{ params.n }}", "list": "{{ params.n }}"},
                "when": "ALL_DONE",
                "retry": {"max_attempts": 2},
            },
            {"name": "b", "type": "ANY", "config": None, "retry": None, "when": None},
        ],
        "edges": [{"from": "a", "to": "b", "as": "new"}],
    },
]


@pytest.mark.parametrize("document", ACCEPTED)
def test_documents_that_check_takes_are_valid(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)


@pytest.mark.parametrize(
    "block",
    [
        {"name": "a", "type": "NOPE"},
        {"name": "a b", "type": "ANY"},
        {"name": "new", "type": "ANY"},
        {"type": "ANY"},
        {"name": "a", "type": "ANY", "config": {"number": "seven"}},
        {"name": "a", "type": "ANY", "config": {"nmber": 7}},
        {"name": "a", "type": "ANY", "tpye": 7},
        {"name": "a", "type": "ANY", "when": "always"},
        {"name": "a", "type": "ANY", "timeout_seconds": 0},
        {"name": "a", "type": "ANY", "cache": True},
        {"name": "a", "type": "ANY", "retry": {"max_attempts": 0}},
        {"name": "a", "type": "PYTHON"},
    ],
)
def test_what_the_schema_can_see_it_refuses_as_check_does(block: dict[str, Any]) -> None:
    document = {"name": "p", "blocks": [block]}
    if block != {"name": "a", "type": "PYTHON"}:
        assert not VALIDATOR.is_valid(document)
    assert checked(json.dumps(document), parse_json).definition is None


def test_the_parts_of_a_config_schema_are_found_where_they_stand_now() -> None:
    class Nested(FakeType):
        def config_schema(self) -> dict[str, Any]:
            return {
                "$defs": {"Part": {"type": "object", "properties": {"n": {"type": "integer"}}}},
                "type": "object",
                "properties": {
                    "part": {"$ref": "#/$defs/Part", "description": "A part."},
                    "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
                    "mode": {"enum": ["a", "b"], "default": "a"},
                    "free": {"type": "string", "title": "Free"},
                },
            }

    schema = definition_schema(FakeCatalogue(Nested("T", {})))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    def valid(**config: Any) -> bool:
        block = {"name": "a", "type": "T", "config": config}
        return validator.is_valid({"name": "p", "blocks": [block]})

    assert valid(part={"n": 1}, parts=[{"n": "{{ params.n }}"}], mode="{{ params.m }}", free="x")
    assert not valid(part={"n": "one"})
    assert not valid(parts=[{"n": "one"}])
    assert not valid(mode="c")
    properties = schema["$defs"]["config.T"]["properties"]
    assert properties["part"]["description"] == "A part."
    assert properties["free"] == {"type": "string", "title": "Free"}
