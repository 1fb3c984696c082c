"""A person's own CSV, as spreadsheets and databases write them, through the example pipeline."""

import csv
import json
import os
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from headrace.settings import Settings
from tests.databases import Database
from tests.system.processes import COMMAND, ROOT

ROWS = 100_000
BAD_LINE = "77,one cell too many,here\r\n"
WORDS = ("good", "bad", "terrible", "great", "arrived", "support", "delay", "parcel", "blue")


def a_cell(dice: random.Random) -> str:
    text = " ".join(dice.choices(WORDS, k=4))
    match dice.randrange(20):
        case 0:
            return f'"{text}", she said'
        case 1:
            return f"{text}\nand on the next line"
        case 2:
            return f"{text}\r\n\r\n{text}"
        case 3:
            return f"{text}, naïve – ☂"
    return text


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100,000 rows with a byte-order mark, quotes, commas and newlines in cells, and a bad row."""
    path = tmp_path_factory.mktemp("mine") / "messages.csv"
    dice = random.Random(1)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text"])
        for number in range(ROWS):
            if number == ROWS // 2:
                out.write(BAD_LINE)
            writer.writerow([number, a_cell(dice)])
    return path


def test_a_hundred_thousand_rows_go_through_and_the_bad_one_is_told(
    file: Path, tmp_path: Path, database: Database
) -> None:
    known = {name.upper() for name in [*Settings.model_fields, "test_database_url"]}
    environment = {name: value for name, value in os.environ.items() if name not in known}
    example = ROOT / "examples" / "sentiment.yaml"
    result = subprocess.run(
        [*COMMAND, "run", str(example), "--param", f"input_path={file}", "--json"],
        cwd=tmp_path,
        env={**environment, **database.environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    run = json.loads(result.stdout)
    assert run["status"] == "SUCCEEDED"
    made = {(each["block"], each["name"]): each for each in run["artifacts"]["nodes"]}
    for block in ("csv", "sent", "labelled"):
        assert int(made[block, "output.arrow"]["rows"]) == ROWS
    written, summary, bad = (
        _path(tmp_path, made[key])
        for key in (("labelled", "labelled.csv"), ("sent", "summary.json"), ("csv", "bad_rows.csv"))
    )
    with file.open(encoding="utf-8-sig", newline="") as given:
        expected = [row for row in csv.reader(given) if len(row) == 2]
    with written.open(encoding="utf-8", newline="") as found:
        rows = list(csv.reader(found))
    assert rows[0] == ["id", "text", "label", "score"]
    assert [row[:2] for row in rows] == expected
    labels = Counter(row[2] for row in rows[1:])
    assert set(labels) == {"POSITIVE", "NEGATIVE", "NEUTRAL"}
    assert json.loads(summary.read_text()) == {"rows": ROWS, "labels": dict(labels)}
    with bad.open(encoding="utf-8", newline="") as told:
        (broken,) = csv.DictReader(told)
    lines = file.read_bytes().decode("utf-8-sig").split(BAD_LINE)[0].count("\n")
    assert (int(broken["line"]), broken["raw"]) == (lines + 1, BAD_LINE.strip())
    assert list((tmp_path / "data" / "artifacts" / "tmp").iterdir()) == []


def _path(folder: Path, artifact: dict[str, str]) -> Path:
    """The file of an artifact, named by its digest."""
    digest = artifact["sha256"]
    return folder / "data" / "artifacts" / "sha256" / digest[:2] / digest[2:]
