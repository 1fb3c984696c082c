"""How a process ended, in words for the person whose block it was."""

import os
import signal

_MIB = 1024 * 1024
_HINTS: dict[int, str] = {
    signal.SIGSEGV: "it used memory that is not its own, as native code with a bug does",
    signal.SIGBUS: "it used memory that is not there",
    signal.SIGILL: "it ran an instruction that this processor does not have",
    signal.SIGFPE: "it made an arithmetic error in native code",
    signal.SIGABRT: "native code gave up",
    signal.SIGXCPU: "it used up its processor time limit",
}


def describe_end(status: int, *, peak_bytes: int, oom: bool) -> str:
    """The words for a wait status; `oom`: the kernel killed for lack of memory meanwhile."""
    peak = f"its memory peaked at {peak_bytes // _MIB} MiB"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL and oom:
            return f"The block's process was killed for lack of memory; {peak}."
        name = _signal_name(number)
        hint = _HINTS.get(number)
        if number == signal.SIGKILL:
            hint = "somebody, or the system for lack of memory, killed it"
        return f"The block's process died by {name}" + (
            f": {hint}; {peak}." if hint else f"; {peak}."
        )
    code = os.waitstatus_to_exitcode(status)
    return f"The block's process exited with code {code} before the block returned."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
