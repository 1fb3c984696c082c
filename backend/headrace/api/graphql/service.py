"""What runs and how it is, as the API shows it; never a secret."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import strawberry

from headrace import __version__
from headrace.api.graphql.described import object_type
from headrace.settings import warnings
from headrace.store.reads.workers import living_workers

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


@object_type
class HealthCheck:
    """One thing that must be well."""

    name: str = strawberry.field(description="What was looked at.")
    ok: bool = strawberry.field(description="Whether it is well.")
    message: str = strawberry.field(description="How it is, for people.")


@object_type
class Service:
    """What runs and how it is; never a secret."""

    name: str = strawberry.field(description="APP_NAME: the title that people see.")
    version: str = strawberry.field(description="The version of Headrace.")
    database: str = strawberry.field(description="The database's engine.")
    stream_backend: str = strawberry.field(
        description="Where run events are published to: `none` or `kafka`."
    )
    llm_provider: str = strawberry.field(description="Who answers LLM blocks.")
    executor: str = strawberry.field(description="Where blocks run.")
    signed_urls_required: bool = strawberry.field(
        description="Whether unsigned downloads are refused."
    )
    checks: list[HealthCheck] = strawberry.field(description="How what it needs is, by now.")
    warnings: list[str] = strawberry.field(description="What is allowed and still unwise.")


async def service_of(context: "Context") -> Service:
    """The service, its checks made now."""
    settings = context.services.settings
    async with context.reading() as snapshot:
        workers = (await living_workers(snapshot)).value
    return Service(
        name=settings.app_name,
        version=__version__,
        database="sqlite",
        stream_backend=settings.stream_backend,
        llm_provider=settings.llm_provider,
        executor=settings.executor,
        signed_urls_required=settings.signed_urls_required,
        checks=[
            HealthCheck(name="database", ok=True, message="It answers"),
            _artifacts_check(settings.artifacts_dir),
            _workers_check(workers),
        ],
        warnings=warnings(settings),
    )


def _artifacts_check(folder: Path) -> HealthCheck:
    # The folder is made with the first artifact; until then the one it will be made in counts.
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    ok = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    words = "Its folder can be written" if ok else "ARTIFACTS_DIR cannot be written"
    return HealthCheck(name="artifacts", ok=ok, message=words)


def _workers_check(count: int) -> HealthCheck:
    words = f"{count} {'lives' if count == 1 else 'live'}"
    if not count:
        words = "None lives: runs wait until one starts (headrace worker)"
    return HealthCheck(name="workers", ok=count > 0, message=words)
