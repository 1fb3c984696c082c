"""`headrace serve` and the commands that talk to it."""

import signal
import socket
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.request import urlopen

import pytest

from tests.cli.test_run import SENTIMENT, SLOW, WAITING, some_messages
from tests.cli.typing import Home, wait_for
from tests.system.ports import free_port


def test_a_run_detaches_is_watched_and_listed(home: Home) -> None:
    some_messages(home)
    server = home.serve()
    started = home.headrace("run", SENTIMENT, "--detach", "--server", server.url)
    assert started.returncode == 0, started.stderr
    run_id = started.stdout.strip()
    assert run_id.startswith("run_")
    watched = home.headrace("watch", run_id, HEADRACE_URL=server.url)
    assert watched.returncode == 0, watched.stderr
    assert "run_queued" in watched.stdout
    (run,) = home.json("runs", HEADRACE_URL=server.url)
    assert (run["id"], run["trigger"]) == (run_id, "CLI")
    assert server.stop() == 0


def test_a_run_on_a_server_is_followed_to_its_end(home: Home) -> None:
    some_messages(home)
    server = home.serve()
    result = home.headrace("run", SENTIMENT, "--server", server.url)
    assert result.returncode == 0, result.stderr
    assert "SUCCEEDED in" in result.stdout


def test_ctrl_c_at_the_client_cancels_the_run_at_the_server(home: Home) -> None:
    home.write("slow.py", SLOW)
    server = home.serve(PYTHON_MODULES='["slow"]', PYTHONPATH=str(home.folder))
    process = home.begin("run", home.write("waiting.yaml", WAITING), "--server", server.url)
    wait_for(process.stdout, "block_started")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 3, err
    assert "CANCELLED in" in out


def test_a_server_takes_no_grants_from_its_clients(home: Home) -> None:
    home.write("slow.py", SLOW)
    server = home.serve()
    result = home.headrace("run", home.write("waiting.yaml", WAITING), "--server", server.url)
    assert result.returncode == 2
    assert "PYTHON_NOT_ALLOWED" in result.stderr


def test_a_watcher_goes_on_when_its_server_is_killed_and_comes_back(home: Home) -> None:
    home.write("slow.py", SLOW)
    settings = {
        "PYTHON_MODULES": '["slow"]',
        "PYTHONPATH": str(home.folder),
        "LEASE_SECONDS": "1",
    }
    port = str(free_port())
    server = home.serve("--port", port, **settings)
    process = home.begin("run", home.write("waiting.yaml", WAITING), "--server", server.url)
    wait_for(process.stdout, "block_started")
    server.stop(signal.SIGKILL)
    wait_for(process.stderr, "trying again")
    again = home.serve("--port", port, **settings)
    wait_for(process.stdout, "worker_lost")
    wait_for(process.stdout, "block_started")
    (run,) = home.json("runs", HEADRACE_URL=again.url)
    assert home.headrace("cancel", run["id"], "--server", again.url).returncode == 0
    process.communicate(timeout=30)
    assert process.returncode == 3


def test_without_a_worker_a_run_waits_and_the_watcher_is_told_why(home: Home) -> None:
    some_messages(home)
    server = home.serve("--no-worker")
    process = home.begin("run", SENTIMENT, "--server", server.url)
    assert "worker" in wait_for(process.stderr, "worker")
    worker = home.begin("worker")
    wait_for(worker.stderr, "worker.up")
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, out + err
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=30)
    assert worker.returncode == 0


def test_a_key_that_is_missing_is_asked_for_and_one_that_is_given_is_used(home: Home) -> None:
    some_messages(home)
    server = home.serve(API_KEY="open-sesame")
    refused = home.headrace("runs", "--server", server.url)
    assert refused.returncode == 2
    assert "wants an API key" in refused.stderr
    for given in ({"HEADRACE_API_KEY": "open-sesame"}, {"API_KEY": "open-sesame"}):
        assert home.headrace("runs", "--server", server.url, **given).returncode == 0
    followed = home.headrace("run", SENTIMENT, "--server", server.url, "--api-key", "open-sesame")
    assert followed.returncode == 0, followed.stderr


def test_no_server_at_the_address_is_told_in_one_line(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = home.headrace("runs", "--server", f"127.0.0.1:{taken.getsockname()[1]}")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "cannot be reached" in result.stderr


def test_a_port_in_use_is_told_before_anything_else_begins(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = home.headrace("serve", "--port", str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert "in use" in result.stderr
    assert not (home.folder / "data").exists()


def test_each_response_says_when_it_was_made(home: Home) -> None:
    server = home.serve()
    for _ in range(2):
        before = datetime.now(UTC).replace(microsecond=0)
        with urlopen(f"{server.url}/health", timeout=30) as response:
            made = parsedate_to_datetime(response.headers["Date"])
        assert before <= made <= datetime.now(UTC)
        # The next one is not to have the date of this one.
        while datetime.now(UTC).replace(microsecond=0) <= made:
            pass
    assert server.stop() == 0


def test_ctrl_c_stops_a_server_in_good_order(home: Home) -> None:
    assert home.serve().stop(signal.SIGINT) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_is_a_module_too_and_drains_at_a_signal(
    home: Home, number: signal.Signals
) -> None:
    process = home.begin(command=(sys.executable, "-m", "headrace_worker"))
    wait_for(process.stderr, "worker.up")
    process.send_signal(number)
    wait_for(process.stderr, "worker.draining")
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_worker_with_faulty_settings_does_not_start(home: Home) -> None:
    result = home.headrace("worker", WAKEUPS="kafka")
    assert result.returncode == 2
    assert "WAKEUPS: kafka wants STREAM_BACKEND=kafka too" in result.stderr
