"""The files that pipelines can read, as clients see them."""

from pathlib import Path
from typing import Any

import pytest

from headrace.artifacts.listing import find_files
from headrace.services.core import Services
from tests.api.graphql.asking import Asking

DATASETS = """
query ($first: Int, $after: Cursor, $rows: Int! = 50) { datasets(first: $first, after: $after) {
  nodes { name path sizeBytes rows modifiedAt
          preview(rows: $rows) { columns { name type } rows totalRows truncated } }
  edges { cursor node { name } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
} }
"""
NAMES = """
query ($first: Int, $after: Cursor) { datasets(first: $first, after: $after) {
  nodes { name path } pageInfo { hasNextPage endCursor }
} }
"""


@pytest.fixture
def data(services: Services) -> Path:
    services.settings.data_dir.mkdir(exist_ok=True)
    return services.settings.data_dir


async def test_a_fresh_house_has_none(api: Asking) -> None:
    page = (await api(DATASETS))["datasets"]
    assert (page["nodes"], page["edges"]) == ([], [])
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


async def test_a_synthesized_data_set_is_listed_with_a_look_into_it(
    api: Asking, services: Services
) -> None:
    made = await api(
        "mutation { synthesizeDataset(input: {count: 12}) "
        "{ ... on SynthesizeDatasetSuccess { path mix { positive negative neutral toxic } } } }"
    )
    (found,) = (await api(DATASETS, rows=2))["datasets"]["nodes"]
    assert (found["name"], found["rows"]) == ("sample_messages.csv", 12)
    assert found["path"] == made["synthesizeDataset"]["path"]
    mix = {"positive": 10, "negative": 2, "neutral": 0, "toxic": 0}
    assert made["synthesizeDataset"]["mix"] == mix
    assert found["modifiedAt"] > "2020"
    preview = found["preview"]
    assert [column["name"] for column in preview["columns"]] == ["id", "text"]
    assert [row[0] for row in preview["rows"]] == ["1", "2"]
    assert preview["truncated"]
    assert services.roots.input(found["path"]).stat().st_size == int(found["sizeBytes"])


async def test_pages_go_by_name_then_by_path_and_stand_when_files_come_and_go(
    api: Asking, data: Path
) -> None:
    for folder in ("", "a", "b"):
        (data / folder).mkdir(exist_ok=True)
        for name in ("x.csv", "y.csv"):
            (data / folder / name).write_text("id\n1\n")
    first = (await api(NAMES, first=2))["datasets"]
    assert [each["name"] for each in first["nodes"]] == ["x.csv", "x.csv"]
    assert first["pageInfo"]["hasNextPage"]
    (data / "a" / "x.csv").unlink()
    (data / "0.csv").write_text("id\n")
    rest = (await api(NAMES, first=9, after=first["pageInfo"]["endCursor"]))["datasets"]
    assert [each["name"] for each in rest["nodes"]] == ["x.csv", "y.csv", "y.csv", "y.csv"]
    assert not rest["pageInfo"]["hasNextPage"]
    paths = [each["path"] for each in first["nodes"] + rest["nodes"]]
    assert len(set(paths)) == 6


async def test_a_long_path_has_a_cursor_too(api: Asking, data: Path) -> None:
    deep = data / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    (deep / f"{'f' * 200}.csv").write_text("id\n")
    (data / "z.csv").write_text("id\n")
    first = (await api(NAMES, first=1))["datasets"]
    rest = (await api(NAMES, after=first["pageInfo"]["endCursor"]))["datasets"]
    assert [each["name"] for each in rest["nodes"]] == ["z.csv"]


async def test_what_cannot_be_counted_or_shown_is_null(api: Asking, data: Path) -> None:
    (data / "big.csv").write_text("id\n" + "1\n" * 200_000)
    (data / "empty.tsv").write_text("")
    (data / "lines.jsonl").write_text('{"id": 1}\n')
    big, empty, lines = (await api(DATASETS, rows=1))["datasets"]["nodes"]
    assert (big["rows"], big["preview"]["rows"], big["preview"]["truncated"]) == (
        None,
        [["1"]],
        True,
    )
    assert (empty["rows"], empty["preview"]["rows"]) == (0, [])
    assert (lines["rows"], lines["preview"]) == (None, None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first": 0}, "BAD_USER_INPUT"),
        ({"first": 201}, "BAD_USER_INPUT"),
        ({"after": "nonsense"}, "BAD_CURSOR"),
        ({"rows": -1}, "BAD_USER_INPUT"),
        ({"rows": 1_001}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(
    api: Asking, data: Path, given: dict[str, Any], code: str
) -> None:
    (data / "x.csv").write_text("id\n")
    assert (await api.error(DATASETS, **given))[0] == code


async def test_a_file_that_goes_while_it_is_looked_into_is_named(
    api: Asking, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "x.csv").write_text("id\n")
    found, _ = find_files(api.services.roots)
    (data / "x.csv").unlink()
    monkeypatch.setattr("headrace.services.datasets.find_files", lambda *_, **__: (found, False))
    code, message = await api.error("{ datasets { nodes { preview { truncated } } } }")
    assert (code, "x.csv cannot be previewed" in message) == ("UNAVAILABLE", True)
    answer = await api("{ datasets { nodes { rows } } }")
    assert answer["datasets"]["nodes"] == [{"rows": None}]


ONE = "query ($path: String!) { dataset(path: $path) { name path rows } }"


async def test_a_data_set_is_found_by_the_path_that_pipelines_know_it_by(
    api: Asking, data: Path
) -> None:
    (data / "x.csv").write_text("id\n1\n")
    (listed,) = (await api(NAMES))["datasets"]["nodes"]
    found = (await api(ONE, path=listed["path"]))["dataset"]
    assert found == {"name": "x.csv", "path": listed["path"], "rows": 1}


@pytest.mark.parametrize("path", ["no.csv", "../secret.csv", "/etc/passwd", "notes.txt", "", "a\0"])
async def test_what_pipelines_cannot_read_is_no_data_set(
    api: Asking, data: Path, path: str
) -> None:
    (data / "notes.txt").write_text("id\n")
    assert (await api(ONE, path=path))["dataset"] is None
