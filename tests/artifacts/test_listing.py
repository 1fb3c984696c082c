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
    assert find_files(roots) == ([], False)


def test_files_come_by_name_then_by_path_and_as_one_would_type_them(
    roots: Roots, data: Path, tmp_path: Path
) -> None:
    put(data / "z.csv")
    put(data / "sub" / "b.tsv")
    put(data / "deep" / "er" / "a.CSV")
    put(data / "sub" / "a.CSV")
    other = put(tmp_path / "more" / "c.parquet")
    found, more = find_files(roots)
    assert not more
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
    assert find_files(roots) == ([], False)


def test_a_file_is_listed_where_it_stands_and_not_where_links_lead_to_it(
    roots: Roots, data: Path
) -> None:
    put(data / "real.csv")
    put(data / "folder" / "other.csv")
    (data / "also.csv").symlink_to(data / "real.csv")
    (data / "linked").symlink_to(data / "folder")
    found, _ = find_files(roots)
    assert [each.shown for each in found] == ["data/folder/other.csv", "data/real.csv"]


def test_a_part_of_the_list_begins_after_a_key_and_says_whether_there_is_more(
    roots: Roots, data: Path
) -> None:
    for name in ("a", "b", "c", "d"):
        put(data / f"{name}.csv")
    put(data / "b" / "b.csv")
    first, more = find_files(roots, most=2)
    assert ([each.shown for each in first], more) == (["data/a.csv", "data/b.csv"], True)
    first[-1].path.unlink()
    rest, more = find_files(roots, after=first[-1].key, most=3)
    assert [each.shown for each in rest] == ["data/b/b.csv", "data/c.csv", "data/d.csv"]
    assert not more


def test_a_name_that_is_no_text_is_left_out(roots: Roots, data: Path) -> None:
    """No answer could hold it: JSON is UTF-8."""
    data.mkdir(parents=True)
    with open(os.fsencode(data) + b"/\xff.csv", "w") as file:
        file.write("id\n")
    assert find_files(roots) == ([], False)


def test_the_nearest_entries_are_looked_at_first_and_not_without_end(
    roots: Roots, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_ENTRIES", 3)
    put(data / "deep" / "far.csv")
    put(data / "one.csv")
    put(data / "two.csv")
    assert [each.name for each in find_files(roots)[0]] == ["one.csv", "two.csv"]
