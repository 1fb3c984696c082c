"""Writes constraints.txt: every distribution that `.[all,dev]` resolves to today.

The resolution happens in a fresh environment, so what someone installed by hand never becomes a
pin. The file holds `name==version` lines only: where the distributions come from is the business
of whoever installs.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "constraints.txt"
HEADER = """\
# What `make setup` installs. Written by `make constraints`; change pyproject.toml, not this file.
"""


def frozen(python: Path) -> list[str]:
    """The `name==version` lines of an environment, without Headrace itself.

    Raises:
        SystemExit: when a distribution is not named by a version alone.
    """
    listed = subprocess.run(
        [python, "-m", "pip", "freeze", "--exclude", "headrace"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    odd = [line for line in listed if "==" not in line or "://" in line]
    if odd:
        sys.exit(f"not pinned by a version: {odd}")
    return sorted(listed, key=str.lower)


def main() -> None:
    """Resolves, and replaces the file."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{ROOT}[all,dev]"], check=True)
        TARGET.write_text(HEADER + "\n".join(frozen(python)) + "\n")
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main()
