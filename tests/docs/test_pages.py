"""The pages are true: their commands run, their code works, their links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from headrace.domain.events import ErrorKind
from headrace.domain.ticks import Overlap, TickOutcome
from headrace.domain.waiting import WaitingCode
from tests.cli.conftest import home
from tests.cli.typing import Home
from tests.databases import Database, in_file

__all__ = ["home"]  # a fixture that pytest finds by its name here

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```(\S+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LARGEST_PICTURE = 150 * 1024
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks_of(page: str) -> Iterator[tuple[str, str, str]]:
    """(language, name, text) of each fenced block."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return ((found[1], found[2], found[3]) for found in FENCED.finditer(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        path = target.partition("#")[0]
        if path and "://" not in path:
            assert (page.parent / path).exists(), target


def test_every_picture_is_small_and_shown() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert f"pictures/{picture.name})" in told
        assert picture.stat().st_size <= LARGEST_PICTURE


def test_every_link_to_a_heading_finds_it() -> None:
    for page in PAGES:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            if not anchor or "://" in path:
                continue
            text = ((page.parent / path) if path else page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings}
            assert anchor in anchors, target


def test_the_tutorial_works_as_it_is_written(home: Home) -> None:
    for language, name, text in blocks_of("tutorial.md"):
        if name:
            home.write(name, text)
        elif language == "console":
            for line in text.splitlines():
                _type(home, line)
    assert (home.folder / "data" / "shouting.csv").is_file()


def _type(home: Home, line: str) -> None:
    command, _, remark = line.removeprefix("$ ").partition("#")
    expected = int(remark.removeprefix(" exit code ")) if remark else 0
    result = home.headrace(*shlex.split(command)[1:])
    assert result.returncode == expected, f"{line}\n{result.stdout}{result.stderr}"


def test_a_schedule_is_added_as_the_page_says(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its times are those of the day it was written on; the lines before them never change."""
    monkeypatch.setenv("PYTHON_MODULES", '["m"]')
    params = "params: [{name: day, type: datetime}]"
    block = "{name: a, type: PYTHON, config: {function: 'm:f'}}"
    home.headrace("import", "-", stdin=f"name: sales\n{params}\nblocks: [{block}]\n")
    (text,) = (t for _, _, t in blocks_of("how-to/run-on-a-schedule.md"))
    command, *lines = text.splitlines()
    result = home.headrace(*shlex.split(command.removeprefix("$ "))[1:])
    assert result.returncode == 0, result.stderr
    shown = result.stdout.splitlines()
    times = next(at for at, line in enumerate(lines) if line.lstrip().startswith("next"))
    assert shown[:times] == lines[:times]
    assert re.fullmatch(r" +next  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", shown[times])


@pytest.mark.parametrize("word", [*Overlap, *TickOutcome])
def test_what_ticks_do_and_come_to_is_told(word: str) -> None:
    page = (ROOT / "docs/how-to/run-on-a-schedule.md").read_text(encoding="utf-8")
    states = (ROOT / "docs/reference/lifecycle.md").read_text(encoding="utf-8")
    assert f"`{word.lower()}`" in page or f"| {word} |" in states


def test_the_block_of_ones_own_works_and_so_does_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block, test = (
        t for language, _, t in blocks_of("how-to/write-a-block.md") if language == "python"
    )
    module = ModuleType("mycompany.blocks")
    exec(compile(block, "write-a-block.md", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "mycompany", ModuleType("mycompany"))
    monkeypatch.setitem(sys.modules, "mycompany.blocks", module)
    names: dict[str, object] = {"__name__": "its_test"}
    exec(compile(test, "write-a-block.md", "exec"), names)
    check = names["test_rows_without_the_word_are_left_out"]
    assert callable(check)
    check(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The file, which is what the page on backups is about."""
    return in_file(tmp_path / "data" / "db.test.sqlite3")


def test_a_database_is_backed_up_and_restored_as_it_is_written(home: Home) -> None:
    (_, _, first), (_, _, restore), *_ = blocks_of("how-to/back-up.md")
    kept = home.folder / "kept"
    kept.mkdir()
    home.write("data/input.csv", "id,text\n1,I love it\n")
    run = home.json("run", ROOT / "examples" / "sentiment.yaml")
    for line in first.splitlines():
        if line.startswith("$ "):
            _type_here(home, line.removeprefix("$ "), kept)
    artifacts = home.folder / "data" / "artifacts"
    files = {path.name for path in artifacts.rglob("*") if path.is_file()}
    assert home.headrace("db", "reset", "--yes").returncode == 0
    shutil.rmtree(artifacts)
    for line in restore.splitlines():
        _type_here(home, line, kept)
    (found,) = home.json("runs")
    assert found["id"] == run["id"]
    assert files
    assert {path.name for path in artifacts.rglob("*") if path.is_file()} == files


def _type_here(home: Home, line: str, kept: Path) -> None:
    """A line of the page, with the backups in a folder of the test and the tests' own database."""
    typed = line.replace("/backups", str(kept)).replace("db.sqlite3", "db.test.sqlite3")
    if typed.startswith("headrace "):
        result = home.headrace(*shlex.split(typed)[1:])
        assert result.returncode == 0, result.stderr
    else:
        subprocess.run(typed, shell=True, check=True, cwd=home.folder)


def test_every_command_that_the_pages_name_exists(home: Home) -> None:
    from headrace.cli.main import app

    known = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    } | {group.name for group in app.registered_groups}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"(?:^\$ |`)headrace ([a-z]+)", text, re.MULTILINE):
            assert name in known, f"{page.name}: headrace {name}"


def test_every_setting_that_the_pages_name_exists() -> None:
    import obstore

    from headrace.settings import Settings

    known = {name.upper() for name in Settings.model_fields} | {"TEST_DATABASE_URL"}
    library = Path(obstore.__file__).with_name("_obstore.abi3.so").read_bytes().lower()
    known |= {
        name
        for page in PAGES
        for name in re.findall(r"`((?:AWS|AZURE|GOOGLE)_[A-Z_]+)", page.read_text("utf-8"))
        if name.lower().encode() in library
    }
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    known |= set(re.findall(r"\$\{([A-Z_]+)", compose))
    for page in PAGES[:1] + sorted((ROOT / "docs" / "how-to").glob("*.md")):
        for name in re.findall(r"`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`", page.read_text("utf-8")):
            known_otherwise = name in NOT_SETTINGS or name in {*WaitingCode, *ErrorKind}
            assert name in known or known_otherwise, f"{page.name}: {name}"


def test_every_reason_to_wait_is_explained() -> None:
    page = (ROOT / "docs" / "how-to" / "find-out-why-a-run-waits.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == {*WaitingCode}


NOT_SETTINGS = {
    "STORM_SECONDS",
    "CSV_READER",
    "CSV_WRITER",
    "LLM_SENTIMENT",
    "INVALID_PARAM",
    "PATH_REFUSED",
} | {
    "DROP_SPAM",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SASL_PLAINTEXT",
    "SASL_SSL",
}
