"""Is this document a pipeline? Every problem at once, in the order of the document.

Invariant: a definition comes out exactly when nothing is wrong with it. One mistake is told once:
checks that could only repeat it in other words are left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from headrace.domain.catalogue import BlockCatalogue, BlockTypeInfo, ConfigFault
from headrace.domain.config_checks import Allow, check_config, check_placeholders
from headrace.domain.definition import Block, Definition
from headrace.domain.documents import Parsed
from headrace.domain.edge_checks import check_edges
from headrace.domain.json import JSONValue, show
from headrace.domain.nodes import Positions
from headrace.domain.notes import Notes
from headrace.domain.partition_checks import check_split
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.reading import read
from headrace.domain.suggestions import Suggester

__all__ = [
    "BlockCatalogue",
    "BlockTypeInfo",
    "Checked",
    "ConfigFault",
    "check",
    "check_bound",
]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A definition, or what is wrong with its document."""

    definition: Definition | None
    problems: tuple[Problem, ...] = ()


def check(parsed: Parsed, catalogue: BlockCatalogue, *, allow_python_module: Allow) -> Checked:
    """Checks a parsed document; `allow_python_module` says which modules PYTHON may call."""
    if parsed.document is None:
        return Checked(definition=None, problems=parsed.problems)
    notes = Notes(parsed.positions, parsed.problems, parsed.broken)
    suggester = Suggester()
    definition = read(notes, suggester, parsed.document)
    _check_unique(notes, definition)
    inputs = check_edges(notes, definition)
    types = _Types(notes, suggester, catalogue)
    known = {param.name: param.default for param in definition.params if param.has_default}
    params = [param.name for param in definition.params if param.name]
    for place, block in enumerate(definition.blocks):
        _check_cache(notes, place, block)
        found = check_placeholders(notes, suggester, place, block, params)
        info = types.of(place, block)
        check_split(notes, place, block, info, inputs)
        if info is not None:
            _check_input_count(notes, place, block, info, inputs)
            check_config(
                notes,
                place,
                block,
                info,
                values=known,
                found=found,
                allow_python_module=allow_python_module,
            )
    return Checked(definition=None if notes else definition, problems=notes.in_order())


def check_bound(
    definition: Definition,
    values: Mapping[str, JSONValue],
    catalogue: BlockCatalogue,
    *,
    allow_python_module: Allow,
) -> tuple[Problem, ...]:
    """What is wrong with a checked definition once a run's params (from `params.bind`) are known.

    It asks again for block types and modules too: they may have gone since the import.
    """
    notes, suggester = Notes(Positions()), Suggester()
    types = _Types(notes, suggester, catalogue)
    params = [param.name for param in definition.params]
    for place, block in enumerate(definition.blocks):
        _check_cache(notes, place, block)
        info = types.of(place, block)
        if info is not None:
            check_config(
                notes,
                place,
                block,
                info,
                values=values,
                found=check_placeholders(notes, suggester, place, block, params),
                allow_python_module=allow_python_module,
            )
    return notes.in_order()


def _check_unique(notes: Notes, definition: Definition) -> None:
    blocks, params = Counter[str](), Counter[str]()
    for place, block in enumerate(definition.blocks):
        blocks[block.name] += 1
        if block.name and blocks[block.name] > 1:
            message = f"Block {show(block.name)} stands twice: give each block a name of its own"
            path = ("blocks", str(place), "name")
            notes.add(ProblemCode.DUPLICATE_BLOCK, message, path, blocks=(block.name,))
    for place, param in enumerate(definition.params):
        params[param.name] += 1
        if param.name and params[param.name] > 1:
            message = f"Param {show(param.name)} stands twice: give each param a name of its own"
            notes.add(ProblemCode.INVALID_PARAM, message, ("params", str(place), "name"))


class _Types:
    """The types of blocks, those that are not installed noted."""

    def __init__(self, notes: Notes, suggester: Suggester, catalogue: BlockCatalogue) -> None:
        self._notes = notes
        self._suggester = suggester
        self._catalogue = catalogue

    @cached_property
    def _names(self) -> Sequence[str]:
        # Asked for late: a catalogue may have to import every type to know them all.
        return list(self._catalogue.names())

    def of(self, place: int, block: Block) -> BlockTypeInfo | None:
        info = self._catalogue.get(block.type) if block.type else None
        if info is None and block.type:
            names = self._names
            meant = self._suggester.nearest(block.type, names)
            label = show(block.name) if block.name else str(place + 1)
            message = f"Block {label}: there is no block type {show(block.type)}"
            if meant:
                message += f"; did you mean {meant}?"
            else:
                message += f"; there are {', '.join(names[:20]) or 'none installed'}"
            self._notes.add(
                ProblemCode.UNKNOWN_BLOCK_TYPE,
                message,
                ("blocks", str(place), "type"),
                blocks=(block.name,) if block.name else (),
                suggestion=meant,
            )
        return info


def _check_cache(notes: Notes, place: int, block: Block) -> None:
    """Refuses what this version would have to ignore: work done again that was to be spared."""
    if block.cache:
        label = show(block.name) if block.name else str(place + 1)
        message = f"Block {label}: `cache: true` is not in this version of Headrace; leave it out"
        path = ("blocks", str(place), "cache")
        blocks = (block.name,) if block.name else ()
        notes.add(ProblemCode.INVALID_CONFIG, message, path, blocks=blocks)


def _check_input_count(
    notes: Notes, place: int, block: Block, info: BlockTypeInfo, inputs: Counter[str]
) -> None:
    count, least, most = inputs[block.name], info.min_inputs, info.max_inputs
    if not block.name or (count >= least and (most is None or count <= most)):
        return
    if most == 0:
        wanted, remedy = "takes no inputs", "remove the edges to it"
    elif least == most:
        wanted, remedy = f"takes exactly {_inputs(least)}", "add or remove edges to it"
    elif count < least:
        wanted, remedy = f"needs at least {_inputs(least)}", "add an edge to it"
    else:
        wanted, remedy = f"takes at most {_inputs(most or 0)}", "remove edges to it"
    has = f"has {count}" if count else "has none"
    message = f"Block {show(block.name)}: {info.name} {wanted}, but it {has}: {remedy}"
    path = ("blocks", str(place))
    notes.add(ProblemCode.INPUT_COUNT, message, path, blocks=(block.name,))


def _inputs(count: int) -> str:
    return "1 input" if count == 1 else f"{count} inputs"
