"""What the store raises on purpose."""

from headrace.domain.errors import HeadraceError


class StoreError(HeadraceError):
    """Base of the store's errors."""


class StoreClosed(StoreError):
    """A write was asked of a store that is closed or closing."""


class StoreUnavailable(StoreError):
    """The database could not be written or opened; the text says why and what to do."""


class SchemaTooNew(StoreError):
    """The database was written by a newer Headrace."""
