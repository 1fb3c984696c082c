"""`headrace run` without a server: the whole app in one process, and its exit codes."""

import os
import pty
import signal
from pathlib import Path

from tests.cli.typing import EXAMPLES, Home, wait_for

WAITING = """
name: waiting
blocks:
  - name: slow
    type: PYTHON
    config: {function: "slow:wait"}
"""
SLOW = """
import threading

def wait(ctx):
    ctx.log.info("here I wait")
    while not ctx.cancelled:
        threading.Event().wait(0.05)
    ctx.raise_if_cancelled()
"""
FAILING = """
name: failing
blocks:
  - name: bad
    type: PYTHON
    config: {function: "bad:fail"}
"""
BAD = """
def fail(ctx):
    ctx.log.warning("the ice is thin")
    raise RuntimeError("it broke")
"""
SENTIMENT = EXAMPLES / "sentiment.yaml"


def some_messages(home: Home) -> None:
    home.write("data/input.csv", 'id,text\n1,good product and great support\n2,"bad, terrible"\n')


def test_a_file_is_imported_run_and_reported(home: Home) -> None:
    some_messages(home)
    result = home.headrace("run", SENTIMENT)
    assert result.returncode == 0, result.stderr
    assert "imported sentiment v1 (new)" in result.stdout
    assert "block_succeeded" in result.stdout
    assert "SUCCEEDED in" in result.stdout
    assert "labelled: labelled.csv" in result.stdout


def test_a_name_runs_what_was_imported_and_json_says_all(home: Home) -> None:
    some_messages(home)
    home.headrace("import", SENTIMENT)
    run = home.json("run", "sentiment")
    assert (run["status"], run["pipeline"]["name"]) == ("SUCCEEDED", "sentiment")
    assert {block["name"]: int(block["rowsDone"]) for block in run["blocks"]}["sent"] == 2
    assert "labelled.csv" in {artifact["name"] for artifact in run["artifacts"]["nodes"]}


def test_the_other_examples_run_too(home: Home) -> None:
    some_messages(home)
    words = home.json("run", EXAMPLES / "frequent_words.yaml", "--param", "most=1")
    made = {artifact["name"]: artifact["rows"] for artifact in words["artifacts"]["nodes"]}
    assert (words["params"]["most"], int(made["table.csv"])) == (1, 2)
    assert home.json("run", EXAMPLES / "demo.json")["status"] == "SUCCEEDED"


def test_nothing_but_the_result_is_said_without_follow(home: Home) -> None:
    some_messages(home)
    result = home.headrace("run", SENTIMENT, "--no-follow")
    assert "block_started" not in result.stdout
    assert "SUCCEEDED in" in result.stdout


def test_a_failed_run_shows_the_error_and_the_last_log_lines(home: Home) -> None:
    home.write("bad.py", BAD)
    result = home.headrace("run", home.write("failing.yaml", FAILING))
    assert result.returncode == 1
    assert "bad failed: BLOCK_ERROR" in result.stderr
    assert "it broke" in result.stderr
    assert "the ice is thin" in result.stderr


def test_ctrl_c_cancels_the_run_and_waits_for_its_end(home: Home) -> None:
    home.write("slow.py", SLOW)
    process = home.begin("run", home.write("waiting.yaml", WAITING))
    wait_for(process.stdout, "block_started")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 3, err
    assert "run_cancelled" in out
    assert "CANCELLED in" in out


def test_a_second_ctrl_c_does_not_wait_for_the_run(home: Home) -> None:
    home.write("slow.py", "import threading\n\ndef wait():\n    threading.Event().wait()\n")
    process = home.begin("run", home.write("waiting.yaml", WAITING), DRAIN_SECONDS="0")
    wait_for(process.stdout, "block_started")
    process.send_signal(signal.SIGINT)
    wait_for(process.stderr, "cancelling")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGINT


def test_sigterm_gives_the_run_back_and_the_next_command_goes_on_with_it(home: Home) -> None:
    home.write("slow.py", SLOW)
    waiting = home.write("waiting.yaml", WAITING)
    process = home.begin("run", waiting, DRAIN_SECONDS="0")
    wait_for(process.stdout, "block_started")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    (run,) = home.json("runs")
    assert run["status"] in {"QUEUED", "RUNNING"}
    watching = home.begin("watch", run["id"])
    wait_for(watching.stdout, "block_released")
    wait_for(watching.stdout, "block_started")
    assert home.headrace("cancel", run["id"]).returncode == 0
    watching.communicate(timeout=30)
    assert watching.returncode == 3


def test_a_file_with_problems_starts_nothing_and_tells_each_with_its_place(home: Home) -> None:
    text = "name: x\nblocks:\n  - name: a\n    type: CSV_REEDER\nedges:\n  - {from: a, to: b}\n"
    file = home.write("wrong.yaml", text)
    result = home.headrace("run", file)
    assert result.returncode == 2
    assert f"{file}:4:11: UNKNOWN_BLOCK_TYPE" in result.stderr
    assert f"{file}:6:" in result.stderr
    assert "CSV_READER" in result.stderr
    assert home.json("runs") == []


def test_an_unknown_name_starts_nothing_and_suggests(home: Home) -> None:
    home.headrace("import", SENTIMENT)
    result = home.headrace("run", "sentimant")
    assert result.returncode == 2
    assert "did you mean sentiment" in result.stderr


def test_a_missing_file_starts_nothing(home: Home) -> None:
    result = home.headrace("run", "nowhere/missing.yaml")
    assert result.returncode == 2
    assert "No such file" in result.stderr


def test_a_param_that_does_not_fit_starts_nothing(home: Home) -> None:
    result = home.headrace("run", SENTIMENT, "--param", "input_paht=x")
    assert result.returncode == 2
    assert "UNKNOWN_PARAM" in result.stderr
    assert "input_path" in result.stderr


def test_detach_needs_a_server(home: Home) -> None:
    result = home.headrace("run", SENTIMENT, "--detach")
    assert result.returncode == 2
    assert "--detach needs a server" in result.stderr


def test_faulty_settings_start_nothing_and_are_told_by_name(home: Home) -> None:
    result = home.headrace("run", SENTIMENT, PORT="x", WAKEUPS="kafka")
    assert result.returncode == 2
    assert "PORT: wants a whole number" in result.stderr
    assert "WAKEUPS: kafka wants STREAM_BACKEND=kafka too" in result.stderr


def test_a_path_given_as_a_param_is_allowed_for_that_run_alone(home: Home, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere" / "mine.csv"
    home.write("elsewhere/mine.csv", "id,text\n1,lovely\n")
    folder = tmp_path / "work"
    folder.mkdir()
    home.folder = folder
    result = home.headrace("run", SENTIMENT, "--param", f"input_path={outside}")
    assert result.returncode == 0, result.stderr + result.stdout
    named_in_the_definition = home.write(
        "config.yaml",
        "name: other\nblocks:\n  - name: csv\n    type: CSV_READER\n"
        f"    config: {{input_path: {outside}}}\n",
    )
    result = home.headrace("run", named_in_the_definition)
    assert result.returncode == 1
    assert "PATH_REFUSED" in result.stderr


def test_a_terminal_is_shown_a_bar_for_each_block(home: Home) -> None:
    some_messages(home)
    ours, theirs = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        os.login_tty(theirs)
        os.chdir(home.folder)
        os.environ.update(TERM="xterm-256color", COLUMNS="100", LINES="30")
        os.execv(_python(), [_python(), "-m", "headrace.cli.main", "run", str(SENTIMENT)])
    os.close(theirs)
    shown = _read_all(ours)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, shown
    assert "━" in shown
    assert "3/3 blocks" in shown
    assert "rows/s" in shown


def _python() -> str:
    import sys

    return sys.executable


def _read_all(descriptor: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(descriptor, 65_536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(descriptor)
    return b"".join(parts).decode()
