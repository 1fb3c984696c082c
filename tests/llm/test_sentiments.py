"""LLM_SENTIMENT with a paid provider: many calls at once, the ledger before each."""

import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from headrace.blocks import BlockCancelled, BlockError
from headrace.blocks.testing import RecordingMemo
from headrace_worker.llm import ledger
from headrace_worker.llm.pacing import MOST_AT_ONCE
from tests.llm.asking import context_for, labels, paid
from tests.llm.gemini_server import Call, GeminiServer, Reply, blocked, fails, refuses, says

MANY = [f"row {number}" for number in range(200)]


def test_many_are_asked_at_once_and_the_rows_keep_their_order(
    server: GeminiServer, tmp_path: Path
) -> None:
    """The first answers come only when four calls are there: one at a time would stand still."""
    together = threading.Barrier(4, timeout=30)

    def behave(call: Call) -> Reply:
        if call.number <= 4:
            together.wait()
        return says("POSITIVE" if int(call.text.split()[1]) % 3 else "negative")

    server.behave = behave
    ctx = context_for(server, tmp_path)
    wanted = ["POSITIVE" if number % 3 else "NEGATIVE" for number in range(200)]
    assert labels(ctx, *MANY) == wanted
    assert Counter(server.answered) == Counter(MANY)
    assert 4 <= server.most_at_once <= MOST_AT_ONCE
    assert paid(ctx) == {
        "calls": 200,
        "ledger_hits": 0,
        "input_tokens": 1400,
        "output_tokens": 200,
    }
    assert (ctx.rows_done, ctx.rows_total) == (200, 200)


def test_an_answer_that_is_in_the_ledger_is_never_asked_for_again(
    server: GeminiServer, tmp_path: Path
) -> None:
    first = context_for(server, tmp_path)
    labels(first, *MANY[:50])
    second = context_for(server, tmp_path, RecordingMemo(first.memo.items))
    labels(second, *MANY[:60])
    assert Counter(server.answered) == Counter(MANY[:60])
    assert paid(second)["calls"] == 10
    assert paid(second)["ledger_hits"] == 50
    assert ("INFO", "Answers paid for: 10; from the ledger: 50") in second.log.lines


def test_equal_texts_are_asked_once(server: GeminiServer, tmp_path: Path) -> None:
    ctx = context_for(server, tmp_path)
    labels(ctx, *(MANY[:5] * 40))
    assert Counter(server.answered) == Counter(MANY[:5])
    assert paid(ctx)["ledger_hits"] == 195


def test_where_nothing_is_said_nobody_is_asked(server: GeminiServer, tmp_path: Path) -> None:
    ctx = context_for(server, tmp_path)
    assert labels(ctx, None, "", " \n") == ["NEUTRAL"] * 3
    assert server.calls == []
    assert paid(ctx) == dict.fromkeys(paid(ctx), 0)


def test_a_malformed_answer_is_neutral_paid_for_and_kept_with_its_words(
    server: GeminiServer, tmp_path: Path
) -> None:
    replies = {"a": says("I feel POSITIVE about it."), "b": says("POSITIVE."), "c": blocked()}
    server.behave = lambda call: replies[call.text]
    ctx = context_for(server, tmp_path)
    assert labels(ctx, "a", "b", "c", "a") == ["NEUTRAL"] * 4
    assert ctx.log.lines[-1] == ("WARNING", "Malformed answers, which count as NEUTRAL: 4")
    assert [(item["label"], item["text"]) for item in kept(ctx.memo)] == [
        ("NEUTRAL", ""),
        ("NEUTRAL", "I feel POSITIVE about it."),
        ("NEUTRAL", "POSITIVE."),
    ]
    assert labels(context_for(server, tmp_path, ctx.memo), "a", "b", "c") == ["NEUTRAL"] * 3
    assert len(server.calls) == 3


@pytest.mark.parametrize("refusal", [refuses("0.4s"), refuses(retry_after="0.4")])
def test_a_refused_call_is_made_again_when_the_server_says_and_not_before(
    server: GeminiServer, tmp_path: Path, refusal: Reply
) -> None:
    server.behave = lambda call: refusal if call.time < 3 else says("NEUTRAL")
    labels(context_for(server, tmp_path), "a")
    first, second, third = (call.at for call in server.calls)
    assert second - first >= 0.4
    assert third - second >= 0.4


def test_nothing_is_asked_while_the_server_wants_quiet(
    server: GeminiServer, tmp_path: Path
) -> None:
    server.behave = lambda call: refuses("0.5s") if call.number == 20 else says("NEUTRAL")
    ctx = context_for(server, tmp_path)
    labels(ctx, *MANY)
    assert Counter(server.answered) == Counter(MANY)
    refused = server.calls[19]
    later = [call.at for call in server.calls[20:]]
    # Those that were under way when the refusal came are all that may come before.
    early = [at for at in later if at < refused.at + 0.45]
    assert len(early) < MOST_AT_ONCE
    assert ctx.log.lines[-1] == ("WARNING", "The provider asked to wait 1 time (429)")


def test_the_calls_at_once_follow_what_the_server_takes(
    server: GeminiServer, tmp_path: Path
) -> None:
    """It takes five; everything is answered all the same, and few calls are made in vain."""
    now = threading.Semaphore(5)

    def behave(call: Call) -> Reply:
        if not now.acquire(blocking=False):
            return refuses("0.01s")
        threading.Event().wait(0.02)
        now.release()
        return says("NEUTRAL")

    server.behave = behave
    ctx = context_for(server, tmp_path)
    labels(ctx, *MANY)
    assert Counter(server.answered) == Counter(MANY)
    assert len(server.calls) < 1.5 * len(MANY)


def test_errors_are_never_kept_and_the_calls_are_made_again(
    server: GeminiServer, tmp_path: Path
) -> None:
    server.behave = lambda call: (
        fails(503, "UNAVAILABLE", "overloaded", retry_after="0") if call.time < 3 else says("ok")
    )
    ctx = context_for(server, tmp_path)
    labels(ctx, "a", "b")
    assert {item["text"] for item in kept(ctx.memo)} == {"ok"}
    assert [server.asked(text) for text in "ab"] == [3, 3]
    assert paid(ctx)["calls"] == 2
    assert ctx.log.lines[-1] == ("WARNING", "Calls that failed and were made again: 4")


def test_the_first_failure_that_no_waiting_mends_ends_the_block_and_keeps_what_was_paid(
    server: GeminiServer, tmp_path: Path
) -> None:
    server.behave = lambda call: (
        fails(400, "INVALID_ARGUMENT", "too long") if call.text == "row 50" else says("NEUTRAL")
    )
    ctx = context_for(server, tmp_path)
    with pytest.raises(BlockError, match="too long") as caught:
        labels(ctx, *MANY)
    assert caught.value.detail == "Asked for the text: row 50"
    assert len(server.calls) < 50 + 2 * MOST_AT_ONCE
    assert len(ctx.memo.items) == paid(ctx)["calls"] >= 50 - MOST_AT_ONCE


@pytest.mark.parametrize("change", [{"api_key": "wrong"}, {"model": "unknown"}])
def test_a_wrong_key_and_an_unknown_model_end_it_at_once(
    server: GeminiServer, tmp_path: Path, change: dict[str, Any]
) -> None:
    with pytest.raises(BlockError) as caught:
        labels(context_for(server, tmp_path, **change), *MANY)
    assert not caught.value.retryable
    assert server.refused <= MOST_AT_ONCE
    assert server.calls == []


def test_a_cancelled_block_does_not_wait_for_its_calls(
    server: GeminiServer, tmp_path: Path
) -> None:
    ctx = context_for(server, tmp_path)
    over = threading.Event()

    def behave(call: Call) -> Reply:
        ctx.cancelled = True
        over.wait(30)
        return says("NEUTRAL")

    server.behave = behave
    with pytest.raises(BlockCancelled):
        labels(ctx, *MANY)
    assert server.most_at_once >= 1
    over.set()


@pytest.mark.parametrize(
    "change", [{"temperature": 0.5}, {"prompt": 2}, {"model": "gemini-1.5-flash-8b"}]
)
def test_a_key_holds_everything_that_an_answer_depends_on(
    tmp_path: Path, change: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def key() -> str:
        parameters = {"temperature": change.get("temperature", 0.0)}
        return ledger.Keys("gemini", str(change.get("model", "m")), parameters).key("text")

    wanted = ledger.Keys("gemini", "m", {"temperature": 0}).key("text")
    monkeypatch.setattr(ledger, "PROMPT_VERSION", change.get("prompt", 1))
    assert key() != wanted
    assert ledger.Keys("gemini", "m", {"temperature": 0}).key("text ") != wanted


def kept(memo: RecordingMemo) -> list[dict[str, str]]:
    found = [item for item in memo.items.values() if isinstance(item, dict)]
    return sorted(found, key=lambda item: str(item["text"]))
