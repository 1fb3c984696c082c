"""The base class of every block."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

from headrace.blocks.config import Config
from headrace.blocks.context import Context
from headrace.blocks.datasets import Inputs, Output
from headrace.blocks.parts import PartArtifact, publish_each

C = TypeVar("C", bound=Config)


class Block(ABC, Generic[C]):
    """A kind of work. `class Upper(Block[UpperConfig])` needs no more than `run`.

    `name` is how documents call it (default: the class's name in capitals, `CsvReader` →
    `CSV_READER`); the entry point of group `headrace.blocks` that registers it has the same
    name. `description` defaults to the docstring's first line. One object serves one attempt.
    `maps` says that each row's result depends on that row alone, so that a definition may have the
    input split into `partitions`, each of which `run` is called for in a process of its own.

    A block is imported in a warm child process and by the server's catalogue: import heavy
    libraries inside `run`.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    config_type: ClassVar[type[Config]] = Config
    min_inputs: ClassVar[int] = 0
    max_inputs: ClassVar[int | None] = None
    maps: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__
        if "name" not in own:
            cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()
        if "description" not in own:
            cls.description = (cls.__doc__ or "").strip().partition("\n")[0]
        if "config_type" not in own and (found := _config_of(cls)) is not None:
            cls.config_type = found

    @abstractmethod
    def run(self, config: C, inputs: Inputs, ctx: Context, /) -> Output:
        """Do the work: read `inputs`, return or yield Arrow data.

        Raises BlockError (or any exception) where it fails.
        """

    def combine(self, _config: C, artifacts: Sequence[PartArtifact], ctx: Context, /) -> None:
        """Make one thing of what `run` made as artifacts in the partitions, in their order.

        Called once all have ended well, and only where they made some. By default each is
        published with the number of its partition in its name.
        """
        publish_each(artifacts, ctx)


def _config_of(cls: type[Block[Any]]) -> type[Config] | None:
    for base in getattr(cls, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, Block):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Config):
                    return argument
    return None
