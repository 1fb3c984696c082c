"""A block of somebody else's, as docs/how-to/write-a-block.md has it: built, installed, run.

Everything is taken from that page: the module, the entry point, the definition and the test.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-block.md"
PATIENCE_SECONDS = 60


def example(language: str, number: int = 0) -> str:
    """The page's n-th piece of code in a language."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(found[number])


def build(folder: Path) -> Path:
    """A wheel of the page's module, with the metadata that its pyproject stands for."""
    project = tomllib.loads(example("toml"))["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    info = f"{name}-{version}.dist-info"
    entries = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
        for group, points in project["entry-points"].items()
    )
    files = {
        "mycompany/__init__.py": "",
        "mycompany/blocks.py": example("python"),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entries,
        f"{info}/RECORD": "",
    }
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the distribution is installed: beside Headrace, for whoever has it on the path."""
    folder = tmp_path_factory.mktemp("foreign")
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-index", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, *options, build(folder)], check=True, timeout=PATIENCE_SECONDS)
    return target


def run(installed: Path, folder: Path, *command: str) -> str:
    """What a command says, with the foreign distribution on its path."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed), "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_it_is_listed_and_runs_in_a_process_of_its_own(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "input.csv").write_text("id,text\n1,a good day\n2,a day\n3,good\n")
    (tmp_path / "praise.yaml").write_text(example("yaml"))
    headrace = "headrace.cli.main"
    listed = run(installed, tmp_path, headrace, "blocks")
    assert re.search(r"^KEEP +1 +Keeps the rows whose column holds a word\.$", listed, re.MULTILINE)
    assert '"word"' in run(installed, tmp_path, headrace, "blocks", "KEEP")
    told = json.loads(run(installed, tmp_path, headrace, "run", "praise.yaml", "--json"))
    assert {block["name"]: block["status"] for block in told["blocks"]} == {
        "csv": "SUCCEEDED",
        "praise": "SUCCEEDED",
    }
    rows = {each["block"]: int(each["rows"]) for each in told["artifacts"]["nodes"]}
    assert rows == {"csv": 3, "praise": 2}


def test_its_own_test_passes(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_keep.py").write_text(example("python", 1))
    assert "1 passed" in run(installed, tmp_path, "pytest", "-q", "test_keep.py")
