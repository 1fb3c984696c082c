"""The example documents that people start from behave exactly as promised."""

from headrace.domain.documents import dump, parse_json, parse_yaml
from tests.domain.fakes import checked, only, place

JSON = (
    '{"name": "demo-ui", "replace_if_exists": true, "blocks": [{"name": "csv", '
    '"type": "CSV_READER", "config": {"input_path": "/app/data/input.csv"}}, '
    '{"name": "sent", "type": "LLM_SENTIMENT"}], "edges": [{"from": "csv", "to": "sent"}]}'
)
MIS_INDENTED = """\
name: demo-ui
replace_if_exists: true
blocks:
  - name: csv
  type: CSV_READER
  config:
    input_path: /app/data/input.csv
  - name: sent
  type: LLM_SENTIMENT
edges:
  - from: csv
  to: sent
"""
INDENTED = """\
name: demo-ui
replace_if_exists: true
blocks:
  - name: csv
    type: CSV_READER
    config:
      input_path: /app/data/input.csv
  - name: sent
    type: LLM_SENTIMENT
edges:
  - from: csv
    to: sent
"""


def test_the_json_example_imports_and_says_to_replace() -> None:
    parsed = parse_json(JSON)
    assert parsed.replace_if_exists is True
    definition = checked(parsed).definition
    assert definition is not None
    assert [block.name for block in definition.blocks] == ["csv", "sent"]
    assert definition.blocks[0].config == {"input_path": "/app/data/input.csv"}
    assert definition.graph.levels == {"csv": 0, "sent": 1}


def test_the_mis_indented_yaml_is_told_where_and_what_to_do() -> None:
    problem = only(MIS_INDENTED)
    assert problem.code == "YAML_SYNTAX"
    assert place(problem) == (5, 3)
    assert "indent `type:` by 2 more spaces" in problem.message.lower()
    assert problem.suggestion is not None
    assert problem.suggestion.startswith("indent")


def test_the_yaml_example_indented_is_the_json_example() -> None:
    as_yaml, as_json = checked(INDENTED).definition, checked(JSON, parse_json).definition
    assert as_yaml is not None
    assert as_json is not None
    assert as_yaml.digest == as_json.digest


def test_the_instruction_to_replace_is_no_part_of_an_export() -> None:
    definition = checked(INDENTED).definition
    assert definition is not None
    assert dump(definition, "YAML") == INDENTED.replace("replace_if_exists: true\n", "")
    assert parse_yaml(dump(definition, "YAML")).replace_if_exists is None
