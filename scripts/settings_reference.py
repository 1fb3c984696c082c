"""Writes what is said of the settings from their model: docs/reference/settings.md, .env.example.

`--check` writes nothing and fails when a file is not what the model says.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo

from headrace.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
REFERENCE: Final = ROOT / "docs" / "reference" / "settings.md"
EXAMPLE: Final = ROOT / ".env.example"

# A heading stands before the setting that it names.
HEADINGS: Final = {
    "app_name": "General",
    "host": "Server and doors",
    "data_dir": "Data, artifacts and the database",
    "worker_concurrency": "Workers and blocks",
    "llm_provider": "LLM blocks",
    "stream_backend": "Streams",
    "headrace_url": "Clients",
}

REFERENCE_HEAD: Final = """\
# Settings

<!-- Written by `make docs` from backend/headrace/settings.py: change it there. -->

Settings are environment variables. The file `.env` in the working directory is read too, and the
environment wins over it; an empty value counts as not given. Durations are in seconds and sizes in
bytes. Every fault is reported at once when Headrace starts. `.env.example` lists all of them with
their defaults.

Under pytest (`PYTEST_VERSION` in the environment) `SQLITE_PATH` gets `.test` before its extension,
`.env` is not read, and `DATABASE_URL` is ignored unless `TEST_DATABASE_URL` gives it.
"""

EXAMPLE_HEAD: Final = """\
# Every setting with its default: `cp .env.example .env` changes nothing, and an empty value counts
# as not given. Written by `make docs` from backend/headrace/settings.py; docs/reference/settings.md
# says the same as a table.
"""


def grouped() -> Iterator[tuple[str | None, str, FieldInfo]]:
    """Each setting in order, with the heading that stands before it or None."""
    for name, field in Settings.model_fields.items():
        yield HEADINGS.get(name), name, field


def written(value: Any) -> str:
    """A default as one writes it in the environment."""
    match value:
        case bool():
            return "true" if value else "false"
        case tuple() | list() | dict():
            return json.dumps(value, separators=(",", ":"))
        case Path():
            return f"./{value}"
        case _:
            return str(value)


def default_of(field: FieldInfo) -> tuple[str, str]:
    """A default: as text for the environment (empty if it is worked out), and as words."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "words" in extra:
        return "", str(extra["words"])
    text = written(field.get_default(call_default_factory=True))
    return text, f"`{text}`" if text else "empty"


def reference() -> str:
    """The text of docs/reference/settings.md."""
    lines = [REFERENCE_HEAD.rstrip()]
    for heading, name, field in grouped():
        if heading:
            lines += ["", f"## {heading}", "", "| name | meaning | default |", "|---|---|---|"]
        choices = getattr(field.annotation, "__args__", ())
        meaning = field.description
        if choices and all(isinstance(choice, str) for choice in choices):
            meaning = f"{' or '.join(f'`{choice}`' for choice in choices)}. {meaning}"
        lines.append(f"| {name.upper()} | {meaning} | {default_of(field)[1]} |")
    return "\n".join(lines) + "\n"


def example() -> str:
    """The text of .env.example."""
    lines = [EXAMPLE_HEAD.rstrip()]
    for heading, name, field in grouped():
        if heading:
            lines += ["", f"# --- {heading} ---"]
        text, words = default_of(field)
        suffix = f" Default: {words}." if not text and words != "empty" else ""
        lines += [f"# {field.description}{suffix}", f"{name.upper()}={text}"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes or checks both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    check = parser.parse_args().check
    stale = 0
    for path, text in ((REFERENCE, reference()), (EXAMPLE, example())):
        if check and (not path.is_file() or path.read_text() != text):
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
            stale += 1
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
