"""What a block raises, and what the world makes of it.

    BlockError              an ordinary failure: retried as the block's policy says
    ├── Permanent           would fail the same way again: never retried
    │   ├── BadInput        the data or the config is not what the block can work with
    │   └── PathRefused     a path lies out of reach
    BlockCancelled          not a failure: the run was cancelled and the block stops

Any other exception counts as a `BlockError` with its traceback as the detail.
"""


class BlockError(Exception):
    """A block failed.

    Args:
        message: what happened, fit for a user's eyes.
        kind: a stable word of the contract's `RunError.kind`.
        retryable: whether another attempt might succeed.
        detail: more for whoever looks closer: a traceback, a list of rows.
    """

    default_kind = "BLOCK_ERROR"
    default_retryable = True

    def __init__(
        self,
        message: str,
        *,
        kind: str | None = None,
        retryable: bool | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = self.default_kind if kind is None else kind
        self.retryable = self.default_retryable if retryable is None else retryable
        self.detail = detail


class Permanent(BlockError):
    """Another attempt would fail in the same way."""

    default_retryable = False


class BadInput(Permanent):
    """What the block was given, data or config, is not what it can work with."""

    default_kind = "BAD_INPUT"


class PathRefused(Permanent):
    """A path that the config names lies out of reach."""

    default_kind = "PATH_REFUSED"


class BlockCancelled(BaseException):
    """The run was cancelled; raised by `Context.raise_if_cancelled` and at the terminate signal.

    No `Exception`, so that a block's `except Exception` for a bad row does not swallow it;
    `finally` and `with` tidy up as ever.
    """
