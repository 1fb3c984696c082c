"""Whatever a definition holds, its exports mean the same: one meaning, one digest."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.domain.definition import Definition, definition_from_document, to_document
from headrace.domain.documents import Parsed, dump, parse_json, parse_mapping, parse_yaml
from headrace.domain.json import canonical_json, digest
from headrace.domain.validation import ConfigFault, check
from headrace.domain.yaml_writer import write_yaml
from tests.domain.strategies import AWKWARD, definitions, json_values, texts


class AnyConfig:
    description, min_inputs, max_inputs, maps = "", 0, None, True

    def __init__(self, name: str) -> None:
        self.name = name

    def config_schema(self) -> dict[str, Any]:
        return {}

    def check_config(self, config: Mapping[str, Any]) -> list[ConfigFault]:
        return []


class AnyTypes:
    def get(self, name: str) -> AnyConfig:
        return AnyConfig(name)

    def names(self) -> list[str]:
        return ["FREE", "OTHER"]


def taken(parsed: Parsed) -> Definition:
    result = check(parsed, AnyTypes(), allow_python_module=bool)
    # A text of a config may look like a template of a param that is not there.
    assert {problem.code for problem in result.problems} <= {"UNKNOWN_PARAM"}, result.problems
    assert parsed.document is not None
    return result.definition or definition_from_document(parsed.document)


@given(definitions())
@settings(max_examples=120, deadline=None)
def test_yaml_json_and_mappings_of_one_definition_have_its_digest(definition: Definition) -> None:
    document = to_document(definition)
    formats: tuple[Literal["YAML"], Literal["JSON"]] = ("YAML", "JSON")
    as_yaml, as_json = (dump(definition, each) for each in formats)
    for parsed in (parse_yaml(as_yaml), parse_json(as_json), parse_mapping(document)):
        assert taken(parsed).digest == definition.digest


@given(definitions())
@settings(max_examples=100, deadline=None)
def test_the_stored_document_gives_the_same_definition_back(definition: Definition) -> None:
    stored = json.loads(canonical_json(to_document(definition)))
    assert definition_from_document(stored) == definition
    assert digest(stored) == definition.digest


@given(st.fixed_dictionaries({"v": st.dictionaries(texts, json_values, max_size=5)}))
@settings(max_examples=200, deadline=None)
def test_written_yaml_means_the_same_to_us_and_to_a_yaml_1_1_reader(
    document: dict[str, Any],
) -> None:
    text = write_yaml(document)
    ours = parse_yaml(text)
    assert ours.problems == (), text
    assert canonical_json(ours.document) == canonical_json(document), text
    assert canonical_json(yaml.safe_load(text)) == canonical_json(document), text


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_awkward_text_survives_as_value_key_and_item(text: str) -> None:
    document: dict[str, Any] = {
        "v": text,
        "k": {text: {text: text}},
        "l": [text, [text, [text]], {text: text}],
    }
    assert parse_yaml(write_yaml(document)).document == document
    assert yaml.safe_load(write_yaml(document)) == document


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain words, and more", "plain words, and more"),
        ("/app/data/input.csv", "/app/data/input.csv"),
        ("module:function", "module:function"),
        ("Grüße", "Grüße"),
        ("no", '"no"'),
        ("2024-01-01", '"2024-01-01"'),
        ("1e3", '"1e3"'),
        ("{{ params.x }}", '"{{ params.x }}"'),
        ("a\nb\n", "|\n  a\n  b"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\x85b", r'"a\u0085b"'),
        (1.5, "1.5"),
        (1e-07, "1.0e-07"),
        (1e300, "1.0e+300"),
        ([], "[]"),
        ({}, "{}"),
        (None, "null"),
        (True, "true"),
    ],
)
def test_text_is_quoted_only_where_a_reader_could_mistake_it(value: Any, written: str) -> None:
    assert write_yaml({"v": value}) == f"v: {written}\n"


def test_an_export_reads_like_a_document_that_a_person_wrote() -> None:
    text = (
        "name: demo\n"
        "description: |\n"
        "  Reads messages.\n"
        "  Rates them.\n"
        "params:\n"
        "  - name: input_path\n"
        "    type: path\n"
        "    default: data/input.csv\n"
        "blocks:\n"
        "  - name: csv\n"
        "    type: FREE\n"
        "    config:\n"
        '      input_path: "{{ params.input_path }}"\n'
        "      columns:\n"
        "        - id\n"
        "        - text\n"
        "      nested:\n"
        "        - - 1\n"
        "          - 2\n"
        "        - a: 1\n"
        "          b: 2\n"
        "  - name: sent\n"
        "    type: OTHER\n"
        "    retry:\n"
        "      max_attempts: 3\n"
        "    timeout_seconds: 60\n"
        "    when: all_done\n"
        "edges:\n"
        "  - from: csv\n"
        "    to: sent\n"
        "    as: rows\n"
    )
    assert dump(taken(parse_yaml(text)), "YAML") == text


def test_defaults_written_out_and_left_out_have_one_digest() -> None:
    short = taken(
        parse_yaml(
            "name: p\nblocks: [{name: a, type: FREE}, {name: b, type: FREE}]\n"
            "edges: [{from: a, to: b}]\nparams: [{name: x, type: string}]"
        )
    )
    long = taken(
        parse_yaml(
            "name: p\ndescription: null\nreplace_if_exists: true\n"
            "params: [{name: x, type: STRING, required: true, default: null}]\n"
            "blocks:\n"
            "  - {name: a, type: FREE, config: {}, cache: false, when: ALL_SUCCEEDED, retry: {}}\n"
            "  - {name: b, type: FREE, timeout_seconds: null, retry: {max_attempts: 1.0}}\n"
            "edges: [{from: a, to: b, as: a}]\n"
        )
    )
    assert short.digest == long.digest


def test_a_whole_float_is_the_integer_that_a_browser_would_send() -> None:
    assert digest({"n": 1.0}) == digest({"n": 1})
    assert digest({"n": 1.5}) != digest({"n": 1})
