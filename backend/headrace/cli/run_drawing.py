"""A run on a terminal: a bar for each block, its rows and rows a second."""

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from headrace.cli.console import STYLES
from headrace.cli.run_view import BlockView, RunView
from headrace.domain.amounts import amount
from headrace.domain.lifecycle import BLOCK_TERMINAL, BlockStatus

GLYPHS = {
    BlockStatus.WAITING: "·",
    BlockStatus.READY: "○",
    BlockStatus.RUNNING: "▶",
    BlockStatus.RETRYING: "↻",
    BlockStatus.SUCCEEDED: "✓",
    BlockStatus.FAILED: "✗",
    BlockStatus.SKIPPED: "-",
    BlockStatus.CANCELLED: "■",
}
BAR_WIDTH = 30
LINES_BESIDE_BLOCKS = 5


def draw(view: RunView, height: int, now_seconds: float) -> RenderableType:
    """The whole picture, at most `height` lines high. `now_seconds` moves what pulses."""
    shown = view.most_telling(max(1, height - LINES_BESIDE_BLOCKS))
    grid = Table.grid(padding=(0, 1))
    for block in shown:
        grid.add_row(*_cells(block, now_seconds))
    parts: list[RenderableType] = [_heading(view), grid]
    if len(shown) < len(view.blocks):
        parts.append(Text(f"… {len(view.blocks) - len(shown)} more blocks", style="dim"))
    return Group(*parts)


def rows_in_words(block: BlockView) -> str:
    """`40 / 100 rows`, or what is known of that."""
    if block.rows_total is not None and block.rows_done < block.rows_total:
        return f"{block.rows_done:,} / {block.rows_total:,} rows"
    return amount(block.rows_done, "row") if block.rows_done else ""


def rate_in_words(block: BlockView) -> str:
    """`18,200 rows/s`, or nothing before there is a rate."""
    rate = block.rows_per_second
    return "" if rate is None else f"{rate:,.0f} rows/s"


def _heading(view: RunView) -> Text:
    counts = view.counts()
    done = sum(counts[status] for status in BLOCK_TERMINAL)
    heading = Text.assemble(
        (view.pipeline, "bold"), f" v{view.version}  ", (view.status, STYLES[view.status])
    )
    return heading.append(f"  {done}/{len(view.blocks)} blocks  {view.id}", style="dim")


def _cells(block: BlockView, now_seconds: float) -> list[RenderableType]:
    style = STYLES.get(block.status, "")
    fraction = block.fraction
    bar = ProgressBar(
        total=1.0 if fraction is not None else None,
        completed=fraction or 0.0,
        width=BAR_WIDTH,
        pulse=fraction is None,
        animation_time=now_seconds,
        complete_style=style or "green",
        finished_style=style or "green",
    )
    attempt = f"attempt {block.attempt}" if block.attempt > 1 else ""
    return [
        Text(GLYPHS[block.status], style=style),
        Text(block.name, no_wrap=True, overflow="ellipsis"),
        bar,
        Text(rows_in_words(block), justify="right", no_wrap=True),
        Text(rate_in_words(block), style="dim", justify="right", no_wrap=True),
        Text(attempt, style="magenta", no_wrap=True),
    ]
