"""What every content store promises, on a folder and on a real object store alike."""

import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headrace.artifacts.content import ContentPlace, ContentStore, content_store
from headrace.artifacts.errors import ContentMissing, NotContentUri
from headrace.artifacts.object_files import PART_BYTES

OpenStore = Callable[[], ContentStore]


@pytest.fixture(params=["a folder", "an object store"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """Opens the same place as often as one likes, as each process does."""
    folder = tmp_path / "artifacts"
    url = ""
    if request.param == "an object store":
        url = request.getfixturevalue("seaweed").new_place()
    return lambda: content_store(ContentPlace(folder=folder, url=url), patient=True)


@pytest.fixture
def store(open_store: OpenStore) -> ContentStore:
    return open_store()


def published(store: ContentStore, data: bytes) -> str:
    with store.temporary() as file:
        file.write(data)
    return store.publish(file).uri


def read(store: ContentStore, uri: str) -> bytes:
    with store.open(uri).open("rb") as file:
        return file.read()


def noise(size: int) -> bytes:
    return hashlib.shake_128(str(size).encode()).digest(size)


def test_a_store_that_is_new_can_be_prepared_and_is_well(store: ContentStore) -> None:
    store.prepare()
    assert store.check() is None


@pytest.mark.parametrize("size", [0, 11, 1_000_000, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_bytes_of_any_size_are_found_under_their_digest(store: ContentStore, size: int) -> None:
    data = noise(size)
    file = store.temporary()
    file.write(data[: size // 3])
    file.write(data[size // 3 :])
    result = store.publish(file)
    digest = hashlib.sha256(data).hexdigest()
    assert (result.sha256, result.size_bytes) == (digest, size)
    assert result.uri.endswith(f"/sha256/{digest[:2]}/{digest[2:]}") or result.uri == (
        f"local://sha256/{digest[:2]}/{digest[2:]}"
    )
    assert read(store, result.uri) == data


def test_any_part_can_be_read_in_any_order(store: ContentStore) -> None:
    data = noise(6_000_000)
    with store.open(published(store, data)).open("rb") as file:
        for start, length in ((5_999_990, 100), (0, 10), (300_000, 5_000_000), (10, 10)):
            file.seek(start)
            assert file.read(length) == data[start : start + length]
        assert file.seek(-10, io.SEEK_END) == len(data) - 10
        assert file.read() == data[-10:]


def test_bytes_can_be_opened_again_and_again(store: ContentStore) -> None:
    found = store.open(published(store, b"again"))
    for _ in range(2):
        with found.open("rb") as file:
            assert file.read() == b"again"


@pytest.mark.parametrize("size", [1_000, PART_BYTES + 1])
def test_equal_bytes_are_kept_once_whoever_writes_them_first(
    open_store: OpenStore, size: int
) -> None:
    data = noise(size)
    ready = threading.Barrier(8)
    found: list[str] = []

    def write() -> None:
        store = open_store()
        with store.temporary() as file:
            file.write(data)
        ready.wait()
        found.append(store.publish(file).uri)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert read(open_store(), found[0]) == data


@pytest.mark.parametrize("size", [10, 2 * PART_BYTES])
def test_nothing_is_published_before_publish_and_a_discarded_file_leaves_nothing(
    store: ContentStore, size: int
) -> None:
    kept = published(store, b"of the same store")
    data = noise(size)
    digest = hashlib.sha256(data).hexdigest()
    wanted = kept[: kept.index("sha256/")] + f"sha256/{digest[:2]}/{digest[2:]}"
    file = store.temporary()
    file.write(data)
    file.flush()
    with pytest.raises(ContentMissing):
        store.open(wanted)
    file.discard()
    with pytest.raises(ContentMissing):
        store.open(wanted)
    assert store.sweep_temporaries(writer=os.getpid()) == 0, "nothing was left to sweep"


def test_discarding_after_publishing_is_harmless(store: ContentStore) -> None:
    file = store.temporary()
    file.write(b"kept")
    uri = store.publish(file).uri
    file.discard()
    assert read(store, uri) == b"kept"


def test_what_was_removed_is_missing_and_can_be_published_again(store: ContentStore) -> None:
    uri = published(store, b"come and go")
    assert not store.remove(uri, untouched_seconds=3_600), "it was published just now"
    assert store.remove(uri)
    assert not store.remove(uri)
    with pytest.raises(ContentMissing):
        store.open(uri)
    assert published(store, b"come and go") == uri
    assert read(store, uri) == b"come and go"


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "local://sha256/ab/cd",
        "file:///etc/passwd",
        "s3://somebody-else/sha256/ab/" + "a" * 62,
        f"local://sha256/../{'a' * 62}",
        f"local://sha256/AB/{'A' * 62}",
        f"local://sha256/ab/{'a' * 62}\n",
    ],
)
def test_what_is_no_address_is_refused(store: ContentStore, uri: str) -> None:
    for refusing in (store.open, store.path, store.remove):
        with pytest.raises(NotContentUri):
            refusing(uri)


def test_content_of_another_store_is_not_published(
    open_store: OpenStore, tmp_path: Path, seaweed: object
) -> None:
    other = content_store(ContentPlace(folder=tmp_path / "other", url="s3://headrace-tests/other"))
    mine = open_store()
    if type(mine) is type(other):
        other = content_store(ContentPlace(folder=tmp_path / "other"))
    file = other.temporary()
    with pytest.raises(TypeError):
        mine.publish(file)
    file.discard()


@pytest.fixture(autouse=True)
def _nothing_left_in_the_folder(tmp_path: Path) -> Iterator[None]:
    yield
    left = tmp_path / "artifacts" / "tmp"
    assert not left.is_dir() or list(left.iterdir()) == []
