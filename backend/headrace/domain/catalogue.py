"""What the domain asks of the block types that are installed, whoever keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from headrace.domain.json import JSONValue

# The type whose config names a function; which modules it may call is the settings' business.
PYTHON_TYPE = "PYTHON"


@dataclass(frozen=True)
class ConfigFault:
    """One thing wrong with a config; `path` leads to it from the config.

    `unknown_key` says that the key itself should not be there, so that the key is pointed at.
    """

    path: tuple[str, ...]
    message: str
    suggestion: str | None = None
    unknown_key: bool = False


class BlockTypeInfo(Protocol):
    """A block type as a definition sees it."""

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def min_inputs(self) -> int: ...

    @property
    def max_inputs(self) -> int | None: ...

    @property
    def maps(self) -> bool:
        """Whether each row's result depends on that row alone, so that the input may be split."""
        ...

    def config_schema(self) -> dict[str, Any]:
        """JSON Schema of the config."""
        ...

    def check_config(self, config: Mapping[str, JSONValue]) -> list[ConfigFault]:
        """Everything that is wrong with a config; never raises."""
        ...


class BlockCatalogue(Protocol):
    """The block types that are installed."""

    def get(self, name: str) -> BlockTypeInfo | None: ...

    def names(self) -> Sequence[str]: ...
