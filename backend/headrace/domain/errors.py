"""The tree of errors that Headrace raises on purpose; none knows of HTTP or GraphQL."""


class HeadraceError(Exception):
    """Base of every error that Headrace raises on purpose; its text is fit for a user's eyes."""


class IllegalTransition(HeadraceError):
    """A state was asked to become one that the state machine does not allow: a bug of ours."""

    def __init__(self, machine: str, old: str, new: str) -> None:
        super().__init__(f"{machine} cannot go from {old} to {new}")
        self.machine, self.old, self.new = machine, old, new


class ClaimLost(HeadraceError):
    """A write came from a claim that is no longer the current one; it changed nothing."""
