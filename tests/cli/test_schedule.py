"""`headrace schedule`: added, listed, shown, paused, resumed, removed, with a server or without."""

from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from headrace.cli import scheduling
from tests.cli.typing import Home

SCHEMA = Path(__file__).resolve().parents[2] / "schema.graphql"
DAILY = """
name: daily
params:
  - {name: day, type: datetime}
  - {name: rows, type: integer, default: 3}
blocks:
  - {name: a, type: PYTHON, config: {function: "one:make"}}
"""
ADD = ("schedule", "add", "nightly", "daily", "30 2 * * *", "-z", "Europe/Berlin")
DAY = ("--tick-param", "day")
DOCUMENTS = [
    scheduling.LIST,
    scheduling.SHOW,
    scheduling.SAVE,
    scheduling.PAUSE,
    scheduling.RESUME,
    scheduling.DELETE,
]


@pytest.fixture
def daily(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PYTHON_MODULES", '["one"]')
    home.write("one.py", 'def make(ctx):\n    return [{"n": 1}]\n')
    assert home.headrace("import", home.write("daily.yaml", DAILY)).returncode == 0
    return home


@pytest.mark.parametrize("text", DOCUMENTS)
def test_a_document_fits_the_schema(text: str) -> None:
    assert validate(build_schema(SCHEMA.read_text(encoding="utf-8")), parse(text)) == []


def test_a_schedule_from_its_first_to_its_last_day(daily: Home) -> None:
    added = daily.headrace(*ADD, *DAY, "-p", "rows=5", "--overlap", "allow", "--jitter", "60")
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("added nightly\nnightly\n")
    assert "30 2 * * *  (At 02:30 every day, Europe/Berlin)" in added.stdout
    found: dict[str, Any] = daily.json("schedule", "show", "nightly", "--times", "3")
    assert (found["params"], found["tickParam"], found["overlap"]) == ({"rows": 5}, "day", "ALLOW")
    assert len(found["nextFireTimes"]) == 3
    head, row = daily.headrace("schedule", "list").stdout.splitlines()
    assert head.split() == ["SCHEDULE", "PIPELINE", "CRON", "ZONE", "NEXT", "LAST"]
    assert row.split()[:2] == ["nightly", "daily"]
    assert row.endswith(" UTC")
    paused = daily.headrace("schedule", "pause", "nightly", "--note", "bad data")
    assert paused.stdout == "nightly is paused: bad data\n"
    assert "paused: bad data" in daily.headrace("schedule", "list").stdout
    assert "paused  paused: bad data" in daily.headrace("schedule", "show", "nightly").stdout
    resumed = daily.headrace("schedule", "resume", "nightly")
    assert resumed.stdout.startswith("nightly goes on; next 20")
    removed = daily.headrace("schedule", "remove", "nightly")
    assert removed.stdout == "removed nightly; its runs stay\n"
    assert daily.json("schedule", "list") == []


def test_what_is_wrong_is_told_all_at_once_and_nothing_is_added(daily: Home) -> None:
    result = daily.headrace("schedule", "add", "new", "daily", "61 * * * *", "-z", "Berlin")
    assert result.returncode == 2
    places = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert places[:4] == ["cron", "timeZone", "name", "params.day"]
    assert "Europe/Berlin" in result.stderr
    assert daily.json("schedule", "list") == []


def test_a_name_that_is_taken_is_replaced_only_on_demand(daily: Home) -> None:
    assert daily.headrace(*ADD, *DAY).returncode == 0
    again = daily.headrace(*ADD, *DAY, "--priority", "3")
    assert (again.returncode, "--replace" in again.stderr) == (1, True)
    assert daily.json(*ADD, *DAY, "--priority", "3", "--replace")["priority"] == 3


def test_a_name_that_is_not_there_is_said(daily: Home) -> None:
    assert daily.headrace(*ADD, *DAY).returncode == 0
    for command in ("pause", "resume", "remove"):
        result = daily.headrace("schedule", command, "nighty")
        assert (result.returncode, "did you mean 'nightly'?" in result.stderr) == (2, True)
    result = daily.headrace("schedule", "show", "nighty")
    assert (result.returncode, "there is no schedule nighty" in result.stderr) == (2, True)


def test_a_server_fires_what_was_added_and_show_tells_of_it(daily: Home) -> None:
    server = daily.serve(PYTHONPATH=str(daily.folder))
    at = ("--server", server.url)
    each = ("schedule", "add", "each-second", "daily", "* * * * * *")
    assert daily.headrace(*each, *DAY, *at).returncode == 0
    runs: list[Any] = []
    while not runs:  # each look is an answer of the server
        runs = daily.json("runs", *at)
    assert runs[-1]["trigger"] == "SCHEDULE"
    daily.headrace("schedule", "pause", "each-second", *at)
    shown = daily.headrace("schedule", "show", "each-second", *at).stdout
    assert "STARTED" in shown
    assert runs[-1]["id"] in shown
    assert server.stop() == 0
