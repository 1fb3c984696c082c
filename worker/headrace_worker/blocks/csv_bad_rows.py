"""What becomes of rows that are none: the policy `on_bad_row`."""

import csv
import io
from contextlib import ExitStack
from types import TracebackType
from typing import Literal, Self

from headrace.blocks import ArtifactFile, BadInput, Context
from headrace_worker.blocks.csv_rows import BadRow

Policy = Literal["fail", "skip", "collect"]
ARTIFACT = "bad_rows.csv"
_MOST_LOGGED = 5


class BadRows:
    """Fails at the first broken row, or counts them; to collect makes the artifact `bad_rows.csv`.

    That has the columns `line`, `reason` and `raw`, and exists only if there was a broken row.
    """

    def __init__(self, name: str, policy: Policy, ctx: Context) -> None:
        self.count = 0
        self._name = name
        self._policy = policy
        self._ctx = ctx
        self._stack = ExitStack()
        self._file: ArtifactFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.rows = self.count
        self._stack.__exit__(kind, error, traceback)

    def take(self, row: BadRow) -> None:
        """Deal with one; raises BadInput where the policy is to fail."""
        told = f"{self._name}, {row}"
        if self._policy == "fail":
            raise BadInput(
                f"{told}. To go on without such rows set on_bad_row to skip or collect; where many "
                "rows are broken, look at encoding, delimiter and quote."
            )
        self.count += 1
        if self._policy == "collect":
            self._collect([str(row.line), row.reason, row.raw])
        if self.count > _MOST_LOGGED:
            told = f"{self._name}: more rows are left out; the count comes last"
        if self.count <= _MOST_LOGGED + 1:
            self._ctx.log.warning(told)

    def summary(self) -> str:
        """The end of a sentence that tells how many there were."""
        if not self.count:
            return ""
        kept = f", collected in {ARTIFACT}" if self._policy == "collect" else ""
        return f"; {self.count:,} broken {'row' if self.count == 1 else 'rows'} left out{kept}"

    def _collect(self, cells: list[str]) -> None:
        if self._file is None:
            self._file = self._stack.enter_context(self._ctx.new_artifact(ARTIFACT, "text/csv"))
            self._write(["line", "reason", "raw"])
        self._write(cells)

    def _write(self, cells: list[str]) -> None:
        assert self._file is not None
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerow(cells)
        self._file.write(text.getvalue().encode("utf-8", "backslashreplace"))
