import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headrace.artifacts.errors import ContentMissing, NotContentUri
from headrace.artifacts.local_content import LocalContent, local_uri


@pytest.fixture
def store(tmp_path: Path) -> LocalContent:
    return LocalContent(tmp_path / "artifacts")


def published(store: LocalContent, data: bytes) -> str:
    file = store.temporary()
    file.write(data)
    return store.publish(file).uri


def temporaries(store: LocalContent) -> list[Path]:
    return list((store.root / "tmp").iterdir())


def test_bytes_are_found_under_their_digest(store: LocalContent) -> None:
    file = store.temporary()
    file.write(b"hello ")
    file.write(b"world")
    result = store.publish(file)

    assert result.sha256 == hashlib.sha256(b"hello world").hexdigest()
    assert result.size_bytes == 11
    assert result.uri == local_uri(result.sha256)
    assert result.uri.startswith(f"local://sha256/{result.sha256[:2]}/")
    assert store.open(result.uri).read_bytes() == b"hello world"
    assert temporaries(store) == []


def test_many_small_and_large_writes_make_one_digest(store: LocalContent) -> None:
    file = store.temporary()
    pieces = [b"x" * size for size in (1, 10, 300_000, 0, 7)]
    for piece in pieces:
        file.write(piece)
    assert store.publish(file).sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_equal_bytes_are_kept_once(store: LocalContent) -> None:
    first = published(store, b"same")
    inode = store.open(first).stat().st_ino
    assert published(store, b"same") == first
    assert store.open(first).stat().st_ino == inode


def test_a_file_closed_early_is_still_published(store: LocalContent) -> None:
    file = store.temporary()
    file.write(b"early")
    file.close()
    # Closed, but not given up: its writer lives, so the sweep leaves it.
    assert store.sweep_temporaries(older_than_seconds=0) == 0
    assert store.open(store.publish(file).uri).read_bytes() == b"early"


def test_nothing_is_published_before_publish(store: LocalContent) -> None:
    file = store.temporary()
    file.write(b"half")
    file.flush()
    with pytest.raises(ContentMissing):
        store.open(local_uri(hashlib.sha256(b"half").hexdigest()))
    file.discard()
    assert temporaries(store) == []


def test_discarding_after_publishing_is_harmless(store: LocalContent) -> None:
    file = store.temporary()
    file.write(b"kept")
    uri = store.publish(file).uri
    file.discard()
    assert store.open(uri).read_bytes() == b"kept"


def test_a_published_file_that_somebody_cut_is_mended(store: LocalContent) -> None:
    uri = published(store, b"whole")
    path = store.open(uri)
    path.unlink()
    path.write_bytes(b"wh")
    assert published(store, b"whole") == uri
    assert path.read_bytes() == b"whole"


def test_without_hard_links_a_rename_publishes(
    store: LocalContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert store.open(published(store, b"renamed")).read_bytes() == b"renamed"
    assert temporaries(store) == []


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "local://sha256/ab/cd",
        "file:///etc/passwd",
        f"local://sha256/../{'a' * 62}",
        f"local://sha256/AB/{'A' * 62}",
        f"local://sha256/ab/{'a' * 62}\n",
    ],
)
def test_what_is_no_address_is_refused(store: LocalContent, uri: str) -> None:
    with pytest.raises(NotContentUri):
        store.open(uri)


def test_removing_spares_what_was_published_lately(store: LocalContent) -> None:
    uri = published(store, b"again")
    old = store.open(uri).stat().st_mtime - 7_200
    os.utime(store.open(uri), (old, old))
    published(store, b"again")

    assert not store.remove(uri, untouched_seconds=3_600)
    os.utime(store.open(uri), (old, old))
    assert store.remove(uri, untouched_seconds=3_600)
    assert not store.remove(uri)


def test_the_sweep_takes_what_a_killed_writer_left_and_nothing_else(store: LocalContent) -> None:
    living = store.temporary()
    living.write(b"alive")
    code = (
        "import os, pathlib, sys\n"
        "from headrace.artifacts.local_content import LocalContent\n"
        "file = LocalContent(pathlib.Path(sys.argv[1])).temporary()\n"
        "file.write(b'left'); file.flush(); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", code, str(store.root)])
    killed.wait()
    assert len(temporaries(store)) == 2

    assert store.sweep_temporaries(older_than_seconds=3_600) == 0
    assert store.sweep_temporaries(writer=os.getpid()) == 0
    assert store.sweep_temporaries(writer=killed.pid) == 1
    assert store.open(store.publish(living).uri).read_bytes() == b"alive"


def test_a_temporary_folder_goes_with_its_use_or_after_its_users_death(store: LocalContent) -> None:
    with store.temporary_folder() as folder:
        (folder / "scratch").write_bytes(b"much")
        assert store.sweep_temporaries(older_than_seconds=0) == 0
        assert (folder / "scratch").exists()
    assert temporaries(store) == []
    code = (
        "import os, pathlib, sys\n"
        "from headrace.artifacts.local_content import LocalContent\n"
        "opening = LocalContent(pathlib.Path(sys.argv[1])).temporary_folder()\n"
        "folder = opening.__enter__()\n"
        "(folder / 'scratch').write_bytes(b'left'); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", code, str(store.root)])
    killed.wait()
    assert store.sweep_temporaries(writer=killed.pid) == 1
    assert temporaries(store) == []


def test_the_sweep_of_a_store_that_was_never_used_does_nothing(store: LocalContent) -> None:
    assert store.sweep_temporaries() == 0
