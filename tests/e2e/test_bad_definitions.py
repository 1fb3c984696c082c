"""Bad definitions: each problem has its code and its place, all come at once, nothing is kept."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.databases import BOTH
from tests.e2e.untouched import nothing_stays_behind
from tests.system import documents
from tests.system.client import Api
from tests.system.grounds import Grounds

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

CSV = {"name": "csv", "type": "CSV_READER", "config": {"input_path": "in.csv"}}
SENT = {"name": "sent", "type": "LLM_SENTIMENT"}
WIDE = [{"name": f"b{number}", "type": "CSV_READER"} for number in range(2_001)]
CROWD = [{"name": f"s{number}", "type": "PYTHON"} for number in range(102)]
LAUGHS = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10) if before else 'lol'}]"
    for before, name in zip(["", *"abcdefgh"], "abcdefghi", strict=True)
)
EVERYTHING_WRONG = """\
name: all wrong
retries: 3
params:
  - {name: size, type: integer, default: many}
blocks:
  - name: csv
    type: CSV_REEDER
  - name: csv
    type: CSV_READER
    config: {input_pth: "{{ params.sise }}"}
  - name: a
    type: PYTHON
    config: {function: "os:system"}
  - name: b
    type: LLM_SENTIMENT
edges:
  - {from: a, to: b}
  - {from: a, to: b}
  - {from: b, to: a}
  - {from: a, to: z}
"""
PLACES = {
    "INVALID_NAME": (1, ["name"]),
    "UNKNOWN_KEY": (2, ["retries"]),
    "INVALID_PARAM": (4, ["params", "0", "default"]),
    "UNKNOWN_BLOCK_TYPE": (7, ["blocks", "0", "type"]),
    "DUPLICATE_BLOCK": (8, ["blocks", "1", "name"]),
    "INVALID_CONFIG": (10, ["blocks", "1", "config", "input_pth"]),
    "UNKNOWN_PARAM": (10, ["blocks", "1", "config", "input_pth"]),
    "PYTHON_NOT_ALLOWED": (13, ["blocks", "2", "config", "function"]),
    "DUPLICATE_EDGE": (18, ["edges", "1"]),
    "UNKNOWN_BLOCK": (20, ["edges", "3", "to"]),
}


def text(**members: Any) -> dict[str, str]:
    """A document as JSON text."""
    return {"json": json.dumps({"name": "bad", **members})}


CASES: dict[str, tuple[Mapping[str, Any], str, list[str] | None]] = {
    "yaml that is none": ({"yaml": "name: [bad\nblocks: []"}, "YAML_SYNTAX", None),
    "json that is none": ({"json": '{"name": "bad",'}, "JSON_SYNTAX", None),
    "nothing": ({"yaml": ""}, "WRONG_TYPE", []),
    "a list": ({"json": "[]"}, "WRONG_TYPE", []),
    "a tag that would call a function": (
        {"yaml": "name: !!python/object/apply:os.system ['touch data/owned']\nblocks: []"},
        "YAML_SYNTAX",
        None,
    ),
    "a billion laughs": ({"yaml": LAUGHS}, "TOO_LARGE", None),
    "a key twice": ({"yaml": "name: bad\nname: bad\nblocks: []"}, "YAML_SYNTAX", None),
    "deep nesting": ({"json": '{"name":' + "[" * 500 + "]" * 500 + "}"}, "TOO_LARGE", None),
    "more than a mebibyte": (text(blocks=[CSV], description="x" * 2**20), "TOO_LARGE", []),
    "too many blocks": (text(blocks=WIDE), "TOO_LARGE", ["blocks"]),
    "too many edges": (
        text(
            blocks=CROWD,
            edges=[{"from": a["name"], "to": b["name"]} for a in CROWD for b in CROWD][:10_001],
        ),
        "TOO_LARGE",
        ["edges"],
    ),
    "too many params": (
        text(blocks=[CSV], params=[{"name": f"p{n}", "type": "string"} for n in range(201)]),
        "TOO_LARGE",
        ["params"],
    ),
    "no blocks": (text(), "MISSING_KEY", []),
    "a number for a name": (text(name=3, blocks=[CSV]), "WRONG_TYPE", ["name"]),
    "a cycle": (
        text(
            blocks=[CSV, SENT, {**SENT, "name": "b"}],
            edges=[{"from": "sent", "to": "b"}, {"from": "b", "to": "sent"}],
        ),
        "CYCLE",
        None,
    ),
    "an input too many": (
        text(
            blocks=[CSV, {**CSV, "name": "two"}, SENT],
            edges=[{"from": "csv", "to": "sent"}, {"from": "two", "to": "sent"}],
        ),
        "INPUT_COUNT",
        None,
    ),
    "an output that is no csv": (
        text(
            blocks=[CSV, {"name": "w", "type": "CSV_WRITER", "config": {"output_path": "a.exe"}}],
            edges=[{"from": "csv", "to": "w"}],
        ),
        "INVALID_CONFIG",
        ["blocks", "1", "config", "output_path"],
    ),
}


async def problems(api: Api, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What importing and validating say, which is the same."""
    done = (await api.ask(documents.IMPORT, input={"source": source}))["importPipeline"]
    assert (done["__typename"], done["code"]) == ("PipelineInvalid", "INVALID"), done
    validated = (await api.ask(documents.VALIDATE, source=source))["validatePipeline"]
    assert validated == {"valid": False, "problems": done["problems"]}
    assert all(problem["message"] for problem in done["problems"])
    return list(done["problems"])


@pytest.mark.parametrize("name", CASES)
async def test_a_bad_definition_is_refused_with_its_problem(
    api: Api, grounds: Grounds, name: str
) -> None:
    source, code, path = CASES[name]
    with nothing_stays_behind(grounds):
        found = [each for each in await problems(api, source) if each["code"] == code]
    assert found, f"no {code}"
    assert path is None or found[0]["path"] == path
    if code.endswith("SYNTAX"):
        assert found[0]["line"] >= 1
        assert found[0]["column"] >= 1


async def test_every_problem_is_told_at_once_each_with_its_line(api: Api, grounds: Grounds) -> None:
    with nothing_stays_behind(grounds):
        told = await problems(api, {"yaml": EVERYTHING_WRONG})
    found = [(each["code"], (each["line"], each["path"])) for each in told]
    assert [place for place in PLACES.items() if place not in found] == []
    assert all(each["column"] >= 1 for each in told)
    suggested = {each["code"]: each["suggestion"] for each in reversed(told)}
    assert suggested["UNKNOWN_BLOCK_TYPE"] == "CSV_READER"
    assert suggested["UNKNOWN_PARAM"] == "size"
    (cycle,) = [each for each in told if each["code"] == "CYCLE"]
    assert sorted(cycle["blocks"]) == ["a", "b"]


async def test_an_unknown_config_key_gets_a_suggestion(api: Api, grounds: Grounds) -> None:
    block = {**CSV, "config": {"input_pth": "in.csv"}}
    with nothing_stays_behind(grounds):
        told = await problems(api, {"definition": {"name": "bad", "blocks": [block], "edges": []}})
    (unknown,) = [each for each in told if each["path"][-1] == "input_pth"]
    assert (unknown["code"], unknown["suggestion"]) == ("INVALID_CONFIG", "input_path")


async def test_yaml_with_keys_too_far_left_is_told_where_to_indent(
    api: Api, grounds: Grounds
) -> None:
    lines = "name: demo\nreplace_if_exists: true\nblocks:\n- name: csv\n  type: CSV_READER"
    with nothing_stays_behind(grounds):
        (problem,) = await problems(
            api, {"yaml": lines.replace("- name", "  - name") + "\n  config: {}\n"}
        )
    assert (problem["code"], problem["line"], problem["column"]) == ("YAML_SYNTAX", 5, 3)
    assert "indent" in problem["message"] + str(problem["suggestion"])
