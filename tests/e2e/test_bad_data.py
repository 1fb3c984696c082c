"""Bad data met while a run works: the error says what and where, nothing half-made stays."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BOTH
from tests.system.checks import sound
from tests.system.client import Api
from tests.system.grounds import Grounds

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

ROWS = "id,text\n1,good\n2,one,too many\n3,bad\n4,fine and,one more\n"
ELSEWHERE = "/app/data/input.csv"


def reader(**config: Any) -> dict[str, Any]:
    return {"name": "csv", "type": "CSV_READER", "config": config}


def labelling(**config: Any) -> dict[str, Any]:
    return {"name": "sent", "type": "LLM_SENTIMENT", "config": config}


def writer(**config: Any) -> dict[str, Any]:
    return {"name": "out", "type": "CSV_WRITER", "config": config}


@pytest.fixture
def data(grounds: Grounds) -> Path:
    folder = grounds.folder / "data"
    (folder / "folder").mkdir(parents=True, exist_ok=True)
    (folder / "rows.csv").write_text(ROWS)
    (folder / "input.csv").write_text("id,text\n1,good\n")
    (folder / "empty.csv").write_text("")
    (folder / "bytes.csv").write_bytes(b"id,text\n1,\xff\xfe\n")
    (folder / "theirs.csv").write_text("mine\n")
    (grounds.folder / "outside.csv").write_text("id,text\n1,secret\n")
    link = folder / "link.csv"
    if not link.is_symlink():
        link.symlink_to(grounds.folder / "outside.csv")
    return folder


FAILURES: dict[str, tuple[list[dict[str, Any]], str, tuple[str, ...]]] = {
    "a broken row": ([reader(input_path="rows.csv")], "BAD_INPUT", ("line 3", "3 cells")),
    "bytes of another encoding": ([reader(input_path="bytes.csv")], "BAD_INPUT", ("line 2",)),
    "an empty file": ([reader(input_path="empty.csv")], "BAD_INPUT", ("empty",)),
    "an absent file": ([reader(input_path="inptu.csv")], "BAD_INPUT", ("did you mean",)),
    "a folder": ([reader(input_path="folder")], "BAD_INPUT", ("folder",)),
    "a path of another machine": (
        [reader(input_path=ELSEWHERE)],
        "PATH_REFUSED",
        ("did you mean", "data/input.csv"),
    ),
    "a path that climbs out": ([reader(input_path="../outside.csv")], "PATH_REFUSED", ()),
    "a link that leads out": ([reader(input_path="link.csv")], "PATH_REFUSED", ()),
    "the database": ([reader(input_path="db.test.sqlite3")], "PATH_REFUSED", ()),
    "a missing column": (
        [reader(input_path="input.csv"), labelling(text_column="words")],
        "BAD_INPUT",
        ("words", "id, text"),
    ),
    "an output outside the roots": (
        [reader(input_path="input.csv"), writer(output_path="../mine.csv")],
        "PATH_REFUSED",
        (),
    ),
    "an output among the artifacts": (
        [reader(input_path="input.csv"), writer(output_path="artifacts/mine.csv")],
        "PATH_REFUSED",
        (),
    ),
    "an output over somebody's file": (
        [reader(input_path="input.csv"), writer(output_path="theirs.csv")],
        "PATH_REFUSED",
        ("theirs.csv",),
    ),
}


async def outcome(api: Api, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """A run of these blocks in a chain, once it is over."""
    names = [block["name"] for block in blocks]
    await api.bring_in(blocks, list(pairwise(names)))
    run_id = await api.start()
    await api.end(run_id)
    return await sound(api, run_id)


@pytest.mark.parametrize("name", FAILURES)
async def test_a_block_that_is_given_bad_data_fails_in_words_and_leaves_nothing(
    api: Api, grounds: Grounds, data: Path, name: str
) -> None:
    blocks, kind, words = FAILURES[name]
    files = {path: path.read_bytes() for path in grounds.folder.rglob("*.csv")}
    run = await outcome(api, [{**block, "retry": {"maxAttempts": 3}} for block in blocks])
    failing = run["blocks"][-1]
    assert (run["status"], failing["status"], failing["error"]["kind"]) == (
        "FAILED",
        "FAILED",
        kind,
    )
    assert [word for word in words if word not in failing["error"]["message"]] == []
    assert len(failing["attempts"]) == 1, "trying again would not help"
    assert [a["name"] for a in run["artifacts"]["nodes"] if a["block"] == failing["name"]] == []
    assert {path: path.read_bytes() for path in grounds.folder.rglob("*.csv")} == files
    assert list((grounds.artifacts / "tmp").glob("*")) == []
    assert [path for path in grounds.folder.rglob("*.csv*") if path not in files] == []


@pytest.mark.parametrize("policy", ["skip", "collect"])
async def test_broken_rows_are_left_out_where_the_block_says_so(
    api: Api, data: Path, policy: str
) -> None:
    run = await outcome(api, [reader(input_path="rows.csv", on_bad_row=policy)])
    made = {each["name"]: each for each in run["artifacts"]["nodes"]}
    assert run["status"] == "SUCCEEDED"
    assert int(made["output.arrow"]["rows"]) == 2
    assert ("bad_rows.csv" in made) == (policy == "collect")
    if policy == "collect":
        told = (await api.download(made["bad_rows.csv"])).decode()
        assert [line.split(",")[0] for line in told.splitlines()] == ["line", "3", "5"]


async def test_a_file_that_headrace_wrote_is_replaced_and_is_whole(api: Api, data: Path) -> None:
    blocks = [reader(input_path="input.csv"), labelling(), writer(output_path="out.csv")]
    for text in ("good", "bad", "bad"):
        (data / "input.csv").write_text(f"id,text\n1,{text}\n")
        run = await outcome(api, blocks)
        assert run["status"] == "SUCCEEDED", run
        (made,) = [a for a in run["artifacts"]["nodes"] if a["name"] == "out.csv"]
        assert (data / "out.csv").read_bytes() == await api.download(made)
