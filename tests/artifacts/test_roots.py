import os
from pathlib import Path

import pytest

from headrace.artifacts.errors import InputUnusable, PathNotAllowed
from headrace.artifacts.roots import Roots


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder with `data/` in it, as a fresh clone has."""
    home = tmp_path / "home"
    (home / "data" / "artifacts").mkdir(parents=True)
    (home / "data" / "input.csv").write_text("id,text\n")
    (home / "data" / "db.sqlite3").write_text("")
    (tmp_path / "outside.csv").write_text("secret")
    return home


@pytest.fixture
def roots(home: Path) -> Roots:
    data = home / "data"
    return Roots(
        allowed=(data, data / "artifacts"),
        data_dir=data,
        artifacts_dir=data / "artifacts",
        forbidden=(data / "db.sqlite3",),
        working_dir=home,
    )


def refusal(roots: Roots, text: str) -> PathNotAllowed:
    with pytest.raises(PathNotAllowed) as caught:
        roots.input(text)
    return caught.value


@pytest.mark.parametrize("text", ["data/input.csv", "input.csv", "./data/../data/input.csv"])
def test_a_path_works_from_the_working_folder_and_from_the_data_folder(
    roots: Roots, home: Path, text: str
) -> None:
    assert roots.input(text) == home / "data" / "input.csv"


def test_absolute_paths_and_file_addresses_work_inside_the_roots(roots: Roots, home: Path) -> None:
    path = home / "data" / "a b.csv"
    assert roots.input(str(path)) == path
    assert roots.input(f"file://{home}/data/a%20b.csv") == path
    assert roots.input(f"file://localhost{home}/data/a%20b.csv") == path


def test_local_addresses_lead_into_the_artifact_folder(roots: Roots, home: Path) -> None:
    expected = home / "data" / "artifacts" / "sha256" / "ab" / "cd"
    assert roots.input("local://sha256/ab/cd") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "/etc/passwd",
        "../outside.csv",
        "data/../../outside.csv",
        "file:///etc/passwd",
        "file://example.org/data/input.csv",
        "http://example.org/input.csv",
        "local://../../../outside.csv",
        "local://../input.csv",
        "x" * 5_000,
        "\udcff" * 5_000,
    ],
)
def test_everything_else_is_refused(roots: Roots, text: str) -> None:
    assert refusal(roots, text).allowed_roots


def test_links_are_followed_before_the_roots_are_compared(roots: Roots, home: Path) -> None:
    (home / "data" / "out.csv").symlink_to(home.parent / "outside.csv")
    (home / "data" / "folder").symlink_to(home.parent)
    (home / "data" / "in.csv").symlink_to("input.csv")
    (home / "data" / "loop").symlink_to("loop")

    refusal(roots, "data/out.csv")
    refusal(roots, "data/folder/outside.csv")
    assert roots.input("data/in.csv") == home / "data" / "input.csv"
    with pytest.raises((PathNotAllowed, InputUnusable)):
        roots.existing("data/loop")


def test_a_data_folder_that_is_a_link_works_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").mkdir()
    data = tmp_path / "home" / "data"
    data.symlink_to(tmp_path / "disk")
    roots = Roots(
        allowed=(data,),
        data_dir=data,
        artifacts_dir=data / "artifacts",
        working_dir=tmp_path / "home",
    )
    assert roots.input("data/input.csv") == tmp_path / "disk" / "input.csv"
    assert roots.input("input.csv") == tmp_path / "disk" / "input.csv"


@pytest.mark.parametrize(
    "name",
    [
        "db.sqlite3",
        "db.sqlite3-wal",
        "db.sqlite3-shm",
        "db.sqlite3-journal",
        "db.sqlite3.next",
        "db.sqlite3.writer",
        "DB.SQLITE3-wal",
        ".env",
        ".env.local",
        "sub/.env",
    ],
)
def test_headraces_own_files_are_out_of_reach_whatever_the_roots_say(
    roots: Roots, name: str
) -> None:
    assert "own files" in str(refusal(roots, f"data/{name}"))


def test_a_hard_link_to_the_database_is_the_database(roots: Roots, home: Path) -> None:
    os.link(home / "data" / "db.sqlite3", home / "data" / "innocent.csv")
    assert "own files" in str(refusal(roots, "data/innocent.csv"))


def test_names_that_only_begin_like_the_database_are_free(roots: Roots) -> None:
    assert roots.input("data/db.sqlite3000.csv").name == "db.sqlite3000.csv"


def test_the_path_of_the_compose_file_is_told_what_it_means_here(roots: Roots) -> None:
    error = refusal(roots, "/app/data/input.csv")
    assert error.suggestion == "data/input.csv"
    assert str(error).endswith("did you mean data/input.csv?")


def test_the_hint_holds_even_before_there_is_such_a_file(roots: Roots, home: Path) -> None:
    (home / "data" / "input.csv").unlink()
    assert refusal(roots, "/app/data/input.csv").suggestion == "data/input.csv"


def test_a_name_that_is_nearly_right_gets_a_suggestion(roots: Roots) -> None:
    with pytest.raises(InputUnusable) as caught:
        roots.existing("data/imput.csv")
    assert caught.value.suggestion == "data/input.csv"


def test_a_file_that_is_absent_too_is_no_suggestion(roots: Roots) -> None:
    """`data/nothing.csv` was answered with "did you mean data/nothing.csv?"."""
    with pytest.raises(InputUnusable) as caught:
        roots.existing("data/nothing.csv")
    assert caught.value.suggestion is None


def test_the_data_folder_is_searched_when_the_path_repeats_it(home: Path) -> None:
    data = home / "data"
    elsewhere = Roots(
        allowed=(data,), data_dir=data, artifacts_dir=data / "artifacts", working_dir=Path("/")
    )
    with pytest.raises(InputUnusable) as caught:
        elsewhere.existing("data/input.csv")
    assert caught.value.suggestion == "input.csv"


def test_suggestions_never_name_headraces_own_files(roots: Roots, home: Path) -> None:
    (home / "data" / "input.csv").unlink()
    with pytest.raises(InputUnusable) as caught:
        roots.existing("data/db.sqlite")
    assert caught.value.suggestion != "data/db.sqlite3"


def test_only_a_regular_file_can_be_read(roots: Roots, home: Path) -> None:
    os.mkfifo(home / "data" / "pipe.csv")
    with pytest.raises(InputUnusable, match="no regular file"):
        roots.existing("data/pipe.csv")
    with pytest.raises(InputUnusable, match="is a folder"):
        roots.existing("data/artifacts")


@pytest.mark.parametrize("name", ["out.csv", "out.TSV", "new/folder/out.jsonl", "out.parquet"])
def test_outputs_may_have_these_endings(roots: Roots, home: Path, name: str) -> None:
    assert roots.output(f"data/{name}") == home / "data" / name


@pytest.mark.parametrize(
    "text", ["data/out.txt", "data/out", "data/x.py", "data/artifacts/out.csv", "local://out.csv"]
)
def test_other_outputs_are_refused(roots: Roots, text: str) -> None:
    with pytest.raises(PathNotAllowed):
        roots.output(text)


def test_an_output_cannot_be_a_folder(roots: Roots, home: Path) -> None:
    (home / "data" / "folder.csv").mkdir()
    with pytest.raises(PathNotAllowed, match="no regular file"):
        roots.output("data/folder.csv")


def test_a_name_that_no_file_can_have_is_answered_like_any_other(roots: Roots) -> None:
    with pytest.raises(InputUnusable, match="cannot be read"):
        roots.existing("x" * 300)


def test_one_granted_file_does_not_open_its_folder(roots: Roots, home: Path) -> None:
    granted = Roots(
        allowed=(*roots.allowed, home.parent / "outside.csv"),
        data_dir=roots.data_dir,
        artifacts_dir=roots.artifacts_dir,
        working_dir=home.parent,
    )
    assert granted.existing("outside.csv") == home.parent / "outside.csv"
    with pytest.raises(PathNotAllowed):
        granted.input(str(home.parent / "other.csv"))
