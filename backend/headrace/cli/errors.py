"""Why a command ends early, and the exit code that says so to a script."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from headrace.domain.errors import HeadraceError

OK: Final = 0
FAILED: Final = 1  # a run failed, or the answer is no
NOT_STARTED: Final = 2  # nothing was started or changed
CANCELLED: Final = 3
LOST_SIGHT: Final = 4  # a run goes on at a server that cannot be reached any more
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
WANTS_KEY: Final = "the server wants an API key: --api-key, or HEADRACE_API_KEY"


class CommandFailed(HeadraceError):
    """Ends the command with a message on stderr."""

    def __init__(self, message: str, exit_code: int = NOT_STARTED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ConnectionLost(CommandFailed):
    """The server cannot be reached, or went away in the middle; another try may succeed."""


class RequestFailed(CommandFailed):
    """The API answered with errors; `codes` are their `extensions.code`."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        self.codes = tuple(str(error.get("extensions", {}).get("code", "")) for error in errors)
        words = [_in_words(error) for error in errors]
        if UNAUTHENTICATED in self.codes:
            words.append(WANTS_KEY)
        super().__init__("\n".join(words))


def _in_words(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions") or {}
    error_id = extensions.get("errorId")
    return f"{error['message']} ({error_id})" if error_id else str(error["message"])
