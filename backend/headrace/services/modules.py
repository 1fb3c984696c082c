"""Which Python modules a PYTHON block may name."""

from collections.abc import Callable

from headrace.domain.grants import Grants
from headrace.settings import Settings


def allowed_modules(settings: Settings, grants: Grants | None) -> tuple[str, ...]:
    """The prefixes of the settings, and what the local command line allows for this run."""
    return (*settings.python_modules, *(grants.modules if grants else ()))


def allowed_module(settings: Settings, grants: Grants | None) -> Callable[[str], bool]:
    """Whether a dotted module name lies under one of the prefixes."""
    prefixes = allowed_modules(settings, grants)

    def allowed(module: str) -> bool:
        return any(module == prefix or module.startswith(f"{prefix}.") for prefix in prefixes)

    return allowed
