import json
from typing import Any

import pytest
from pydantic import ValidationError

from headrace.artifacts.synthesize import MESSAGES
from headrace.blocks import BadInput, BlockCancelled, BlockError, Environment, Permanent
from headrace.blocks.testing import RecordingContext, run_block
from headrace_worker.blocks.llm_sentiment import LlmSentiment
from headrace_worker.llm.asking import Asking
from headrace_worker.llm.mock import MALFORMED_ANSWER, Misbehaviour, MockProvider
from headrace_worker.llm.provider import Answer, Label
from headrace_worker.llm.vader import Vader

DEMO = [
    {"id": "1", "text": "good product and great support"},
    {"id": "2", "text": "bad service, terrible delays"},
    {"id": "3", "text": "the parcel is on the table"},
]


def with_mock(ctx: RecordingContext, **behaviour: Any) -> RecordingContext:
    values = {**ctx.environment.to_json(), "llm": {"provider": "mock", "mock": behaviour}}
    return RecordingContext(ctx.environment.data_dir, environment=Environment.from_json(values))


def classify(
    ctx: RecordingContext, rows: list[dict[str, Any]], **config: Any
) -> list[dict[str, Any]]:
    found = run_block(LlmSentiment, config, ctx, rows=rows)
    assert found is not None
    return found


def summary(ctx: RecordingContext) -> Any:
    return json.loads(ctx.artifacts["summary.json"].data)


def test_each_row_keeps_its_columns_and_gets_a_label_and_a_score(ctx: RecordingContext) -> None:
    assert classify(ctx, DEMO) == [
        {**DEMO[0], "label": "POSITIVE", "score": 0.8658},
        {**DEMO[1], "label": "NEGATIVE", "score": -0.765},
        {**DEMO[2], "label": "NEUTRAL", "score": 0.0},
    ]
    assert (ctx.rows_done, ctx.rows_total) == (3, 3)


def test_the_summary_counts_the_labels(ctx: RecordingContext) -> None:
    classify(ctx, DEMO)
    assert summary(ctx) == {"rows": 3, "labels": {"POSITIVE": 1, "NEGATIVE": 1, "NEUTRAL": 1}}
    assert ctx.artifacts["summary.json"].media_type == "application/json"


def test_the_forty_messages_are_seen_for_what_they_are(ctx: RecordingContext) -> None:
    classify(ctx, [{"id": i, "text": message} for i, message in enumerate(MESSAGES)])
    assert summary(ctx)["labels"] == {"POSITIVE": 10, "NEGATIVE": 20, "NEUTRAL": 10}


def test_many_rows_keep_their_order(ctx: RecordingContext) -> None:
    rows = [{"id": i, "text": MESSAGES[i % 40]} for i in range(10_000)]
    found = classify(ctx, rows)
    assert [row["id"] for row in found] == list(range(10_000))
    assert summary(ctx)["rows"] == 10_000


def test_other_columns_can_be_named(ctx: RecordingContext) -> None:
    [row] = classify(
        ctx,
        [{"key": 1, "message": "great", "label": "mine"}],
        text_column="message",
        id_column="key",
        label_column="sentiment",
        score_column="strength",
    )
    assert row == {
        "key": 1,
        "message": "great",
        "label": "mine",
        "sentiment": "POSITIVE",
        "strength": 0.6249,
    }


def test_a_missing_text_column_is_an_error_that_lists_the_columns(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput, match=r"no column 'text'.*The columns are: id, message"):
        classify(ctx, [{"id": 1, "message": "great"}])
    assert ctx.artifacts == {}


def test_a_missing_id_column_is_an_error_unless_rows_have_none(ctx: RecordingContext) -> None:
    with pytest.raises(BadInput, match=r"no column 'id'.*The columns are: text.*null"):
        classify(ctx, [{"text": "great"}])
    assert classify(ctx, [{"text": "great"}], id_column=None)[0]["label"] == "POSITIVE"


@pytest.mark.parametrize("taken", ["label", "score"])
def test_a_column_that_is_there_already_is_neither_replaced_nor_doubled(
    ctx: RecordingContext, taken: str
) -> None:
    with pytest.raises(BadInput, match=f"a column '{taken}' already.*Set {taken}_column"):
        classify(ctx, [{"id": 1, "text": "great", taken: "mine"}])


def test_label_and_score_cannot_have_one_name() -> None:
    with pytest.raises(ValidationError):
        LlmSentiment.config_type.model_validate({"label_column": "x", "score_column": "x"})


def test_a_null_is_neutral_without_a_score_and_an_empty_text_has_one(ctx: RecordingContext) -> None:
    rows = classify(ctx, [{"id": 1, "text": None}, {"id": 2, "text": ""}])
    assert [(row["label"], row["score"]) for row in rows] == [("NEUTRAL", None), ("NEUTRAL", 0.0)]


def test_numbers_are_read_as_text(ctx: RecordingContext) -> None:
    assert classify(ctx, [{"id": 1, "text": 7}])[0] == {
        "id": 1,
        "text": 7,
        "label": "NEUTRAL",
        "score": 0.0,
    }


def test_malformed_answers_count_as_neutral_without_a_score(ctx: RecordingContext) -> None:
    ctx = with_mock(ctx, malformed_every=2)
    rows = classify(ctx, [{"id": i, "text": "great"} for i in range(4)])
    assert [(row["label"], row["score"]) for row in rows] == [
        ("POSITIVE", 0.6249),
        ("NEUTRAL", None),
    ] * 2
    assert ctx.log.lines[-1] == (
        "WARNING",
        "Malformed answers, which count as NEUTRAL: 2",
    )


def test_refused_calls_are_made_again(ctx: RecordingContext) -> None:
    ctx = with_mock(ctx, rate_limit_every=3)
    rows = classify(ctx, DEMO)
    assert [row["label"] for row in rows] == ["POSITIVE", "NEGATIVE", "NEUTRAL"]
    assert ctx.log.lines[-1][1] == "The provider asked to wait 1 time (429)"


def test_a_wrong_mock_setting_is_named(ctx: RecordingContext) -> None:
    with pytest.raises(Permanent, match=r"LLM_MOCK.*latency"):
        classify(with_mock(ctx, latency=3), DEMO)


def test_an_unknown_provider_is_named(ctx: RecordingContext) -> None:
    values = {**ctx.environment.to_json(), "llm": {"provider": "oracle"}}
    ctx = RecordingContext(ctx.environment.data_dir, environment=Environment.from_json(values))
    with pytest.raises(Permanent, match="LLM_PROVIDER names 'oracle'"):
        classify(ctx, DEMO)


def test_a_cancelled_run_does_not_wait_for_the_provider(ctx: RecordingContext) -> None:
    ctx = with_mock(ctx, latency_ms=600_000)
    ctx.cancelled = True
    with pytest.raises(BlockCancelled):
        classify(ctx, DEMO)


class Scripted:
    """A provider that says what it is told to."""

    name = "scripted"

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def sentiment(self, text: str) -> Answer:
        return Answer(self.answer, 0.5)


@pytest.mark.parametrize(
    ("answer", "label", "score"),
    [
        ("POSITIVE", Label.POSITIVE, 0.5),
        (" negative\n", Label.NEGATIVE, 0.5),
        ("Neutral", Label.NEUTRAL, 0.5),
        ("", Label.NEUTRAL, None),
        ("POSITIVE.", Label.NEUTRAL, None),
        ("I am POSITIVE", Label.NEUTRAL, None),
        (MALFORMED_ANSWER, Label.NEUTRAL, None),
    ],
)
def test_an_answer_is_exactly_one_label_or_it_is_neutral(
    answer: str, label: Label, score: float | None
) -> None:
    found = Asking(Scripted(answer), wait=lambda _: None).sentiment("text")
    assert (found.label, found.score) == (label, score)


def test_a_provider_that_always_refuses_is_given_up_after_growing_waits() -> None:
    waits: list[float] = []
    provider = MockProvider(Misbehaviour(rate_limit_every=1), Vader(), waits.append)
    with pytest.raises(BlockError, match="refused 8 times") as caught:
        Asking(provider, waits.append).sentiment("text")
    assert caught.value.kind == "PROVIDER_ERROR"
    assert caught.value.retryable
    assert waits == [0.05 * 2**n for n in range(7)]


def test_the_mock_takes_its_time() -> None:
    waits: list[float] = []
    MockProvider(Misbehaviour(latency_ms=250), Vader(), waits.append).sentiment("text")
    assert waits == [0.25]


@pytest.mark.parametrize(
    ("score", "label"),
    [(0.05, "POSITIVE"), (0.0499, "NEUTRAL"), (-0.0499, "NEUTRAL"), (-0.05, "NEGATIVE")],
)
def test_the_bounds_between_labels_belong_to_the_outer_ones(
    monkeypatch: pytest.MonkeyPatch, score: float, label: str
) -> None:
    vader = Vader()
    monkeypatch.setattr(vader, "compound", lambda _: score)
    answer = MockProvider(Misbehaviour(), vader, lambda _: None).sentiment("text")
    assert (answer.text, answer.score) == (label, score)
