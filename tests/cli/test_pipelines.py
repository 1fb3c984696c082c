"""`validate`, `import`, `export`, `blocks`, `synthesize`, `schema`, `runs`, `cancel`."""

from pathlib import Path

from tests.cli.typing import EXAMPLES, Home

SCHEMA = EXAMPLES.parent / "schema.graphql"
SENTIMENT = EXAMPLES / "sentiment.yaml"
CYCLE = """
name: ring
blocks:
  - {name: a, type: LLM_SENTIMENT}
  - {name: b, type: LLM_SENTIMENT}
edges:
  - {from: a, to: b}
  - {from: b, to: a}
"""


def test_a_valid_file_is_called_so(home: Home) -> None:
    result = home.headrace("validate", SENTIMENT)
    assert (result.returncode, result.stdout.strip()) == (0, f"{SENTIMENT}: valid, 3 blocks")


def test_a_cycle_is_named_in_order(home: Home) -> None:
    file = home.write("ring.yaml", CYCLE)
    result = home.headrace("validate", file)
    assert result.returncode == 1
    assert "CYCLE" in result.stderr
    (cycle,) = (p for p in home.json("validate", file)["problems"] if p["code"] == "CYCLE")
    assert sorted(cycle["blocks"][:2]) == ["a", "b"]


def test_stdin_is_validated_too(home: Home) -> None:
    result = home.headrace("validate", "-", stdin=SENTIMENT.read_text(encoding="utf-8"))
    assert (result.returncode, result.stdout.strip()) == (0, "-: valid, 3 blocks")


def test_modules_beside_a_file_are_allowed_to_validate_and_run_it_but_not_to_keep_it(
    home: Home,
) -> None:
    words = EXAMPLES / "frequent_words.yaml"
    assert home.headrace("validate", words).returncode == 0
    kept = home.headrace("import", words)
    assert kept.returncode == 1
    assert "PYTHON_MODULES" in kept.stderr


def test_an_export_imports_as_the_same_version(home: Home) -> None:
    first = home.json("import", SENTIMENT)
    for form in ("yaml", "json"):
        text = home.headrace("export", "sentiment", "--format", form).stdout
        again = home.json("import", home.write(f"again.{form}", text), "--replace")
        assert (again["version"], again["digest"]) == (1, first["digest"])


def test_a_taken_name_needs_replace_unless_the_file_says_so(home: Home) -> None:
    home.headrace("import", SENTIMENT)
    changed = SENTIMENT.read_text(encoding="utf-8").replace("description: Read", "description: See")
    file = home.write("changed.yaml", changed)
    refused = home.headrace("import", file)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert home.json("import", file, "--replace")["version"] == 2
    old = home.headrace("export", "sentiment", "--version", "1").stdout
    assert "description: Read" in old


def test_an_export_of_what_is_not_there_says_so(home: Home) -> None:
    home.headrace("import", SENTIMENT)
    assert "there is no pipeline nothing" in home.headrace("export", "nothing").stderr
    result = home.headrace("export", "sentiment", "--version", "7")
    assert (result.returncode, result.stdout) == (1, "")
    assert "the latest is 1" in result.stderr


def test_blocks_are_listed_and_shown_with_their_config(home: Home) -> None:
    listed = home.headrace("blocks").stdout
    for name in ("CSV_READER", "CSV_WRITER", "LLM_SENTIMENT", "PYTHON"):
        assert name in listed
    assert "on_bad_row" in home.headrace("blocks", "csv_reader").stdout
    unknown = home.headrace("blocks", "NOTHING")
    assert unknown.returncode == 1
    assert "CSV_READER" in unknown.stderr


def test_messages_are_made_where_they_are_wanted(home: Home) -> None:
    result = home.headrace("synthesize", "data/input.csv", "--count", "7")
    assert result.returncode == 0, result.stderr
    lines = (home.folder / "data" / "input.csv").read_text(encoding="utf-8").splitlines()
    assert (lines[0], len(lines)) == ("id,text", 8)
    assert home.json("synthesize")["count"] == 40
    assert (home.folder / "data" / "sample_messages.csv").is_file()


def test_a_file_of_someone_elses_is_not_replaced(home: Home) -> None:
    home.write("data/mine.csv", "id,text\n1,mine\n")
    result = home.headrace("synthesize", "data/mine.csv")
    assert result.returncode == 2
    assert (home.folder / "data" / "mine.csv").read_text() == "id,text\n1,mine\n"


def test_runs_are_listed_and_filtered(home: Home) -> None:
    home.headrace("synthesize", "data/input.csv", "--count", "2")
    good = home.json("run", SENTIMENT, "--label", "kind=good")
    home.headrace("run", SENTIMENT, "--param", "input_path=data/none.csv")
    assert [run["status"] for run in home.json("runs")] == ["FAILED", "SUCCEEDED"]
    assert [run["id"] for run in home.json("runs", "--label", "kind=good")] == [good["id"]]
    assert [run["id"] for run in home.json("runs", "--status", "succeeded")] == [good["id"]]
    table = home.headrace("runs", "--first", "1")
    assert table.stdout.splitlines()[0].split() == [
        "RUN", "STATUS", "PIPELINE", "BLOCKS", "CREATED", "TOOK",
    ]  # fmt: skip
    assert "and 1 older" in table.stderr


def test_cancelling_what_is_over_or_absent_is_told_for_each(home: Home) -> None:
    home.headrace("synthesize", "data/input.csv", "--count", "2")
    done = home.json("run", SENTIMENT)["id"]
    result = home.headrace("cancel", done, "run_nothing")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 2
    assert home.headrace("cancel", "--all").stdout.strip() == "there is no unfinished run to cancel"
    assert home.headrace("cancel").returncode == 2


def test_the_schema_in_the_repository_is_that_of_the_code(home: Home) -> None:
    fresh = home.headrace("schema", "--check", SCHEMA)
    assert fresh.returncode == 0, fresh.stderr
    copy = home.folder / "copy.graphql"
    home.headrace("schema", "--output", copy)
    assert copy.read_text(encoding="utf-8") == SCHEMA.read_text(encoding="utf-8")
    copy.write_text("type Query { nothing: Int }", encoding="utf-8")
    assert home.headrace("schema", "--check", copy).returncode == 1


def test_the_definitions_among_the_examples_are_valid(home: Home) -> None:
    files = [path for path in EXAMPLES.iterdir() if path.suffix in {".yaml", ".json"}]
    assert files
    for file in files:
        result = home.headrace("validate", file)
        assert result.returncode == 0, result.stderr


def test_the_demo_is_the_example() -> None:
    packaged = Path(__file__).resolve().parents[2] / "backend/headrace/cli/demo.yaml"
    assert packaged.read_bytes() == SENTIMENT.read_bytes()
