"""Why blocks and runs do not move, from what the operation's snapshot shows."""

from typing import TYPE_CHECKING

from headrace.api.graphql.details import WaitingReason
from headrace.domain import waiting
from headrace.domain.lifecycle import BLOCK_TERMINAL, RUN_TERMINAL, BlockStatus

if TYPE_CHECKING:
    from headrace.api.graphql.blocks import BlockRun
    from headrace.api.graphql.loaders import Loaders
    from headrace.api.graphql.runs import Run


async def waiting_of_block(load: "Loaders", block: "BlockRun") -> list[WaitingReason]:
    """The reasons of one block."""
    match block.status:
        case BlockStatus.WAITING:
            found = [waiting.upstream(await _unfinished_before(load, block))]
        case BlockStatus.RETRYING:
            found = [waiting.retry(block.attempt, block.retry_at)]
        case BlockStatus.READY:
            found = waiting.in_line(await load.line(), block.key)
        case _:
            found = []
    return [WaitingReason.of(each) for each in found]


async def waiting_of_run(load: "Loaders", run: "Run") -> list[WaitingReason]:
    """The reasons of a run. Its WAITING blocks wait for others of it, and say so themselves."""
    if run.status in RUN_TERMINAL:
        return []
    blocks = await load.blocks_of_run.load(run.id)
    if any(block.status is BlockStatus.RUNNING for block in blocks):
        return []
    found = waiting.of_run(
        await load.line(),
        run.id,
        ready={each.name: each.position for each in blocks if each.status is BlockStatus.READY},
        retrying={
            each.name: waiting.retry(each.attempt, each.retry_at)
            for each in blocks
            if each.status is BlockStatus.RETRYING
        },
    )
    return [WaitingReason.of(each) for each in found]


async def _unfinished_before(load: "Loaders", block: "BlockRun") -> list[str]:
    run = await load.run_there(block.run_id)
    definition = await load.definition.load(run.version_id)
    status = await load.statuses.load(block.run_id)
    return [
        name
        for name in definition.graph.upstream(block.name)
        if name in status and status[name] not in BLOCK_TERMINAL
    ]
