"""What can go wrong between Headrace and the files it keeps or is asked to reach."""

from collections.abc import Sequence

from headrace.domain.errors import HeadraceError


class ArtifactError(Exception):
    """Base of this package's errors."""


class NotContentUri(ArtifactError):
    """The text is no `local://sha256/ab/cdef…` address, nor one in the object store in use."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri!r} is not the address of content in the artifact store")
        self.uri = uri


class ContentMissing(ArtifactError):
    """The address is well formed, but its bytes are not in the store."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"The content of {uri} is not in the store")
        self.uri = uri


class ContentUnavailable(ArtifactError, OSError):
    """The object store did not do what it was asked; another time it may.

    An OSError, as everything is that a file's own bytes can do to who reads or writes it.
    """


class StoreUnfit(ArtifactError, HeadraceError):
    """The object store that ARTIFACTS_URL names can never do as it is set up; says what is."""


class PathNotAllowed(ArtifactError):
    """A path that users named lies out of reach.

    `allowed_roots` are absolute folders; `suggestion` is a path that would do, as one would type
    it.
    """

    def __init__(
        self, message: str, *, allowed_roots: Sequence[str] = (), suggestion: str | None = None
    ) -> None:
        super().__init__(_with_hint(message, suggestion))
        self.allowed_roots = tuple(allowed_roots)
        self.suggestion = suggestion


class InputUnusable(ArtifactError):
    """A path within reach names no file that can be read; `suggestion` as in `PathNotAllowed`."""

    def __init__(self, message: str, *, suggestion: str | None = None) -> None:
        super().__init__(_with_hint(message, suggestion))
        self.suggestion = suggestion


class UnreadableTable(ArtifactError):
    """The bytes are not the table that their media type promises."""


def _with_hint(message: str, suggestion: str | None) -> str:
    return f"{message}; did you mean {suggestion}?" if suggestion else message
