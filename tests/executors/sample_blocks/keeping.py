"""Blocks that leave something that is kept: artifacts and what they remember."""

import threading
from concurrent.futures import ThreadPoolExecutor

from headrace.blocks import Block, BlockError, Config, Context, Inputs, Output
from headrace.blocks.arrow import rows_to_batch


class ArtifactConfig(Config):
    name: str = "report.txt"
    text: str = "hello"
    fail: bool = False


class Artifact(Block[ArtifactConfig]):
    """Makes an artifact, or fails in the middle of it."""

    def run(self, config: ArtifactConfig, inputs: Inputs, ctx: Context) -> Output:
        with ctx.new_artifact(config.name, rows=1) as file:
            file.write(config.text.encode())
            if config.fail:
                raise BlockError("in the middle of the artifact")
        ctx.log.info("the artifact is kept")
        return None


class HalfArtifact(Block[Config]):
    """Waits in the middle of an artifact."""

    def run(self, config: Config, inputs: Inputs, ctx: Context) -> Output:
        with ctx.new_artifact("half.txt") as file:
            file.write(b"half")
            file.flush()
            ctx.log.info("in the middle")
            threading.Event().wait()
        return None


class MemoConfig(Config):
    items: int
    lookup: bool = True
    tell: bool = False
    fail: bool = False


class Memoize(Block[MemoConfig]):
    """Records what its memo does not know; its dataset tells what it found and what it made."""

    def run(self, config: MemoConfig, inputs: Inputs, ctx: Context) -> Output:
        keys = [f"key-{number}" for number in range(config.items)]
        found = ctx.memo.lookup(keys) if config.lookup else {}
        for number, key in enumerate(keys, start=1):
            if key not in found:
                ctx.memo.record({key: {"value": number}})
            if config.tell:
                ctx.log.info(f"recorded {number}")  # noqa: G004 - `ctx.log` takes plain text
        if config.fail:
            raise BlockError("after the memo")
        return rows_to_batch([{"found": len(found), "made": len(keys) - len(found)}])


class ExchangeConfig(Config):
    megabytes: int
    threads: int


class Exchange(Block[ExchangeConfig]):
    """Looks up and records large values from several threads at once."""

    def run(self, config: ExchangeConfig, inputs: Inputs, ctx: Context) -> Output:
        count = config.megabytes * 10

        def work(thread: int) -> int:
            ctx.memo.record({f"new-{thread}-{n}": "n" * 100_000 for n in range(count)})
            return len(ctx.memo.lookup([f"old-{n}" for n in range(count)]))

        with ThreadPoolExecutor(config.threads) as pool:
            found = sum(pool.map(work, range(config.threads)))
        return rows_to_batch([{"found": found}])
