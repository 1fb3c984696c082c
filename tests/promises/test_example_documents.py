"""The documents that people bring along work as they are, or say what to do."""

import csv
import urllib.request

import pytest

from tests.cli.conftest import home
from tests.cli.typing import Home
from tests.domain.test_demo_documents import INDENTED, JSON, MIS_INDENTED

__all__ = ["home"]  # a fixture that pytest finds by its name here

MESSAGES = 'id,text\n1,good product and great support\n2,"bad service, terrible delays"\n'
LABELLED = """
name: labelled
blocks:
  - {name: csv, type: CSV_READER, config: {input_path: data/input.csv}}
  - {name: sent, type: LLM_SENTIMENT}
  - {name: out, type: CSV_WRITER, config: {output_path: data/labelled.csv}}
edges:
  - {from: csv, to: sent}
  - {from: sent, to: out}
"""


@pytest.mark.parametrize(("name", "text"), [("demo-ui.json", JSON), ("demo-ui.yaml", INDENTED)])
def test_the_demo_imports_and_says_at_run_time_which_file_was_meant(
    home: Home, name: str, text: str
) -> None:
    home.write("data/input.csv", MESSAGES)
    file = home.write(name, text)
    assert home.json("import", file)["version"] == 1
    assert home.json("import", file)["version"] == 1, "it says itself that it may be replaced"
    ran = home.headrace("run", "demo-ui")
    assert ran.returncode == 1
    assert "csv failed: PATH_REFUSED" in ran.stderr
    assert "did you mean data/input.csv" in ran.stderr


def test_its_yaml_with_keys_too_far_left_is_told_where_and_what_to_do(home: Home) -> None:
    file = home.write("demo-ui.yaml", MIS_INDENTED)
    (problem,) = home.json("validate", file)["problems"]
    assert (problem["code"], problem["line"], problem["column"]) == ("YAML_SYNTAX", 5, 3)
    assert "indent" in problem["suggestion"]
    refused = home.headrace("import", file)
    assert refused.returncode == 1
    assert f"{file}:5:3: YAML_SYNTAX" in refused.stderr


def test_the_demo_labels_the_messages_of_the_example(home: Home) -> None:
    home.write("data/input.csv", MESSAGES)
    run = home.json("run", home.write("labelled.yaml", LABELLED))
    assert run["status"] == "SUCCEEDED"
    with (home.folder / "data" / "labelled.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [row["label"] for row in rows] == ["POSITIVE", "NEGATIVE"]


def test_a_definition_that_was_exported_from_a_server_is_what_was_imported(home: Home) -> None:
    server = home.serve("--no-worker")
    for form in ("json", "yaml"):
        home.headrace("import", home.write(f"in.{form}", JSON if form == "json" else INDENTED),
                      "--server", server.url)  # fmt: skip
        out = home.headrace("export", "demo-ui", "--format", form, "--server", server.url).stdout
        again = home.json("import", home.write(f"out.{form}", out), "--server", server.url)
        assert (again["version"], again["created"]) == (1, False)
    with urllib.request.urlopen(f"{server.url}/health", timeout=10) as answer:
        assert answer.read() == b'{"status":"ok"}'
