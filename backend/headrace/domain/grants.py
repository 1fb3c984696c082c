"""What the local command line allows for one run, beyond the settings: it trusts its caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Grants:
    """Extra freedoms of one run; `headrace run FILE` fills it, a remote client never can."""

    paths: tuple[str, ...] = ()  # given with --param, absolute
    modules: tuple[str, ...] = ()  # names of the modules beside FILE
    sys_path: tuple[str, ...] = ()  # where to import them from

    def to_json(self) -> dict[str, list[str]]:
        return {
            "paths": list(self.paths),
            "modules": list(self.modules),
            "sys_path": list(self.sys_path),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Grants":
        return cls(
            paths=tuple(value.get("paths", ())),
            modules=tuple(value.get("modules", ())),
            sys_path=tuple(value.get("sys_path", ())),
        )
