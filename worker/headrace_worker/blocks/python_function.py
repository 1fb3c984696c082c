"""Finds the function that a PYTHON block names, where that is allowed."""

import importlib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from weakref import WeakKeyDictionary

from headrace.blocks import BadInput, Permanent
from headrace.domain.suggestions import nearest

_Stamp = tuple[str, int, int]
_seen: WeakKeyDictionary[ModuleType, _Stamp] = WeakKeyDictionary()
"""Of each user module in this process: its file, and that file's time and size when it was read."""


_remembered: list[tuple[int, tuple[str, ...]]] = []
"""How many modules there were, and what was allowed, at the last look; nothing new comes unseen."""


def find_function(path: str, prefixes: Sequence[str]) -> Callable[..., object]:
    """The function that `module:name` names.

    Raises BadInput where it is not allowed or not there, and Permanent where its module does not
    import.
    """
    module_name, _, name = path.partition(":")
    if not is_allowed(module_name, prefixes):
        raise BadInput(
            f"PYTHON may not call {path!r}: PYTHON_MODULES allows "
            f"{', '.join(prefixes) or 'no modules'}. Add the module there if it is to be trusted."
        )
    _forget_if_changed(prefixes)
    module = _imported(module_name)
    _remember(prefixes)
    function = getattr(module, name, None)
    if function is None:
        raise _not_there(module, name)
    if not callable(function) or inspect.isclass(function):
        raise BadInput(f"{path!r} is no function")
    home = getattr(function, "__module__", None)
    if not isinstance(home, str) or not is_allowed(home, prefixes):
        raise BadInput(
            f"{path!r} was defined in {home or 'no module'}, which PYTHON_MODULES does not allow; "
            f"write a function in {module_name} that calls it"
        )
    return function  # type: ignore[no-any-return] # callable, as just seen


def is_allowed(module: str, prefixes: Sequence[str]) -> bool:
    """Whether a dotted module name is one of the prefixes, or lies under one."""
    return any(module == prefix or module.startswith(f"{prefix}.") for prefix in prefixes)


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise BadInput(
                f"There is no module {name!r}; it is looked for in: {', '.join(_places())}"
            ) from None
        raise _broken(name, error) from error
    except Exception as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> Permanent:
    return Permanent(
        f"The module {name!r} does not import: {type(error).__name__}: {error}",
        detail="".join(traceback.format_exception(error)),
    )


def _not_there(module: ModuleType, name: str) -> BadInput:
    functions = [key for key, value in vars(module).items() if inspect.isfunction(value)]
    near = nearest(name, functions)
    hint = f"; did you mean {near}?" if near else ""
    return BadInput(f"The module {module.__name__!r} has no function {name!r}{hint}")


def _places() -> list[str]:
    return [place or os.getcwd() for place in sys.path]


def _user_modules(prefixes: Sequence[str]) -> Iterator[tuple[str, ModuleType]]:
    heads = tuple(prefixes)  # most of the many modules are told by their first letters
    for name, module in list(sys.modules.items()):
        if name.startswith(heads) and is_allowed(name, prefixes):
            yield name, module


def _stamp(module: ModuleType) -> _Stamp | None:
    file = getattr(module, "__file__", None)
    if not file:
        return None
    try:
        found = os.stat(file)
    except OSError:
        return (file, 0, 0)
    return (file, found.st_mtime_ns, found.st_size)


def _remember(prefixes: Sequence[str]) -> None:
    # Modules that a function imports while it runs are seen at the next call.
    state = (len(sys.modules), tuple(prefixes))
    if _remembered == [state]:
        return
    _remembered[:] = [state]
    for _, module in _user_modules(prefixes):
        if module not in _seen and (stamp := _stamp(module)):
            _seen[module] = stamp


def _forget_if_changed(prefixes: Sequence[str]) -> None:
    """Have all user modules imported afresh once one of their files has changed.

    The process may have served other runs; what the user has edited since must count.
    """
    loaded = {
        module.__name__: module
        for module in list(_seen)
        if is_allowed(module.__name__, prefixes) and sys.modules.get(module.__name__) is module
    }
    if any(_seen[module] != _stamp(module) for module in loaded.values()):
        for name in loaded:
            del sys.modules[name]
        _remembered.clear()
        importlib.invalidate_caches()
