import csv
import io
from pathlib import Path

import pytest

from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.roots import Roots
from headrace.artifacts.synthesize import (
    MESSAGES,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    TOXIC,
    csv_chunks,
    messages,
    mix,
    synthesize,
)
from headrace_worker.llm.vader import Vader
from tests.artifacts.test_outputs import Written


def rows(count: int, seed: int | None = None) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_chunks(count, seed)).decode(), newline="")))


def test_there_are_ten_messages_of_each_kind_and_no_two_are_alike() -> None:
    assert [len(kind) for kind in (POSITIVE, NEGATIVE, NEUTRAL, TOXIC)] == [10, 10, 10, 10]
    assert len(set(MESSAGES)) == 40


@pytest.mark.parametrize("message", MESSAGES)
def test_each_message_has_five_to_fifteen_words(message: str) -> None:
    assert 5 <= len(message.split()) <= 15


def test_the_messages_are_what_they_are_called() -> None:
    vader = Vader()
    assert all(vader.compound(message) >= 0.05 for message in POSITIVE)
    assert all(vader.compound(message) <= -0.05 for message in (*NEGATIVE, *TOXIC))
    assert all(-0.05 < vader.compound(message) < 0.05 for message in NEUTRAL)


def test_row_i_is_message_i_minus_one_modulo_forty() -> None:
    header, *body = rows(100)
    assert header == ["id", "text"]
    assert body == [[str(i), MESSAGES[(i - 1) % 40]] for i in range(1, 101)]


def test_a_seed_shuffles_the_messages_and_always_in_the_same_way() -> None:
    assert messages(7) == messages(7)
    assert messages(7) != messages(8)
    assert sorted(messages(7)) == sorted(MESSAGES)
    body = rows(80, seed=7)[1:]
    assert [text for _, text in body] == [*messages(7), *messages(7)]


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("count", [1, 12, 40, 47, 100])
def test_the_mix_is_that_of_the_rows(count: int, seed: int | None) -> None:
    texts = [text for _, text in rows(count, seed)[1:]]
    groups = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL, "toxic": TOXIC}
    assert mix(count, seed) == {
        kind: sum(text in group for text in texts) for kind, group in groups.items()
    }


def test_many_rows_come_in_pieces_of_bounded_size() -> None:
    sizes = [len(chunk) for chunk in csv_chunks(100_000)]
    assert max(sizes) < 512 * 1024
    assert len(rows(100_000)) == 100_001


def test_the_data_set_lands_in_the_data_folder_by_default(tmp_path: Path) -> None:
    roots = Roots(
        allowed=(tmp_path,),
        data_dir=tmp_path,
        artifacts_dir=tmp_path / "artifacts",
        working_dir=tmp_path,
    )
    written = Written()
    path = synthesize(roots=roots, written=written)
    assert path == tmp_path.resolve() / "sample_messages.csv"
    assert len(path.read_text().splitlines()) == 41

    assert synthesize(count=3, roots=roots, written=written) == path
    assert len(path.read_text().splitlines()) == 4

    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(PathNotAllowed):
        synthesize(output_path="mine.csv", roots=roots, written=written)
    assert (tmp_path / "mine.csv").read_text() == "mine"
