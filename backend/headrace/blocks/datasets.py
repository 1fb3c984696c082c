"""What flows between blocks: Arrow data in batches, whatever library made it.

Only the Arrow PyCapsule interface stands in these signatures, so that pyarrow, polars, DuckDB,
arro3 and others can all give and take data without a copy.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeAlias, TypeGuard, runtime_checkable

from headrace.blocks.errors import BadInput


@runtime_checkable
class ArrowArray(Protocol):
    """One batch of rows: a record batch of any library."""

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...


@runtime_checkable
class ArrowStream(Protocol):
    """Any number of batches of one schema: a table, a data frame, a reader of any library."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@runtime_checkable
class ArrowSchema(Protocol):
    """Column names and types."""

    def __arrow_c_schema__(self) -> object: ...


def is_array(value: object) -> TypeGuard[ArrowArray]:
    """As `isinstance` with the protocol says, at a twentieth of its price."""
    return hasattr(value, "__arrow_c_array__")


def is_stream(value: object) -> TypeGuard[ArrowStream]:
    """The same of a stream."""
    return hasattr(value, "__arrow_c_stream__")


class Column(Protocol):
    """One column of a batch."""

    def to_pylist(self) -> list[object]:
        """The values as Python objects, None for null."""

    def __len__(self) -> int: ...

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...


class Batch(Protocol):
    """A batch as `Dataset.batches` gives it: enough to read it without any Arrow library.

    For more, hand it to one: `polars.DataFrame(batch)`, `arro3.core.RecordBatch.from_arrow(batch)`.
    """

    @property
    def num_rows(self) -> int: ...

    @property
    def column_names(self) -> list[str]: ...

    def column(self, i: int | str, /) -> Column: ...

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...


class Dataset(Protocol):
    """The output of an upstream block; can be read again and again, a batch at a time."""

    @property
    def rows(self) -> int | None:
        """How many there are, if that is known without reading them all."""

    @property
    def schema(self) -> ArrowSchema: ...

    def batches(self) -> Iterator[Batch]:
        """The rows in order; memory holds one batch at a time."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


ArrowBatch: TypeAlias = ArrowArray | ArrowStream
Output: TypeAlias = ArrowStream | ArrowArray | Iterable[ArrowBatch] | None
"""What `Block.run` returns. A generator streams with flat memory. None leaves no dataset, and so
does an iterable without a batch: yield one of zero rows to hand on columns alone."""


class Inputs(Mapping[str, Dataset]):
    """The datasets a block was given, in edge order, by upstream block or the edge's `as`."""

    def __init__(self, datasets: Mapping[str, Dataset] | None = None) -> None:
        self._datasets = dict(datasets or {})

    def __getitem__(self, name: str) -> Dataset:
        return self._datasets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)

    def one(self) -> Dataset:
        """The only dataset; raises BadInput where there is none, or more than one."""
        if len(self._datasets) != 1:
            names = ", ".join(self._datasets) or "none"
            raise BadInput(f"This block needs exactly one input dataset; it was given: {names}.")
        return next(iter(self._datasets.values()))
