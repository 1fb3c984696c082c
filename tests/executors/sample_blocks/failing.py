# ruff: noqa: T201 - what is printed is what is tested
"""A block that ends badly, in every way there is."""

import ctypes
import os
import sys
import threading

from headrace.blocks import BadInput, Block, Config, Context, Inputs, Output


class FailConfig(Config):
    how: str


class Fail(Block[FailConfig]):
    """Ends badly, in the way that it is told."""

    def run(self, config: FailConfig, inputs: Inputs, ctx: Context) -> Output:
        ctx.log.info("about to fail")
        print("printed before the end")
        getattr(self, config.how)()
        raise AssertionError("still here")

    def error(self) -> None:
        raise ValueError("this went wrong")

    def bad_input(self) -> None:
        raise BadInput("no column 'text'", detail="columns: id")

    def system_exit(self) -> None:
        sys.exit(3)

    def unprintable(self) -> None:
        class Odd(Exception):
            def __str__(self) -> str:
                raise RuntimeError("no text")

        raise Odd

    def surrogate(self) -> None:
        raise ValueError("half a pair \ud800 and a NUL \0")

    def os_exit(self) -> None:
        os._exit(7)

    def os_exit_zero(self) -> None:
        os._exit(0)

    def segfault(self) -> None:
        ctypes.string_at(0)

    def abort(self) -> None:
        os.abort()

    def close_everything(self) -> None:
        os.closerange(3, 256)
        threading.Event().wait()

    def garbage(self) -> None:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"\xff" * 64)
            except OSError:
                continue
        threading.Event().wait()
