"""`headrace demo`: what a newcomer sees first."""

import re
import signal
import urllib.request

from tests.cli.typing import Home, wait_for


def test_the_demo_shows_its_results_and_ends_with_the_runs_exit_code(home: Home) -> None:
    result = home.headrace("demo", "--once")
    assert result.returncode == 0, result.stderr
    counts = dict(re.findall(r"^(POSITIVE|NEGATIVE|NEUTRAL)\s+(\d+)", result.stdout, re.MULTILINE))
    assert sum(map(int, counts.values())) == 40
    assert len(counts) == 3
    assert re.search(r"http://\S+/artifacts/\S+signature=", result.stdout)


def test_the_demo_can_be_given_again(home: Home) -> None:
    home.headrace("demo", "--once")
    assert home.headrace("demo", "--once").returncode == 0


def test_the_demo_leaves_a_file_of_ones_own_alone_and_uses_it(home: Home) -> None:
    home.write("data/input.csv", "id,text\n1,I love it\n")
    result = home.headrace("demo", "--once")
    assert result.returncode == 0, result.stderr
    assert re.search(r"POSITIVE\s+1", result.stdout)
    assert (home.folder / "data" / "input.csv").read_text() == "id,text\n1,I love it\n"


def test_the_signed_url_can_be_followed_while_the_demo_serves(home: Home) -> None:
    process = home.begin("demo", PORT="0", SIGNED_URLS_REQUIRED="true")
    url = wait_for(process.stdout, "signature=").strip()
    with urllib.request.urlopen(url, timeout=10) as response:
        lines = response.read().decode("utf-8-sig").splitlines()
    assert len(lines) == 41
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_the_demo_runs_on_the_server_that_is_named(home: Home) -> None:
    server = home.serve()
    result = home.headrace("demo", HEADRACE_URL=server.url)
    assert result.returncode == 0, result.stderr
    counts = dict(re.findall(r"^(POSITIVE|NEGATIVE|NEUTRAL)\s+(\d+)", result.stdout, re.MULTILINE))
    assert sum(map(int, counts.values())) == 40
    found = re.search(r"http://\S+/artifacts/\S+signature=\S+", result.stdout)
    assert found is not None
    assert found.group().startswith(server.url)
    with urllib.request.urlopen(found.group(), timeout=10) as response:
        assert len(response.read().decode("utf-8-sig").splitlines()) == 41
