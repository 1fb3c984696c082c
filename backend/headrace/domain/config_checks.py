"""What can be wrong with the config of a block, templates and all.

A config is checked when it is imported with the defaults of its params, and again when a run
starts with the run's values. Invariant: what hangs on a param whose value is not known yet is
left for the start of a run, and nothing else is.
"""

from collections.abc import Callable, Mapping, Sequence

from headrace.domain.catalogue import PYTHON_TYPE, BlockTypeInfo, ConfigFault
from headrace.domain.definition import Block
from headrace.domain.json import JSONValue, show
from headrace.domain.nodes import Path
from headrace.domain.notes import Notes
from headrace.domain.problems import ProblemCode, spell
from headrace.domain.suggestions import Suggester
from headrace.domain.templates import Placeholder, occurrences, substitute

Allow = Callable[[str], bool]


def check_placeholders(
    notes: Notes, suggester: Suggester, place: int, block: Block, params: Sequence[str]
) -> list[Placeholder]:
    """Notes placeholders of params that are not declared; gives all placeholders."""
    found = list(occurrences(dict(block.config)))
    for placeholder in found:
        if placeholder.param not in params:
            meant = suggester.nearest(placeholder.param, params)
            message = (
                f"{_label(place, block)}: {placeholder.text[:60]} in config."
                f"{spell(placeholder.path)} names no param of this pipeline"
            )
            if meant:
                message += f"; did you mean {{{{ params.{meant} }}}}?"
            else:
                message += f"; it has {', '.join(params[:20]) or 'none'}. {_PLAIN}"
            notes.add(
                ProblemCode.UNKNOWN_PARAM,
                message,
                ("blocks", str(place), "config", *placeholder.path),
                blocks=_named(block),
                suggestion=meant,
            )
    return found


_PLAIN = "Templates put in params as they are and know no expressions"


def check_config(
    notes: Notes,
    place: int,
    block: Block,
    info: BlockTypeInfo,
    *,
    values: Mapping[str, JSONValue],
    found: Sequence[Placeholder],
    allow_python_module: Allow,
) -> None:
    """Notes what is wrong with a block's config, its params having these values.

    Params that are not in `values` are not known yet.
    """
    config = substitute(block.config, values) if found else dict(block.config)
    unknown = [at.path for at in found if at.param not in values]
    used = {at.path: at.param for at in found if at.param in values}
    for fault in info.check_config(config):
        # An unknown key stays unknown, whatever its value will be.
        if fault.unknown_key or not any(_concerns(fault.path, path) for path in unknown):
            _note_fault(notes, place, block, fault, used)
    if block.type == PYTHON_TYPE and ("function",) not in unknown:
        _check_module(notes, place, block, config.get("function"), allow_python_module)


def _concerns(fault: Path, unknown: Path) -> bool:
    """Whether a fault may go away, or be another, once the value at `unknown` is known."""
    shared = min(len(fault), len(unknown))
    return fault[:shared] == unknown[:shared]


def _note_fault(
    notes: Notes, place: int, block: Block, fault: ConfigFault, used: Mapping[Path, str]
) -> None:
    param = next((name for path, name in used.items() if _concerns(fault.path, path)), None)
    where = spell(("config", *fault.path))
    message = f"{_label(place, block)}: {where}: {fault.message}"
    if fault.suggestion is not None and fault.suggestion not in fault.message:
        message += f"; did you mean `{fault.suggestion}`?"
    if param is not None and fault.path:
        message += f" (it takes the param {show(param)})"
    notes.add(
        ProblemCode.INVALID_CONFIG,
        message,
        ("blocks", str(place), "config", *fault.path),
        at_key=fault.unknown_key,
        blocks=_named(block),
        suggestion=fault.suggestion,
    )


def _check_module(
    notes: Notes, place: int, block: Block, function: JSONValue, allowed: Allow
) -> None:
    """Refuses functions of modules that the settings do not allow; the config checks the form."""
    if not isinstance(function, str):
        return
    module = function.partition(":")[0].strip()
    if module and not allowed(module):
        message = (
            f"{_label(place, block)}: functions of the module {show(module)} may not be called; "
            "name the module (or a prefix of it) in the setting PYTHON_MODULES to allow it"
        )
        notes.add(
            ProblemCode.PYTHON_NOT_ALLOWED,
            message,
            ("blocks", str(place), "config", "function"),
            blocks=_named(block),
        )


def _label(place: int, block: Block) -> str:
    return f"Block {show(block.name)}" if block.name else f"Block {place + 1}"


def _named(block: Block) -> tuple[str, ...]:
    return (block.name,) if block.name else ()
