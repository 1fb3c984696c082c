"""GET /metrics for Prometheus (text format 0.0.4), behind the API key.

What rows tell is read from the database when it is asked for, and so is the same at every server;
what happened and left no row is this process's own.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from headrace import __version__
from headrace.api.backend import Backend, backend_of
from headrace.api.doors import KEY_CHALLENGE, KeyDoor
from headrace.api.errors import Code
from headrace.api.http import Endpoint
from headrace.api.responses import refusal
from headrace.domain.lifecycle import WorkerStatus
from headrace.live.metrics import Histogram
from headrace.store.clock import wall_ms
from headrace.store.errors import StoreClosed, StoreUnavailable
from headrace.store.reads.census import Census, census
from headrace.store.reads.outbox import Lag, outbox_lag
from headrace.store.reads.usage import UsageSums, usage_by_model

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
READ_SECONDS: Final = 5.0


def metrics_endpoint(door: KeyDoor) -> Endpoint:
    """The endpoint."""

    async def metrics(request: Request) -> Response:
        if fault := door.fault(request):
            return refusal(Code.UNAUTHENTICATED, fault, headers=KEY_CHALLENGE)
        backend = backend_of(request)
        try:
            async with (
                asyncio.timeout(READ_SECONDS),
                backend.services.store.snapshot() as snapshot,
            ):
                counted = await census(snapshot)
                usage = await usage_by_model(snapshot)
                lag = await outbox_lag(snapshot) if backend.services.streams.on else None
        except (StoreClosed, StoreUnavailable, TimeoutError):
            return refusal(Code.UNAVAILABLE, "The database does not answer")
        text = "".join((*_lines(backend, counted), *_llm(usage), *_stream(lag)))
        return Response(text, headers={"Content-Type": TEXT, "Cache-Control": "no-store"})

    return metrics


def _lines(backend: Backend, counted: Census) -> Iterable[str]:
    seen = backend.services.metrics
    yield from _family(
        "build_info", "gauge", "The version that runs.", {f'version="{__version__}"': 1}
    )
    yield from _family(
        "queue_blocks",
        "gauge",
        "Blocks that are not over, by status.",
        _by("status", counted.blocks),
    )
    oldest = counted.oldest_ready_at
    waited = 0.0 if oldest is None else max(0, counted.now - oldest) / 1000
    yield from _family(
        "queue_oldest_ready_seconds",
        "gauge",
        "How long the oldest READY block has waited for a worker.",
        {"": waited},
    )
    yield from _family(
        "runs_active", "gauge", "Runs that are not over, by status.", _by("status", counted.runs)
    )
    yield from _family("workers", "gauge", "Workers, by status.", _by("status", counted.workers))
    yield from _family(
        "lease_losses_total",
        "counter",
        "Workers that were lost: their lease ended and their blocks were taken away.",
        {"": counted.workers[WorkerStatus.LOST]},
    )
    yield from _histogram(
        "claim_latency_seconds", "From READY to claimed by a worker.", seen.claim_seconds
    )
    yield from _histogram(
        "event_lag_seconds",
        "From an event's transaction to this process's subscribers.",
        seen.event_lag_seconds,
    )
    yield from _family(
        "hints_total",
        "counter",
        "Hints of other processes that came here and named what had changed.",
        _by("by", backend.services.wakeups.heard),
    )
    yield from _family(
        "websockets", "gauge", "Websockets open in this process.", {"": backend.traffic.sockets}
    )
    yield from _family(
        "event_streams",
        "gauge",
        "Server-sent event streams open in this process.",
        {"": backend.traffic.streams},
    )


def _stream(lag: Lag | None) -> Iterable[str]:
    told: dict[str, dict[str, float]] = {}  # no sample while streaming is off
    if lag is not None:
        waited = 0.0 if lag.oldest_at is None else max(0, wall_ms() - lag.oldest_at) / 1000
        told = {
            "up": {"": int(not lag.problem)},
            "events": {"": lag.events},
            "oldest": {"": waited},
        }
    yield from _family(
        "stream_up", "gauge", "Whether the brokers take what is sent.", told.get("up", {})
    )
    yield from _family(
        "outbox_events", "gauge", "Events that are not in the stream yet.", told.get("events", {})
    )
    yield from _family(
        "outbox_oldest_seconds",
        "gauge",
        "How long the oldest event has waited for the stream.",
        told.get("oldest", {}),
    )


def _llm(usage: Mapping[tuple[str, str], UsageSums]) -> Iterable[str]:
    # Summed from rows, never counted: what cleanup removes looks like a counter that began anew.
    models = {
        f'provider="{_escaped(provider)}",model="{_escaped(model)}"': sums
        for (provider, model), sums in sorted(usage.items())
    }
    yield from _family(
        "llm_calls_total",
        "counter",
        "Calls that language models answered.",
        {labels: sums.calls for labels, sums in models.items()} or {"": 0},
    )
    yield from _family(
        "llm_ledger_hits_total",
        "counter",
        "Answers that the ledger had already.",
        {labels: sums.ledger_hits for labels, sums in models.items()} or {"": 0},
    )
    tokens: dict[str, float] = {}
    for labels, sums in models.items():
        tokens[f'{labels},direction="input"'] = sums.input_tokens
        tokens[f'{labels},direction="output"'] = sums.output_tokens
    yield from _family(
        "llm_tokens_total",
        "counter",
        "Tokens that language models read and wrote.",
        tokens or {'direction="input"': 0, 'direction="output"': 0},
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _by(label: str, counts: Mapping[str, int]) -> dict[str, float]:
    return {f'{label}="{value}"': count for value, count in counts.items()}


def _family(name: str, kind: str, words: str, samples: Mapping[str, float]) -> Iterable[str]:
    yield f"# HELP headrace_{name} {words}\n# TYPE headrace_{name} {kind}\n"
    for labels, value in samples.items():
        told = f"{{{labels}}}" if labels else ""
        yield f"headrace_{name}{told} {value}\n"


def _histogram(name: str, words: str, found: Histogram) -> Iterable[str]:
    full = f"headrace_{name}"
    yield f"# HELP {full} {words}\n# TYPE {full} histogram\n"
    for bound, count in [*found.cumulative(), (float("inf"), found.count)]:
        told = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield f'{full}_bucket{{le="{told}"}} {count}\n'
    yield f"{full}_sum {found.total:.6f}\n{full}_count {found.count}\n"
