"""A writer and the collector, and whoever was there before: what is found was put there whole."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import obstore
import pytest
from obstore.store import S3Store

from headrace.artifacts import object_removals, object_store
from headrace.artifacts.content import ContentPlace, ContentStore, content_store
from headrace.artifacts.errors import ContentMissing
from headrace.artifacts.object_content import ObjectContent
from headrace.artifacts.object_files import PART_BYTES
from headrace.artifacts.object_removals import Removals
from headrace.artifacts.preview import ARROW_MEDIA_TYPE, preview
from headrace.blocks.arrow import SpilledDataset, read_dataset, rows_to_batch, write_dataset
from tests.object_store.seaweed import Seaweed

HOUR = 3_600.0
SIZES = [1_000, PART_BYTES + 1]


@pytest.fixture
def store(seaweed: Seaweed, place: str, tmp_path: Path) -> ContentStore:
    return content_store(ContentPlace(folder=tmp_path, url=place))


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """So much later than it is, everything that was written looks so much older."""

    def later(seconds: float) -> None:
        clock = SimpleNamespace(time=lambda: time.time() + seconds)
        monkeypatch.setattr(object_store, "time", clock)

    return later


@pytest.fixture
def collector(seaweed: Seaweed, place: str) -> S3Store:
    """Another process's way to the same place."""
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    return seaweed.store(bucket, prefix)


def published(store: ContentStore, size: int) -> str:
    with store.temporary() as file:
        file.write(b"x" * size)
    return store.publish(file).uri


def read(store: ContentStore, uri: str) -> bytes:
    with store.open(uri).open("rb") as file:
        return file.read()


@pytest.mark.parametrize("size", SIZES)
def test_old_bytes_that_are_written_again_are_young_for_the_collector(
    store: ContentStore, pass_time: Callable[[float], None], collector: S3Store, size: int
) -> None:
    uri = published(store, size)
    before = written(collector, uri)
    while time.time() < before + 1:
        time.sleep(0.01)  # the store tells whole seconds, and this is about the next one
    assert published(store, size) == uri
    assert written(collector, uri) == before, "young bytes are left alone"
    pass_time(2 * HOUR)
    assert published(store, size) == uri
    assert written(collector, uri) > before, "old ones are written anew"
    assert store.remove(uri, untouched_seconds=HOUR)


def written(collector: S3Store, uri: str) -> float:
    """When the object was written, in whole seconds."""
    return obstore.head(collector, uri[uri.index("sha256/") :])["last_modified"].timestamp()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Set when somebody waits for a removal; and what lets him look again."""
    waits, go_on = threading.Event(), threading.Event()

    def sleep(_: float) -> None:
        waits.set()
        go_on.wait()

    clock = SimpleNamespace(monotonic=time.monotonic, sleep=sleep)
    monkeypatch.setattr(object_removals, "time", clock)
    return waits, go_on


@pytest.mark.parametrize("size", SIZES)
def test_a_writer_who_meets_the_collector_waits_and_puts_the_bytes_back(
    store: ContentStore,
    pass_time: Callable[[float], None],
    waiting: tuple[threading.Event, threading.Event],
    collector: S3Store,
    size: int,
) -> None:
    """The collector has said that it removes them, and does so after the writer found them."""
    uri = published(store, size)
    key = uri[uri.index("sha256/") :]
    pass_time(2 * HOUR)
    waits, go_on = waiting
    with Removals(collector).of(key) as mine:
        assert mine
        writer = threading.Thread(target=published, args=(store, size))
        writer.start()
        assert waits.wait(60)
        obstore.delete(collector, key)
    go_on.set()
    writer.join()
    assert read(store, uri) == b"x" * size


def test_one_collector_at_a_time_removes(
    store: ContentStore, collector: S3Store, pass_time: Callable[[float], None]
) -> None:
    uri = published(store, 10)
    with Removals(collector).of(uri[uri.index("sha256/") :]):
        assert not store.remove(uri)
        pass_time(HOUR)
        assert not store.remove(uri), "it finds that the other one has died, for the next time"
        assert store.remove(uri)


def test_an_object_that_is_not_whole_is_mended(store: ContentStore, collector: S3Store) -> None:
    uri = published(store, 1_000)
    obstore.put(collector, uri[uri.index("sha256/") :], b"cut")
    assert published(store, 1_000) == uri
    assert read(store, uri) == b"x" * 1_000


def test_bytes_that_go_while_they_are_read_are_said_to_be_missing(
    store: ContentStore, collector: S3Store
) -> None:
    """Not in the words of the library that reads them."""
    batches = (rows_to_batch([{"n": os.urandom(2**20).hex()}]) for _ in range(9))
    written = write_dataset(batches, inline_bytes=0, open_file=store.temporary)
    assert isinstance(written, SpilledDataset)
    uri = store.publish(written.file).uri
    source = store.open(uri)
    rows = read_dataset(source, written.rows).batches()
    assert next(rows).num_rows == 1
    obstore.delete(collector, uri[uri.index("sha256/") :])
    with pytest.raises(ContentMissing, match="not in the store"):
        list(rows)
    with pytest.raises(ContentMissing):
        preview(source, media_type=ARROW_MEDIA_TYPE)


def test_what_is_larger_than_one_copy_is_sent_through(
    seaweed: Seaweed, place: str, tmp_path: Path
) -> None:
    where = ContentPlace(folder=tmp_path, url=place)
    store = ObjectContent(where, largest_copy_bytes=PART_BYTES)
    uri = published(store, 3 * PART_BYTES + 5)
    assert published(store, 3 * PART_BYTES + 5) == uri
    assert read(store, uri) == b"x" * (3 * PART_BYTES + 5)
    assert seaweed.keys(place) == [uri.removeprefix(f"{place}/")]


LEAVE = """
import os, pathlib, sys
from headrace.artifacts.content import ContentPlace, content_store
place = ContentPlace(folder=pathlib.Path(sys.argv[1]), url=sys.argv[2], writer="worker")
store = content_store(place)
with store.temporary() as whole:
    whole.write(os.urandom(9 * 2**20))
half = store.temporary()
half.write(os.urandom(30 * 2**20))
half.flush()
print(os.getpid(), flush=True)
sys.stdin.read()
"""


def left_by_a_killed_writer(folder: Path, seaweed: Seaweed, place: str) -> int:
    """The process that left a whole upload and half of another one."""
    writer = subprocess.Popen(
        [sys.executable, "-c", LEAVE, str(folder), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **seaweed.variables},
    )
    with writer:
        assert writer.stdout is not None
        assert int(writer.stdout.readline()) == writer.pid
        writer.kill()
    assert len(seaweed.unfinished(place)) == 1
    assert len(seaweed.keys(place)) == 1
    return writer.pid


def test_what_a_killed_writer_left_goes_and_what_others_write_stays(
    seaweed: Seaweed, place: str, tmp_path: Path
) -> None:
    pid = left_by_a_killed_writer(tmp_path, seaweed, place)
    store = content_store(ContentPlace(folder=tmp_path, url=place, writer="worker"))
    other = content_store(ContentPlace(folder=tmp_path, url=place, writer="another"))
    living = store.temporary()
    living.write(b"y" * 3 * PART_BYTES)
    assert other.sweep_temporaries(writer=pid) == 0, "the same number of another machine"
    assert store.sweep_temporaries(writer=pid) == 2
    assert [key for key in seaweed.keys(place) if "tmp/" in key] == []
    assert read(store, store.publish(living).uri) == b"y" * 3 * PART_BYTES
    assert seaweed.unfinished(place) == []


def test_what_nobody_ended_for_a_week_goes(
    seaweed: Seaweed, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_by_a_killed_writer(tmp_path, seaweed, place)
    store = content_store(ContentPlace(folder=tmp_path, url=place))
    assert store.sweep_temporaries() == 0, "a living block may be writing it"
    assert store.sweep_temporaries() == 0
    clock = SimpleNamespace(time=lambda: time.time() + 8 * 86_400, monotonic=time.monotonic)
    monkeypatch.setattr("headrace.artifacts.object_leftovers.time", clock)
    monkeypatch.setattr(object_store, "time", clock)
    later = content_store(ContentPlace(folder=tmp_path, url=place))
    assert later.sweep_temporaries() == 2
    assert (seaweed.keys(place), seaweed.unfinished(place)) == ([], [])
