import os
from pathlib import Path

import pytest

from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.outputs import OutputFile


class Written:
    """The record of written files, in memory."""

    def __init__(self) -> None:
        self.rows: set[tuple[Path, str]] = set()

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        return (path, sha256) in self.rows

    def record_written(self, path: Path, sha256: str) -> None:
        self.rows.add((path, sha256))


@pytest.fixture
def written() -> Written:
    return Written()


def put(target: Path, data: bytes, written: Written) -> None:
    with OutputFile(target, written) as file:
        file.write(data)


def test_a_file_is_put_where_none_was_and_its_folder_is_made(
    tmp_path: Path, written: Written
) -> None:
    target = tmp_path / "new" / "out.csv"
    put(target, b"a,b\r\n", written)
    assert target.read_bytes() == b"a,b\r\n"
    assert os.listdir(target.parent) == ["out.csv"]


def test_headraces_own_file_is_replaced(tmp_path: Path, written: Written) -> None:
    target = tmp_path / "out.csv"
    put(target, b"one", written)
    put(target, b"two", written)
    put(target, b"one", written)
    assert target.read_bytes() == b"one"


def test_somebody_elses_file_is_never_replaced(tmp_path: Path, written: Written) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"mine")
    with pytest.raises(PathNotAllowed, match="did not write it"):
        put(target, b"other", written)
    assert target.read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_file_of_ours_that_somebody_changed_is_theirs(tmp_path: Path, written: Written) -> None:
    target = tmp_path / "out.csv"
    put(target, b"one", written)
    target.write_bytes(b"one, edited by hand")
    with pytest.raises(PathNotAllowed):
        put(target, b"two", written)


def test_a_file_with_the_very_bytes_counts_as_written(tmp_path: Path, written: Written) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"same")
    put(target, b"same", written)
    put(target, b"next", written)
    assert target.read_bytes() == b"next"


def test_a_failure_on_the_way_changes_nothing(tmp_path: Path, written: Written) -> None:
    target = tmp_path / "out.csv"
    put(target, b"old", written)
    file = OutputFile(target, written)
    with pytest.raises(ZeroDivisionError), file:
        file.write(bytes(1 // 0))
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_the_record_comes_first_so_that_a_crash_leaves_no_unknown_file(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    seen: list[bool] = []

    class Watching(Written):
        def record_written(self, path: Path, sha256: str) -> None:
            seen.append(path.exists())
            super().record_written(path, sha256)

    put(target, b"data", Watching())
    assert seen == [False]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """Between the look and the move somebody makes the file: a rename would destroy it."""
    target = tmp_path / "out.csv"

    class Racing(Written):
        def record_written(self, path: Path, sha256: str) -> None:
            super().record_written(path, sha256)
            path.write_bytes(b"theirs")

    with pytest.raises(PathNotAllowed):
        put(target, b"ours", Racing())
    assert target.read_bytes() == b"theirs"


def test_what_a_killed_writer_left_goes_with_the_next_write(
    tmp_path: Path, written: Written
) -> None:
    left = tmp_path / ".out.csv.0123456789ab.headrace-part"
    left.write_bytes(b"half")
    with OutputFile(tmp_path / "out.csv", written) as living:
        living.write(b"first")
        put(tmp_path / "out.csv", b"second", written)
    assert os.listdir(tmp_path) == ["out.csv"]
    assert (tmp_path / "out.csv").read_bytes() == b"first"
