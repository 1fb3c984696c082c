"""What runs and how it is, as the API shows it; never a secret."""

import strawberry

from headrace.api.graphql.described import object_type


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
