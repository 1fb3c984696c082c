"""Which block types there are: entry points of group `headrace.blocks`, ours and anyone's.

Invariant: a broken plugin costs itself alone: it is left out, with a warning that says why. Names
come from the entry points; a type is imported when it is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from headrace.blocks.block import Block
from headrace.blocks.config_faults import config_faults
from headrace.domain.catalogue import ConfigFault
from headrace.domain.json import JSONValue

GROUP = "headrace.blocks"
_OURS = "headrace"


class BlockType:
    """A block type as the catalogue shows it; `block_type` is the class."""

    def __init__(self, name: str, block_type: type[Block[Any]]) -> None:
        self.name = name
        self.block_type = block_type

    @property
    def description(self) -> str:
        return self.block_type.description

    @property
    def min_inputs(self) -> int:
        return self.block_type.min_inputs

    @property
    def max_inputs(self) -> int | None:
        return self.block_type.max_inputs

    @property
    def maps(self) -> bool:
        return self.block_type.maps

    def config_schema(self) -> dict[str, Any]:
        """JSON Schema of the config."""
        return self._schema

    def check_config(self, config: Mapping[str, JSONValue]) -> list[ConfigFault]:
        """Everything that is wrong with a config; never raises."""
        return config_faults(self.block_type.config_type, config)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return self.block_type.config_type.model_json_schema()


class Catalogue:
    """The installed block types; a `headrace.domain.catalogue.BlockCatalogue`."""

    def __init__(self, found: Iterable[EntryPoint]) -> None:
        self._entries: dict[str, EntryPoint] = {}
        self._loaded: dict[str, BlockType | None] = {}
        self._warnings: list[str] = []
        # Ours first: nobody takes the name of a built-in block by installing something.
        for entry in sorted(found, key=lambda entry: (_owner(entry) != _OURS, _owner(entry))):
            first = self._entries.setdefault(entry.name, entry)
            if first.value != entry.value:
                self._warnings.append(
                    f"The block type {entry.name} of {_owner(entry)} is left out: "
                    f"{_owner(first)} has one of that name."
                )

    @classmethod
    def discover(cls) -> "Catalogue":
        """What is installed where this interpreter looks for packages."""
        return cls(entry_points(group=GROUP))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why types are left out; imports all of them."""
        self._load_all()
        return tuple(self._warnings)

    def names(self) -> Sequence[str]:
        """The types that work, by name; imports all of them."""
        self._load_all()
        return sorted(name for name, found in self._loaded.items() if found is not None)

    def get(self, name: str) -> BlockType | None:
        """The type of that name; None for one that is unknown or broken."""
        if name not in self._loaded and name in self._entries:
            self._loaded[name] = self._load(self._entries[name])
        return self._loaded.get(name)

    def target(self, name: str) -> str | None:
        """`module:Class` of a type, without importing it; None for an unknown one."""
        entry = self._entries.get(name)
        return None if entry is None else entry.value

    def _load_all(self) -> None:
        for name in self._entries:
            self.get(name)

    def _load(self, entry: EntryPoint) -> BlockType | None:
        try:
            found = entry.load()
            if not (isinstance(found, type) and issubclass(found, Block)):
                raise TypeError(f"{entry.value} is no subclass of headrace.blocks.Block")
            block = BlockType(entry.name, found)
            block.config_schema()
        except (Exception, SystemExit) as error:
            # A plugin may raise anything as it is imported.
            self._warnings.append(
                f"The block type {entry.name} of {_owner(entry)} is left out: "
                f"{type(error).__name__}: {error}"
            )
            return None
        return block


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else "unknown"
