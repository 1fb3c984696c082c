"""What can be wrong with a block that asks for its input to be split."""

from collections import Counter

from headrace.domain.catalogue import BlockTypeInfo
from headrace.domain.definition import Block
from headrace.domain.json import show
from headrace.domain.notes import Notes
from headrace.domain.problems import ProblemCode


def check_split(
    notes: Notes, place: int, block: Block, info: BlockTypeInfo | None, inputs: Counter[str]
) -> None:
    """Notes what is wrong; `info` is None for a type that is not known, which is told elsewhere."""
    key = "rows_per_partition" if block.partitions is None else "partitions"
    if block.split is None:
        return
    label = show(block.name) if block.name else str(place + 1)

    def note(code: ProblemCode, message: str, at: str = key) -> None:
        notes.add(
            code,
            f"Block {label}: {message}",
            ("blocks", str(place), at),
            at_key=True,
            blocks=(block.name,) if block.name else (),
        )

    if block.partitions is not None and block.rows_per_partition is not None:
        message = "`partitions` and `rows_per_partition` contradict each other: remove one of them"
        note(ProblemCode.INVALID_CONFIG, message, "rows_per_partition")
    if info is None:
        return
    if not info.maps:
        message = (
            f"{info.name} cannot be split into partitions, for a row of its result may depend on "
            f"more than one row: remove `{key}`"
        )
        note(ProblemCode.INVALID_CONFIG, message)
    elif block.name and not inputs[block.name] and not info.min_inputs:
        # A type that needs inputs anyway is told of elsewhere.
        note(
            ProblemCode.INPUT_COUNT, f"`{key}` splits an input, but it has none: add an edge to it"
        )
