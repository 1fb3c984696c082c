"""Block types are found by entry points; a broken plugin costs itself alone."""

import subprocess
import sys
import textwrap
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from headrace.blocks import Block
from headrace.blocks.registry import Catalogue

HEAVY = (
    "arro3.core",
    "vaderSentiment",
    "duckdb",
    "sqlalchemy",
    "strawberry",
    "langchain_google_genai",
)


def install(folder: Path, distribution: str, module: str, entries: str) -> None:
    """Put a distribution with blocks where `importlib.metadata` finds it, as pip would."""
    name = distribution.replace("-", "_")
    (folder / f"{name}.py").write_text(textwrap.dedent(module), encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = ["[headrace.blocks]", *(line.strip() for line in entries.strip().splitlines())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


GOOD = """
    from headrace.blocks import Block, Config

    class LimitConfig(Config):
        rows: int = 10

    class Limit(Block[LimitConfig]):
        "Hands on the first rows."
        min_inputs = 1
        max_inputs = 1

        def run(self, config, inputs, ctx):
            return None

    class NoBlock:
        pass
"""


def test_a_plugin_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "limit-blocks", GOOD, "LIMIT = limit_blocks:Limit")
    monkeypatch.syspath_prepend(tmp_path)
    catalogue = Catalogue.discover()
    found = catalogue.get("LIMIT")
    assert found is not None
    assert (found.name, found.description) == ("LIMIT", "Hands on the first rows.")
    assert (found.min_inputs, found.max_inputs) == (1, 1)
    assert found.config_schema()["additionalProperties"] is False
    assert [fault.suggestion for fault in found.check_config({"row": 3})] == ["rows"]
    assert catalogue.target("LIMIT") == "limit_blocks:Limit"
    assert "LIMIT" in catalogue.names()


def test_the_built_in_blocks_are_there_and_work() -> None:
    catalogue = Catalogue.discover()
    assert {"CSV_READER", "CSV_WRITER", "LLM_SENTIMENT", "PYTHON"} <= set(catalogue.names())
    assert catalogue.warnings == ()


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("limit_blocks:Absent", "AttributeError"),
        ("no_such_module:Limit", "ModuleNotFoundError"),
        ("limit_blocks:NoBlock", "no subclass"),
        ("exits:Limit", "SystemExit"),
    ],
)
def test_a_broken_plugin_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, reason: str
) -> None:
    entries = f"BROKEN = {target}\nLIMIT = limit_blocks:Limit"
    install(tmp_path, "limit-blocks", GOOD, entries)
    (tmp_path / "exits.py").write_text("raise SystemExit(2)", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    catalogue = Catalogue.discover()
    assert catalogue.get("BROKEN") is None
    assert "BROKEN" not in catalogue.names()
    assert "LIMIT" in catalogue.names()
    (warning,) = catalogue.warnings
    assert "BROKEN of limit-blocks is left out" in warning
    assert reason in warning


def test_nobody_takes_the_name_of_a_built_in_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "aaa-limit", GOOD, "CSV_READER = aaa_limit:Limit")
    monkeypatch.syspath_prepend(tmp_path)
    catalogue = Catalogue.discover()
    assert (catalogue.target("CSV_READER") or "").startswith("headrace_worker.")
    assert "CSV_READER of aaa-limit is left out" in catalogue.warnings[0]


def test_an_unknown_type_is_none() -> None:
    catalogue = Catalogue([EntryPoint("X", "nowhere:X", "headrace.blocks")])
    assert catalogue.get("Y") is None
    assert catalogue.target("Y") is None


def test_listing_the_catalogue_imports_nothing_heavy() -> None:
    """The server lists block types; an Arrow library or a lexicon would cost it 10 MB and more."""
    code = f"""
        import sys
        from headrace.blocks.registry import Catalogue
        assert "CSV_READER" in Catalogue.discover().names()
        print([name for name in {HEAVY!r} if name in sys.modules])
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_registered_class_is_a_block() -> None:
    found = Catalogue.discover().get("CSV_READER")
    assert found is not None
    assert issubclass(found.block_type, Block)
