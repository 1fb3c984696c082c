"""What the local command line allows for one run: it trusts its caller, and nobody else's files.

A grant is made of what was typed for this very run: the modules that lie beside the definition,
and the paths given as params. It is kept with the run and is no part of the settings.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from headrace.cli.sources import STDIN
from headrace.domain.definition import ParamType
from headrace.domain.grants import Grants

HERE: Final = ("./", "../")


def modules_beside(file: str) -> Grants:
    """The modules and packages in the folder of a definition; none for stdin."""
    if file == STDIN:
        return Grants()
    folder = Path(file).resolve().parent
    if not folder.is_dir():
        return Grants()
    modules = sorted(
        path.stem
        for path in folder.iterdir()
        if path.stem.isidentifier() and (path.suffix == ".py" or (path / "__init__.py").is_file())
    )
    return Grants(modules=tuple(modules), sys_path=(str(folder),))


def paths_given(given: Mapping[str, str], known: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The files that were typed for params of type PATH, absolute.

    A relative name that is no file here is left alone, unless it says that here is meant: it may
    name a file of the data folder.
    """
    paths = {param["name"] for param in known if param["type"] == ParamType.PATH}
    return tuple(
        str(Path(text).absolute())
        for name, text in given.items()
        if name in paths
        and "://" not in text
        and (text.startswith(HERE) or Path(text).exists() or Path(text).is_absolute())
    )
