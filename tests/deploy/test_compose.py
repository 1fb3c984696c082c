"""docker-compose.yml and its images, as far as they can be judged without Docker."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from headrace.settings import Settings
from scripts.stack import front
from scripts.stack.compose import FILE, ROOT, filled_in, service

# What SDKs of object stores and Ray read by themselves.
OF_OTHERS = re.compile(r"AWS_|RAY_")
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text("utf-8")))


def test_the_file_is_what_the_compose_specification_allows() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(FILE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["api", "worker"])
def test_every_variable_of_our_services_is_a_setting(name: str) -> None:
    known = {field.upper() for field in Settings.model_fields}
    given = service(name, {}).environment
    assert {key for key in given if not OF_OTHERS.match(key)} <= known


def test_variables_of_the_shell_or_env_file_win_and_empty_ones_do_not() -> None:
    given = service("api", {"DATABASE_URL": "postgresql+asyncpg://elsewhere/db", "AWS_REGION": ""})
    assert given.environment["DATABASE_URL"] == "postgresql+asyncpg://elsewhere/db"
    assert given.environment["AWS_REGION"] == "us-east-1"
    assert filled_in("${A:-x}/${B}", {"B": "y"}) == "x/y"


def test_our_services_run_commands_that_there_are() -> None:
    (program, *rest) = service("api", {}).command
    assert (program, rest) == ("headrace", ["serve", "--no-worker"])
    assert service("worker", {}).command == ("python", "-m", "headrace_worker")
    assert Path(sys.executable).with_name(program).exists()


def test_every_image_of_others_is_pinned_and_ports_are_published_on_this_machine_alone(
    document: dict[str, Any],
) -> None:
    for name, found in document["services"].items():
        if "build" not in found:
            assert PINNED.search(found["image"]), name
        for port in found.get("ports", []):
            assert port.startswith("127.0.0.1:"), (name, port)
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE.read_text("utf-8"), re.MULTILINE))
    assert all(PINNED.search(base) for base in bases if base not in stages)


def test_what_the_images_copy_is_there_and_nobody_in_them_is_root(document: dict[str, Any]) -> None:
    text = DOCKERFILE.read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    targets = {f["build"]["target"] for f in document["services"].values() if "build" in f}
    assert targets <= set(re.findall(r" AS (\S+)$", text, re.MULTILINE))
    assert re.search(r"^USER headrace$", text, re.MULTILINE)
    for name in ("api", "worker"):
        assert document["services"][name]["user"].startswith("${HEADRACE_UID:-1000}")


def test_every_long_service_has_a_health_check_or_says_why_not(document: dict[str, Any]) -> None:
    once = {"data", "bucket"}
    unchecked = {name for name, found in document["services"].items() if "healthcheck" not in found}
    assert unchecked - once <= {"redpanda-console", "ray-worker"}


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx on this machine (Debian: apt-get install nginx)")
    config = tmp_path / "nginx.conf"
    config.write_text(front.config(tmp_path, 18080, 18000, [18001, 18002]))
    done = subprocess.run(
        [program, "-t", "-e", str(tmp_path / "log"), "-c", str(config)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
