"""LLM_SENTIMENT: asks a provider for the sentiment of a text column, row by row.

Invariants: every row comes out, in order, with every column it came with, then the label and the
score; the label is always one of three; memory holds one batch; nothing is asked before the columns
are known to be there.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, model_validator

from headrace.blocks import (
    BadInput,
    Block,
    Config,
    Context,
    Dataset,
    Inputs,
    Output,
    PartArtifact,
)
from headrace_worker.blocks.batches import pieces
from headrace_worker.llm.classifying import Classifier, classifier
from headrace_worker.llm.provider import Label

if TYPE_CHECKING:
    from arro3.core import RecordBatch

SUMMARY = "summary.json"

ColumnName = Annotated[str, StringConstraints(min_length=1)]


class LlmSentimentConfig(Config):
    """Which columns to read and to add; the defaults fit a file with `id,text`."""

    text_column: ColumnName = Field(default="text", description="The column to classify.")
    id_column: ColumnName | None = Field(
        default="id",
        description="The column that identifies a row; null where rows have no such column.",
    )
    label_column: ColumnName = Field(
        default="label",
        description="The new column: POSITIVE, NEGATIVE or NEUTRAL. "
        "No column may be called so yet.",
    )
    score_column: ColumnName = Field(
        default="score",
        description="The new column: from -1 to 1, null where the provider gives none. "
        "No column may be called so yet.",
    )

    @model_validator(mode="after")
    def _two_columns(self) -> "LlmSentimentConfig":
        if self.label_column == self.score_column:
            raise ValueError("label_column and score_column must differ")
        return self


class LlmSentiment(Block[LlmSentimentConfig]):
    """Labels each row's text POSITIVE, NEGATIVE or NEUTRAL by the LLM provider of the settings."""

    name = "LLM_SENTIMENT"
    min_inputs = 1
    max_inputs = 1
    maps = True

    def run(self, config: LlmSentimentConfig, inputs: Inputs, ctx: Context) -> Output:
        dataset = inputs.one()
        _check_columns(config, dataset)
        return _batches(config, dataset, ctx)

    def combine(
        self, _config: LlmSentimentConfig, artifacts: Sequence[PartArtifact], ctx: Context
    ) -> None:
        rows, labels = 0, Counter[str]()
        for each in artifacts:
            with each.content.open("rb") as file:
                summary = json.load(file)
            rows += summary["rows"]
            labels.update(summary["labels"])
        _summarise(labels, rows, ctx)


def _check_columns(config: LlmSentimentConfig, dataset: Dataset) -> None:
    from arro3.core import Schema

    names = Schema.from_arrow(dataset.schema).names
    there = f"The columns are: {', '.join(names) or 'none'}."
    if config.text_column not in names:
        raise BadInput(
            f"There is no column {config.text_column!r} to classify. {there} "
            "Set text_column to the one that holds the text."
        )
    if config.id_column is not None and config.id_column not in names:
        raise BadInput(
            f"There is no column {config.id_column!r} to identify rows by. {there} "
            "Set id_column to the one that does, or to null where none does."
        )
    for key in ("label_column", "score_column"):
        if (name := getattr(config, key)) in names:
            # Neither lost nor passed off as the answer: the user says which is which.
            raise BadInput(
                f"There is a column {name!r} already. {there} Set {key} to another name."
            )


def _batches(config: LlmSentimentConfig, dataset: Dataset, ctx: Context) -> "Iterator[RecordBatch]":
    from arro3.core import Array, DataType

    labels: Counter[str] = Counter()
    done = 0
    with classifier(ctx) as classify:
        for piece in pieces(dataset):
            texts = [_text(value) for value in piece.column(config.text_column).to_pylist()]
            rows = classify.sentiments(texts, partial(_tell, ctx, done, dataset.rows))
            done += len(rows)
            labels.update(row.label for row in rows)
            label = Array([row.label for row in rows], type=DataType.string())
            score = Array([row.score for row in rows], type=DataType.float64())
            yield piece.append_column(config.label_column, label).append_column(
                config.score_column, score
            )
        ctx.progress(done, done)
        _conclude(labels, done, classify, ctx)


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _tell(ctx: Context, before: int, total: int | None, done: int) -> None:
    ctx.progress(before + done, total)


def _conclude(labels: Counter[str], rows: int, classify: Classifier, ctx: Context) -> None:
    _summarise(labels, rows, ctx)
    classify.conclude()


def _summarise(labels: Counter[str], rows: int, ctx: Context) -> None:
    counts = {label.value: labels[label] for label in Label}
    with ctx.new_artifact(SUMMARY, "application/json") as file:
        file.write(json.dumps({"rows": rows, "labels": counts}, indent=2).encode() + b"\n")
    told = ", ".join(f"{count:,} {label}" for label, count in counts.items())
    ctx.log.info(told)
