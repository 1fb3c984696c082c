"""What runs and how it is, as the API shows it; never a secret."""

from collections.abc import Iterable

import strawberry

from headrace import __version__
from headrace.api.graphql.described import object_type
from headrace.services.health import Check
from headrace.settings import Settings, warnings


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


def service_of(settings: Settings, checks: Iterable[Check]) -> Service:
    """The service, with checks that were made now."""
    return Service(
        name=settings.app_name,
        version=__version__,
        database="postgresql" if settings.database_url else "sqlite",
        stream_backend=settings.stream_backend,
        llm_provider=settings.llm_provider,
        executor=settings.executor,
        signed_urls_required=settings.signed_urls_required,
        checks=[
            HealthCheck(name=check.name, ok=check.ok, message=check.message) for check in checks
        ],
        warnings=warnings(settings),
    )
