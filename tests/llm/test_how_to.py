"""docs/how-to/use-gemini.md: its query is one of the API, its settings are settings, its numbers
are those of the code.
"""

import re
from pathlib import Path

from graphql import build_schema, parse, validate

from headrace.settings import Settings
from headrace_worker.llm.gemini import TIMEOUT_SECONDS
from headrace_worker.llm.neighbours import MOST_QUIET_SECONDS
from headrace_worker.llm.pacing import FIRST_AT_ONCE, MOST_AT_ONCE
from headrace_worker.llm.patience import FIRST_WAIT_SECONDS, MOST_TRIES, MOST_WAIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "use-gemini.md").read_text()
TEXT = " ".join(PAGE.split())


def test_its_queries_are_valid() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text())
    queries = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
    assert queries
    for query in queries:
        assert validate(schema, parse(query)) == []


def test_its_settings_are_settings() -> None:
    words = set(re.findall(r"\b(?:LLM|GEMINI|LEDGER)_[A-Z_]+\b", PAGE))
    assert words
    assert words <= {name.upper() for name in Settings.model_fields}


def test_its_numbers_are_those_of_the_code() -> None:
    assert (FIRST_AT_ONCE, MOST_AT_ONCE) == (4, 32)
    assert "begins with four calls at once and makes one more with each answer, up to 32" in TEXT
    assert (FIRST_WAIT_SECONDS, MOST_WAIT_SECONDS, MOST_TRIES) == (0.5, 30, 8)
    assert "waits double from half a second to half a minute" in TEXT
    assert "refuses one call eight times" in TEXT
    assert (TIMEOUT_SECONDS, MOST_QUIET_SECONDS) == (60, 300)
    assert "no answer within a minute" in TEXT
    assert "for more than five minutes" in TEXT
    fields = Settings.model_fields
    assert f"LEDGER_BATCH answers ({fields['ledger_batch'].default})" in TEXT
    assert f"LEDGER_RETENTION_DAYS ({fields['ledger_retention_days'].default})" in TEXT
