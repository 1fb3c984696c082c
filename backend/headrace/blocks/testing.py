"""Try a block out without an executor: a context that records, in this process.

    ctx = RecordingContext(tmp_path)
    out = run_block(Limit, {"rows": 2}, ctx, rows=[{"id": 1}, {"id": 2}, {"id": 3}])
    assert out is not None and len(list(out)) == 2

`RecordingContext` keeps the rules of the real one (tests/executors/test_context_contract.py runs
the same cases against both).
"""

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from headrace.blocks.arrow import InlineDataset, read_dataset, write_dataset
from headrace.blocks.artifact_file import ArtifactFile
from headrace.blocks.artifact_names import check_name, media_type_of
from headrace.blocks.block import Block
from headrace.blocks.datasets import ArrowStream, Dataset, Inputs
from headrace.blocks.environment import Environment
from headrace.blocks.errors import BlockCancelled
from headrace.blocks.paths import input_path, output_path
from headrace.blocks.rows import batch_to_rows, rows_to_batch
from headrace.blocks.usage import Usage
from headrace.domain.json import JSONValue


class RecordedArtifact:
    """An artifact that a block made: `data` are its bytes."""

    def __init__(self, name: str, media_type: str, data: bytes, rows: int | None) -> None:
        self.name, self.media_type, self.data, self.rows = name, media_type, data, rows


class RecordingLogger:
    """Keeps `(level, message)` pairs in `lines`."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def debug(self, message: str) -> None:
        self.lines.append(("DEBUG", message))

    def info(self, message: str) -> None:
        self.lines.append(("INFO", message))

    def warning(self, message: str) -> None:
        self.lines.append(("WARNING", message))

    def error(self, message: str) -> None:
        self.lines.append(("ERROR", message))


class RecordingMemo:
    """A memo that is a dict, `items`; hand it to a second context to play the next attempt.

    What was told of usage is in `usages`.
    """

    def __init__(self, items: Mapping[str, JSONValue] | None = None) -> None:
        self.items: dict[str, JSONValue] = dict(items or {})
        self.usages: list[Usage] = []

    def lookup(self, keys: Sequence[str]) -> dict[str, JSONValue]:
        return {key: self.items[key] for key in keys if key in self.items}

    def record(self, items: Mapping[str, JSONValue], usage: Usage | None = None) -> None:
        self.items.update(items)
        if usage is not None:
            self.usages.append(usage)

    def flush(self) -> None:
        """Everything is kept already."""


class RecordingContext:
    """A `headrace.blocks.Context` that remembers what a block did; paths are confined to `root`.

    Set `cancelled` to play a cancellation.
    """

    def __init__(
        self,
        root: Path,
        *,
        environment: Environment | None = None,
        memo: RecordingMemo | None = None,
        run_id: str = "run_test",
        block: str = "block",
        attempt: int = 1,
    ) -> None:
        self.run_id, self.block, self.attempt = run_id, block, attempt
        self.environment = environment or Environment(
            working_dir=root, data_dir=root, artifacts_dir=root / "artifacts", allowed_roots=(root,)
        )
        self.log = RecordingLogger()
        self.memo = memo or RecordingMemo()
        self.cancelled = False
        self.rows_done = 0
        self.rows_total: int | None = None
        self.artifacts: dict[str, RecordedArtifact] = {}
        self.written: set[tuple[Path, str]] = set()

    def raise_if_cancelled(self) -> None:
        if self.cancelled:
            raise BlockCancelled("The run was cancelled.")

    def progress(self, rows_done: int, rows_total: int | None = None) -> None:
        self.rows_done = max(self.rows_done, rows_done)
        self.rows_total = self.rows_total if rows_total is None else rows_total

    @contextlib.contextmanager
    def new_artifact(
        self, name: str, media_type: str | None = None, rows: int | None = None
    ) -> Iterator[ArtifactFile]:
        check_name(name)
        buffer = io.BytesIO()
        file = ArtifactFile(buffer, name=name, rows=rows)
        yield file
        kind = media_type or media_type_of(name)
        self.artifacts[name] = RecordedArtifact(name, kind, buffer.getvalue(), file.rows)

    def input_path(self, path: str) -> Path:
        return input_path(self.environment, path)

    def output_path(self, path: str) -> Path:
        return output_path(self.environment, path)

    def written_by_headrace(self, path: Path, sha256: str) -> bool:
        return (path, sha256) in self.written

    def record_written(self, path: Path, sha256: str) -> None:
        self.written.add((path, sha256))


def dataset_of(data: ArrowStream | Sequence[Mapping[str, Any]]) -> Dataset:
    """A dataset of dict rows, or of anything with `__arrow_c_stream__`."""
    output = data if isinstance(data, ArrowStream) else [rows_to_batch(data)]
    written = write_dataset(output, inline_bytes=0, open_file=io.BytesIO)
    if written is None:
        raise ValueError("a dataset needs at least its columns")
    if isinstance(written, InlineDataset):
        return read_dataset(written.data, written.rows)
    return read_dataset(written.file.getvalue(), written.rows)


def run_block(
    block_type: type[Block[Any]],
    config: Mapping[str, JSONValue],
    ctx: RecordingContext,
    *,
    rows: Sequence[Mapping[str, Any]] | None = None,
    inputs: Mapping[str, Dataset] | None = None,
) -> list[dict[str, Any]] | None:
    """Run a block and return its dataset's rows, None where it left none.

    `rows` makes one input named `input`; `inputs` gives any number of them. Raises what the block
    raises, and pydantic's ValidationError for a config that does not fit.
    """
    given = dict(inputs or {})
    if rows is not None:
        given["input"] = dataset_of(rows)
    output = block_type().run(block_type.config_type.model_validate(config), Inputs(given), ctx)
    written = write_dataset(output, inline_bytes=0, open_file=io.BytesIO)
    if written is None:
        return None
    data = written.data if isinstance(written, InlineDataset) else written.file.getvalue()
    return [row for batch in read_dataset(data).batches() for row in batch_to_rows(batch)]
