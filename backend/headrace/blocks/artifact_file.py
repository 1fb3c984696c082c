"""The file that `Context.new_artifact` hands to a block."""

import io
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


class ArtifactFile(io.BufferedIOBase):
    """A binary file, written from front to end; `io.TextIOWrapper` and Arrow writers take it too.

    Set `rows` if the count is known only at the end. Closing it does not publish: leaving the
    `with` block of `new_artifact` does.
    """

    def __init__(self, target: IO[bytes], *, name: str, rows: int | None = None) -> None:
        super().__init__()
        self._target = target
        self.name = name
        self.rows = rows

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        return self._target.write(data)

    def flush(self) -> None:
        if not self._target.closed:
            self._target.flush()
