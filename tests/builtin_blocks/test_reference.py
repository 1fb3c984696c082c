"""docs/reference/blocks.md is what the code says, and its examples are good ones."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from headrace.blocks.registry import Catalogue

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "blocks.md").read_text()
EXAMPLES: list[dict[str, Any]] = [
    block
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for block in yaml.safe_load(text)
]


def test_the_page_is_fresh() -> None:
    script = ROOT / "scripts" / "blocks_reference.py"
    result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block["type"])
def test_each_example_is_a_block_that_can_be_imported(block: dict[str, Any]) -> None:
    found = Catalogue.discover().get(block["type"])
    assert found is not None
    assert found.check_config(block.get("config", {})) == []


def test_every_built_in_block_has_an_example() -> None:
    headings = re.findall(r"^## (\w+)$", PAGE, re.MULTILINE)
    assert [block["type"] for block in EXAMPLES] == headings
    assert {"CSV_READER", "CSV_WRITER", "FILTER", "LLM_SENTIMENT", "PYTHON", "SQL"} <= set(headings)


def test_listing_the_blocks_imports_nothing_heavy() -> None:
    code = """
import sys
from headrace.blocks.registry import Catalogue
catalogue = Catalogue.discover()
for name in catalogue.names():
    catalogue.get(name).config_schema()
heavy = {"arro3", "asyncio", "duckdb", "httpx", "langchain_core", "vaderSentiment"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")
