"""What the commands make of the files and the texts that they are given."""

import io
from pathlib import Path

import pytest

from headrace.cli.errors import CommandFailed
from headrace.cli.run_lists import run_filter
from headrace.cli.sources import is_file, pairs, params_of, read_source
from headrace.domain.lifecycle import RunStatus


@pytest.mark.parametrize("target", ["-", "x/y", "a.yaml", "a.YML", "a.json", "./a"])
def test_what_looks_like_a_file_is_one_even_if_it_is_missing(target: str) -> None:
    assert is_file(target)


def test_a_name_is_a_name_unless_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not is_file("sentiment")
    (tmp_path / "sentiment").touch()
    assert is_file("sentiment")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", "{}", "json"),
        ("a.yaml", "{}", "yaml"),
        ("a.txt", " {}", "json"),
        ("a.txt", "name: x", "yaml"),
        ("a.yaml", "\ufeffname: x", "yaml"),
    ],
)
def test_the_ending_tells_the_format_and_else_the_text(
    name: str, text: str, kind: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_source(str(tmp_path / name)) == {kind: text.lstrip("\ufeff")}


def test_stdin_is_a_file_called_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("name: x"))
    assert read_source("-") == {"yaml": "name: x"}


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="No such file"):
        read_source(str(tmp_path / "missing.yaml"))
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandFailed, match="no UTF-8"):
        read_source(str(tmp_path / "binary.yaml"))


def test_only_the_first_equals_sign_divides() -> None:
    assert pairs(["a=b=c", "x="], "--param") == {"a": "b=c", "x": ""}


@pytest.mark.parametrize("text", ["a", "=b", ""])
def test_a_text_that_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(CommandFailed, match="--param wants NAME=VALUE"):
        pairs([text], "--param")


def test_texts_become_values_of_their_params_types() -> None:
    known = [{"name": "limit", "type": "INTEGER"}, {"name": "strict", "type": "BOOLEAN"}]
    given = {"limit": "12", "strict": "true", "unheard": "7"}
    assert params_of(given, known) == {"limit": 12, "strict": True, "unheard": "7"}


def test_a_text_that_is_no_such_value_stays_for_the_api_to_judge() -> None:
    assert params_of({"limit": "many"}, [{"name": "limit", "type": "INTEGER"}]) == {"limit": "many"}


def test_a_filter_holds_only_what_was_given() -> None:
    assert run_filter() == {}
    assert run_filter(status=[RunStatus.FAILED], pipeline="p", labels=["a=b"]) == {
        "status": ["FAILED"],
        "pipeline": "p",
        "labels": [{"key": "a", "value": "b"}],
    }
