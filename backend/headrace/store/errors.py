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


class DatabaseInUse(StoreError):
    """Somebody has the database open that is to be deleted."""


class BackupFailed(StoreError):
    """Nothing was backed up; the text says why."""


class CopyFailed(StoreError):
    """Nothing was copied; the text says why."""
