"""Which files are listed as data sets: those that can be named, and nothing else."""

import os
from pathlib import Path

import pytest

from headrace.artifacts import listing
from headrace.artifacts.listing import find_files
from headrace.artifacts.roots import Roots


def put(path: Path, text: str = "id,text\n1,x\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "work" / "data"


@pytest.fixture
def roots(tmp_path: Path, data: Path) -> Roots:
    return Roots(
        allowed=(data, data / "artifacts", tmp_path / "more"),
        data_dir=data,
        artifacts_dir=data / "artifacts",
        forbidden=(data / "db.csv",),
        working_dir=tmp_path / "work",
    )


def test_an_absent_folder_has_no_files(roots: Roots) -> None:
    assert find_files(roots) == []


def test_files_come_by_name_then_by_path_and_as_one_would_type_them(
    roots: Roots, data: Path, tmp_path: Path
) -> None:
    put(data / "z.csv")
    put(data / "sub" / "b.tsv")
    put(data / "deep" / "er" / "a.CSV")
    put(data / "sub" / "a.CSV")
    other = put(tmp_path / "more" / "c.parquet")
    found = find_files(roots)
    assert [each.shown for each in found] == [
        "data/deep/er/a.CSV",
        "data/sub/a.CSV",
        "data/sub/b.tsv",
        str(other),
        "data/z.csv",
    ]
    assert [each.key for each in found] == sorted(each.key for each in found)
    assert found[-1].size_bytes == 12
    assert found[-1].modified_at == (data / "z.csv").stat().st_mtime_ns // 1_000_000
    assert [each.media_type for each in found] == [
        "text/csv",
        "text/csv",
        "text/tab-separated-values",
        None,
        "text/csv",
    ]


def test_what_nobody_may_name_is_not_listed(roots: Roots, data: Path, tmp_path: Path) -> None:
    put(data / ".hidden.csv")
    put(data / ".cache" / "a.csv")
    put(data / "notes.txt")
    put(data / "artifacts" / "made.csv")
    put(data / "db.csv")
    put(data / "db.csv-wal.csv")
    (data / "folder.csv").mkdir()
    (data / "out.csv").symlink_to(put(tmp_path / "outside" / "secret.csv"))
    (data / "broken.csv").symlink_to(data / "nowhere.csv")
    (data / "away").symlink_to(tmp_path / "outside")
    os.mkfifo(data / "pipe.csv")
    assert find_files(roots) == []


def test_a_link_within_the_roots_is_the_file_that_it_leads_to(roots: Roots, data: Path) -> None:
    put(data / "real.csv")
    (data / "also.csv").symlink_to(data / "real.csv")
    assert [each.shown for each in find_files(roots)] == ["data/real.csv"]


def test_a_name_that_is_no_text_is_left_out(roots: Roots, data: Path) -> None:
    """No answer could hold it: JSON is UTF-8."""
    data.mkdir(parents=True)
    with open(os.fsencode(data) + b"/\xff.csv", "w") as file:
        file.write("id\n")
    assert find_files(roots) == []


def test_the_nearest_entries_are_looked_at_first_and_not_without_end(
    roots: Roots, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_ENTRIES", 3)
    put(data / "deep" / "far.csv")
    put(data / "one.csv")
    put(data / "two.csv")
    assert [each.name for each in find_files(roots)] == ["one.csv", "two.csv"]
