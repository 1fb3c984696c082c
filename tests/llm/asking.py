"""What the tests of LLM blocks share: settings for the loopback server, contexts, rows."""

from pathlib import Path
from typing import Any

from headrace.blocks import Environment, LlmSettings
from headrace.blocks.testing import RecordingContext, RecordingMemo, run_block
from headrace_worker.blocks.llm_sentiment import LlmSentiment
from tests.llm.gemini_server import KEY, MODEL, GeminiServer


def settings_for(server: GeminiServer, **changes: Any) -> LlmSettings:
    values = {"provider": "gemini", "model": MODEL, "api_key": KEY, "base_url": server.url}
    return LlmSettings(**{**values, **changes})


def context_for(
    server: GeminiServer, folder: Path, memo: RecordingMemo | None = None, **changes: Any
) -> RecordingContext:
    environment = Environment(
        working_dir=folder,
        data_dir=folder,
        artifacts_dir=folder / "artifacts",
        allowed_roots=(folder,),
        llm=settings_for(server, **changes),
    )
    return RecordingContext(folder, environment=environment, memo=memo)


def rows_of(*texts: str | None) -> list[dict[str, Any]]:
    return [{"id": number, "text": text} for number, text in enumerate(texts)]


def labels(ctx: RecordingContext, *texts: str | None) -> list[str]:
    """What LLM_SENTIMENT makes of these texts."""
    found = run_block(LlmSentiment, {}, ctx, rows=rows_of(*texts))
    assert found is not None
    assert [row["text"] for row in found] == list(texts)
    return [row["label"] for row in found]


def paid(ctx: RecordingContext) -> dict[str, int]:
    """The account of a context's block: its usage, summed."""
    names = ("calls", "ledger_hits", "input_tokens", "output_tokens")
    return {name: sum(getattr(each, name) for each in ctx.memo.usages) for name in names}
