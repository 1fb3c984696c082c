"""The pages are true: their commands run, their code works, their links lead somewhere."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from headrace.domain.events import ErrorKind
from headrace.domain.waiting import WaitingCode
from tests.cli.conftest import home
from tests.cli.typing import Home

__all__ = ["home"]  # a fixture that pytest finds by its name here

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```(\S+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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


def test_the_script_follows_a_run_to_its_end(home: Home) -> None:
    import subprocess

    home.headrace("synthesize", "data/input.csv")
    home.headrace("import", ROOT / "examples" / "sentiment.yaml")
    (script,) = (
        t for language, _, t in blocks_of("how-to/follow-a-run.md") if language == "python"
    )
    server = home.serve()
    result = subprocess.run(
        [sys.executable, home.write("follow.py", script), server.url, "sentiment"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = result.stdout.splitlines()
    assert lines[-1] == "SUCCEEDED", result.stderr
    seqs = [int(line.split()[0]) for line in lines[:-1]]
    assert seqs == list(range(1, len(seqs) + 1))


def test_every_command_that_the_pages_name_exists(home: Home) -> None:
    from headrace.cli.main import app

    known = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"(?:^\$ |`)headrace ([a-z]+)", text, re.MULTILINE):
            assert name in known, f"{page.name}: headrace {name}"


def test_every_setting_that_the_pages_name_exists() -> None:
    from headrace.settings import Settings

    known = {name.upper() for name in Settings.model_fields} | {"TEST_DATABASE_URL"}
    for page in PAGES[:1] + sorted((ROOT / "docs" / "how-to").glob("*.md")):
        for name in re.findall(r"`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`", page.read_text("utf-8")):
            known_otherwise = name in NOT_SETTINGS or name in {*WaitingCode, *ErrorKind}
            assert name in known or known_otherwise, f"{page.name}: {name}"


def test_every_reason_to_wait_is_explained() -> None:
    page = (ROOT / "docs" / "how-to" / "find-out-why-a-run-waits.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == {*WaitingCode}


NOT_SETTINGS = {"CSV_READER", "CSV_WRITER", "LLM_SENTIMENT", "INVALID_PARAM", "PATH_REFUSED"} | {
    "DROP_SPAM",
    "HTTPS_PROXY",
    "NO_PROXY",
}
