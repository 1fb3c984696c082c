"""A question to the person at the terminal, before something goes that does not come back."""

import asyncio
import sys

from headrace.cli.console import err
from headrace.cli.errors import CommandFailed


async def agreed(question: str, *, otherwise: str) -> bool:
    """Their answer; Ctrl-C is heard while they think.

    Args:
        question: ends in a question mark.
        otherwise: what to say on the command line where there is nobody to ask.

    Raises:
        CommandFailed: there is no terminal.
    """
    if not sys.stdin.isatty():
        raise CommandFailed(f"there is no terminal to ask at: say {otherwise}")
    err().print(f"{question} [y/N] ", end="", markup=False)
    answered = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, answered.set)
    try:
        await answered.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
