"""Bad requests of every kind: each gets a clear error with its code, and nothing is kept."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from tests.databases import BOTH
from tests.e2e.untouched import nothing_stays_behind
from tests.system import documents
from tests.system.client import Api, call
from tests.system.grounds import Grounds

pytestmark = pytest.mark.parametrize("kind", BOTH, indirect=True, scope="session")

PARAMS = [
    {"name": "file", "type": "PATH", "required": True},
    {"name": "size", "type": "INTEGER", "default": 3, "minimum": 1, "maximum": 9},
    {"name": "mode", "type": "STRING", "default": "a", "choices": ["a", "b"]},
]
PIPELINE = {"name": "messages", "blocks": [call("a", "nothing")], "edges": [], "params": PARAMS}
ABSENT = "run_01jzzzzzzzzzzzzzzzzzzzzzzz"


@pytest.fixture
async def there(api: Api, grounds: Grounds) -> AsyncIterator[Api]:
    """A server with a pipeline, and nothing more after the test than before it."""
    given = {"source": {"definition": PIPELINE}, "replaceIfExists": True}
    await api.ask(documents.IMPORT, input=given)
    outside = grounds.folder / "outside.csv"
    outside.write_text("secret\n")
    (grounds.folder / "data").mkdir(exist_ok=True)
    link = grounds.folder / "data" / "link.csv"
    if not link.is_symlink():
        link.symlink_to(outside)
    with nothing_stays_behind(grounds):
        yield api


REFUSED_PARAMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "one that is needed": ({}, "MISSING_PARAM", "file"),
    "one that there is not": ({"file": "x.csv", "sise": 3}, "UNKNOWN_PARAM", "sise"),
    "of another type": ({"file": "x.csv", "size": "many"}, "INVALID_PARAM", "size"),
    "too large": ({"file": "x.csv", "size": 10}, "INVALID_PARAM", "size"),
    "none of the choices": ({"file": "x.csv", "mode": "c"}, "INVALID_PARAM", "mode"),
    "a path outside the roots": ({"file": "/etc/passwd"}, "INVALID_PARAM", "file"),
    "a path that climbs out": ({"file": "../outside.csv"}, "INVALID_PARAM", "file"),
    "a link that leads out": ({"file": "link.csv"}, "INVALID_PARAM", "file"),
    "the database": ({"file": "db.test.sqlite3"}, "INVALID_PARAM", "file"),
    "a file url outside": ({"file": "file:///etc/passwd"}, "INVALID_PARAM", "file"),
}


@pytest.mark.parametrize("name", REFUSED_PARAMS)
async def test_params_that_cannot_be_used_start_nothing(there: Api, name: str) -> None:
    params, code, param = REFUSED_PARAMS[name]
    done = await there.ask(documents.START, input={"pipeline": "messages", "params": params})
    answer = done["startRun"]
    assert (answer["__typename"], answer["code"]) == ("ParamsInvalid", "INVALID")
    assert [(each["code"], each["path"]) for each in answer["problems"]] == [
        (code, ["params", param])
    ]


GOOD = {"pipeline": "messages", "params": {"file": "x.csv"}}
LABEL = {"key": "k", "value": "v"}
REFUSED_STARTS: dict[str, dict[str, Any]] = {
    "a priority beyond a hundred": {"priority": 101},
    "no time at all": {"timeoutSeconds": 0},
    "less than no time": {"timeoutSeconds": -1},
    "a label twice": {"labels": [LABEL, LABEL]},
    "too many labels": {"labels": [{"key": f"k{n}", "value": ""} for n in range(33)]},
    "a label too long": {"labels": [{"key": "k", "value": "v" * 256}]},
    "params that are no object": {"params": [1]},
    "params too large": {"params": {"file": "x" * 2**18}},
    "an empty key": {"idempotencyKey": ""},
    "a key too long": {"idempotencyKey": "k" * 256},
    "a key that cannot be printed": {"idempotencyKey": "a\nb"},
    "a field that there is not": {"pipelin": "p"},
    "a name that is no text": {"pipeline": 3},
}


@pytest.mark.parametrize("name", REFUSED_STARTS)
async def test_a_start_out_of_bounds_is_bad_user_input(there: Api, name: str) -> None:
    given = GOOD | REFUSED_STARTS[name]
    assert await code_of(there, documents.START, input=given) == "BAD_USER_INPUT"


async def test_a_pipeline_that_is_absent_is_told_with_those_that_are_near(there: Api) -> None:
    done = (await there.ask(documents.START, input={"pipeline": "mesages"}))["startRun"]
    assert (done["__typename"], done["code"], done["nearest"]) == (
        "PipelineNotFound",
        "NOT_FOUND",
        ["messages"],
    )
    done = (await there.ask(documents.START, input=GOOD | {"version": 99}))["startRun"]
    assert (done["__typename"], done["code"]) == ("PipelineVersionNotFound", "NOT_FOUND")


CANCELS: dict[str, tuple[dict[str, Any], str]] = {
    "ids and a filter": ({"runIds": [ABSENT], "filter": {}}, "BAD_USER_INPUT"),
    "neither": ({}, "BAD_USER_INPUT"),
    "too many": ({"runIds": [ABSENT] * 501}, "LimitExceeded"),
    "an absent one": ({"runIds": [ABSENT]}, "RunNotFound"),
}


@pytest.mark.parametrize("name", CANCELS)
async def test_a_cancellation_of_nothing_is_told(there: Api, name: str) -> None:
    given, expected = CANCELS[name]
    try:
        done = (await there.ask(documents.CANCEL, input=given))["cancelRuns"]
    except TransportQueryError as error:
        told = _code(error)
    else:
        told = done["results"][0]["__typename"] if "results" in done else done["__typename"]
    assert told == expected


OUTPUTS: dict[str, tuple[dict[str, Any], str]] = {
    "no rows": ({"count": 0}, "ValueOutOfRange"),
    "too many rows": ({"count": 100_001}, "ValueOutOfRange"),
    "a path outside the roots": ({"outputPath": "/tmp/mine.csv"}, "PathRefused"),
    "a path that climbs out": ({"outputPath": "../mine.csv"}, "PathRefused"),
    "a link that leads out": ({"outputPath": "link.csv"}, "PathRefused"),
    "the artifacts": ({"outputPath": "artifacts/mine.csv"}, "PathRefused"),
    "the database": ({"outputPath": "db.test.sqlite3"}, "PathRefused"),
    "a program": ({"outputPath": "mine.py"}, "PathRefused"),
    "somebody's file": ({"outputPath": "theirs.csv"}, "PathRefused"),
}


@pytest.mark.parametrize("name", OUTPUTS)
async def test_a_dataset_goes_nowhere_where_it_must_not(
    api: Api, grounds: Grounds, name: str
) -> None:
    given, expected = OUTPUTS[name]
    (grounds.folder / "data" / "theirs.csv").write_text("mine\n")
    with nothing_stays_behind(grounds):
        done = (await api.ask(documents.SYNTHESIZE, input=given))["synthesizeDataset"]
    assert done["__typename"] == expected, done
    assert done["message"]


async def code_of(api: Api, document: str, **variables: Any) -> str:
    """The code of the one error of an operation."""
    with pytest.raises(TransportQueryError) as refused:
        await api.ask(document, **variables)
    return _code(refused.value)


def _code(error: TransportQueryError) -> str:
    (told,) = error.errors or []
    extensions: Mapping[str, Any] = told["extensions"]
    return str(extensions["code"])
