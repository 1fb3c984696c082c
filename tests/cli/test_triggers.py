"""`trigger …`, typed as a person does; without brokers it keeps and shows what there is."""

from pathlib import Path

from tests.cli.typing import Home

PIPELINE = """
name: take
params: [{name: id, type: integer}, {name: tag, type: string, required: false}]
blocks: [{name: read, type: CSV_READER, config: {input_path: x.csv}}]
"""


def kept(home: Home) -> Path:
    file = home.write("take.yaml", PIPELINE)
    assert home.headrace("import", file).returncode == 0
    done = home.headrace(
        "trigger", "save", "orders", "--pipeline", "take", "--topic", "orders",
        "--param", "id=/order/id", "--param", "tag=header:tag", "--from", "earliest",
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "orders: created")
    return file


def test_a_trigger_is_saved_listed_paused_resumed_and_deleted(home: Home) -> None:
    kept(home)
    (listed,) = home.json("trigger", "list")
    assert (listed["name"], listed["status"], listed["lag"]) == ("orders", "ACTIVE", None)
    assert listed["params"] == [
        {"name": "id", "source": "/order/id"},
        {"name": "tag", "source": "header:tag"},
    ]
    paused = home.headrace("trigger", "pause", "orders", "--reason", "for lunch")
    assert paused.stdout.strip() == "orders: PAUSED"
    shown = home.headrace("trigger", "list")
    assert "PAUSED" in shown.stdout
    assert "orders: for lunch" in shown.stderr
    assert home.headrace("trigger", "resume", "orders").stdout.strip() == "orders: ACTIVE"
    assert home.json("trigger", "poison", "orders") == []
    assert home.headrace("trigger", "delete", "orders").returncode == 0
    assert home.json("trigger", "list") == []


def test_what_cannot_be_is_refused_with_every_reason(home: Home) -> None:
    kept(home)
    refused = home.headrace(
        "trigger", "save", "orders", "--pipeline", "take", "--topic", "t", "--param", "idd=body"
    )
    assert refused.returncode == 1
    assert "UNKNOWN_PARAM" in refused.stderr
    assert "INVALID_PARAM" in refused.stderr
    assert "MISSING_PARAM" in refused.stderr
    for command in (["pause"], ["resume"], ["delete"], ["poison"]):
        missing = home.headrace("trigger", *command, "nobody")
        assert missing.returncode != 0
        assert "no trigger 'nobody'" in missing.stderr
    gone = home.headrace("trigger", "dismiss", "psn_nothing")
    assert "There is no message psn_nothing" in gone.stderr
