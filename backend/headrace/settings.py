"""Every setting of Headrace, in one frozen object that is built once at start and passed down.

Values come from the environment, then from `.env` in the working directory, then from here; an
empty value counts as not given. Nothing else in Headrace reads the environment. Under pytest the
database is another file, `.env` is not read, and only TEST_DATABASE_URL names a database server:
no test can touch what a person keeps.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from headrace.settings_faults import Fault, SettingsInvalid, from_validation, misspelt
from headrace.settings_kafka import kafka_faults
from headrace.settings_rules import production_faults, store_faults, unsupported, warnings
from headrace.settings_values import (
    DEV_SECRET,
    LOOPBACK,
    DatabaseFile,
    DatabaseUrl,
    Hosts,
    Misbehaviour,
    Modules,
    Networks,
    Origins,
    Paths,
    Secrets,
    StoreUrl,
    Url,
    UrlPaths,
    available_cores,
    host_of,
    in_brackets,
    under_pytest,
)

__all__ = [
    "ClientSettings",
    "Fault",
    "Settings",
    "SettingsInvalid",
    "load_client_settings",
    "load_settings",
    "unsupported",
    "warnings",
]

ENV_FILE: Final = Path(".env")
DAY_SECONDS: Final = 86_400


def _default_roots(data: dict[str, Any]) -> tuple[Path, ...]:
    return (data["data_dir"], data["artifacts_dir"])


def _default_hosts(data: dict[str, Any]) -> tuple[str, ...]:
    public = host_of(data["public_url"])
    named = [in_brackets(data["host"]), *([public] if public else [])]
    return tuple(dict.fromkeys([*LOOPBACK, *named]))


class Settings(BaseSettings):
    """Each attribute is an environment variable in lower case. Durations are seconds."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        enable_decoding=False,
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        hide_input_in_errors=True,
    )

    app_name: str = Field("pipeline-orchestrator", description="The title that people see.")
    headrace_env: Literal["development", "production"] = Field(
        "development",
        description="`production` refuses the SECRET_KEY `dev-secret` and an empty API_KEY.",
    )

    host: str = Field("127.0.0.1", description="The address that the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The server's port; 0 takes a free one.")
    public_url: Url = Field(
        "", description="What signed URLs begin with; empty makes them relative to the server."
    )
    api_key: str = Field(
        "",
        repr=False,
        description="When set, GraphQL, unsigned downloads and /metrics need it in the header "
        "X-API-Key; a websocket gives it in its connection_init payload.",
    )
    cors_allow_origins: Origins = Field(
        ("http://localhost:5173", "http://localhost:8080"),
        description="JSON list: the origins of browser pages that may call the API.",
    )
    allowed_hosts: Hosts = Field(
        default_factory=_default_hosts,
        description="JSON list: Host headers that are answered, without ports; others get 421.",
        json_schema_extra={"words": "localhost, 127.0.0.1, [::1], the hosts of HOST, PUBLIC_URL"},
    )
    trusted_proxies: Networks = Field(
        (),
        description="JSON list: addresses or networks whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed.",
    )
    rate_limit_per_minute: int = Field(
        120,
        ge=1,
        description="At most this many requests for each client address and path within the "
        "window; the name is historical.",
    )
    rate_limit_window_seconds: float = Field(
        2, gt=0, le=DAY_SECONDS, description="The sliding window of the rate limit, in seconds."
    )
    rate_limit_paths: UrlPaths = Field(
        ("/health",), description="JSON list: the paths that are rate limited."
    )
    introspection: bool = Field(True, description="Whether GraphQL's introspection is answered.")
    graphiql: bool = Field(True, description="Whether /graphiql/ is served.")

    data_dir: Path = Field(
        Path("./data"), description="Where data sets lie, and where relative paths begin."
    )
    artifacts_dir: Path = Field(Path("./data/artifacts"), description="Where artifacts are kept.")
    allowed_roots: Paths = Field(
        default_factory=_default_roots,
        description="JSON list: the folders that pipelines may read and write.",
        json_schema_extra={"words": "DATA_DIR and ARTIFACTS_DIR"},
    )
    sqlite_path: DatabaseFile = Field(
        Path("./data/db.sqlite3"),
        description="The database file. Under pytest `.test` goes before its extension.",
    )
    database_url: DatabaseUrl = Field(
        "",
        repr=False,
        description="A PostgreSQL database, postgresql+asyncpg://user:password@host/name, which "
        "wins over SQLITE_PATH. Under pytest only TEST_DATABASE_URL gives it.",
    )
    artifacts_url: StoreUrl = Field(
        "",
        repr=False,
        description="An object store for artifacts, `s3://bucket/prefix`, `gs://…` or `az://…`, "
        "which wins over ARTIFACTS_DIR; its credentials come from its own variables.",
    )
    artifacts_public_url: Url = Field(
        "",
        description="The S3 store's address as browsers reach it: signed URLs then lead there "
        "instead of streaming through the server.",
    )
    secret_key: str = Field(DEV_SECRET, repr=False, description="Signs download URLs.")
    secret_key_previous: Secrets = Field(
        (), repr=False, description="JSON list: earlier keys whose URLs are still good."
    )
    signed_url_ttl_seconds: int = Field(
        300, ge=1, le=DAY_SECONDS, description="How long a signed URL lives, in seconds."
    )
    signed_urls_required: bool = Field(False, description="Whether unsigned downloads are refused.")
    inline_bytes: int = Field(
        65_536,
        ge=0,
        le=16 * 2**20,
        description="Data sets between blocks up to this size, in bytes, are kept in the database.",
    )
    retention_days: int = Field(
        30,
        ge=0,
        le=36_500,
        description="Finished runs are removed after this many days; 0 keeps them.",
    )

    worker_concurrency: int = Field(
        default_factory=available_cores,
        ge=1,
        le=1_000,
        description="Blocks at once in each worker process.",
        json_schema_extra={"words": "the cores"},
    )
    lease_seconds: float = Field(
        15,
        ge=0.2,
        le=3_600,
        description="A worker that is silent for this many seconds is lost; its heart beats three "
        "times as often.",
    )
    drain_seconds: float = Field(
        8,
        ge=0,
        le=3_600,
        description="How many seconds a stopping worker lets its blocks go on before it kills and "
        "releases them.",
    )
    max_worker_losses: int = Field(
        3, ge=0, le=1_000, description="A block whose worker is lost more often than this fails."
    )
    block_timeout_seconds: float = Field(
        DAY_SECONDS,
        ge=0,
        description="The time limit, in seconds, of a block that gives none; 0 is no limit.",
    )
    queue_timeout_seconds: float = Field(
        0,
        ge=0,
        description="A block that waits for a worker this many seconds fails; 0 waits for ever.",
    )
    log_bytes_per_attempt: int = Field(
        10_485_760, ge=1_024, description="How many bytes of log an attempt keeps."
    )
    python_modules: Modules = Field(
        (),
        description="JSON list: module prefixes whose functions PYTHON blocks may call; empty "
        "refuses them.",
    )
    executor: Literal["local", "ray"] = Field(
        "local", description="Where blocks run: on the worker's machine, or on a Ray cluster."
    )
    ray_address: str = Field(
        "",
        description="Host and port of the cluster's head; empty starts a Ray on the worker's "
        "machine.",
    )

    llm_provider: Literal["mock", "gemini"] = Field(
        "mock",
        description="Who answers LLM blocks; `mock` is offline and always says the same, `gemini` "
        "needs `headrace[gemini]` and GEMINI_API_KEY.",
    )
    llm_temperature: float = Field(0.0, ge=0, le=2, description="The temperature of LLM calls.")
    llm_mock: Misbehaviour = Field(
        default_factory=dict,
        description="JSON object: how `mock` misbehaves: latency_ms, rate_limit_every, "
        "malformed_every (numbers from 0).",
    )
    gemini_api_key: str = Field(
        "",
        repr=False,
        description="The key for Gemini; without one its LLM blocks fail. Workers alone need it.",
    )
    gemini_model: str = Field(
        "gemini-1.5-flash",
        description="The Gemini model; the default is retired, so name one that Google has.",
    )
    gemini_base_url: Url = Field("", description="Gemini's address; empty is Google's.")
    ledger_batch: int = Field(
        16, ge=1, le=10_000, description="LLM answers that are written to the ledger at once."
    )
    ledger_retention_days: int = Field(
        365, ge=0, le=36_500, description="How many days LLM answers are kept; 0 keeps them."
    )

    stream_backend: Literal["none", "kafka"] = Field(
        "none",
        description="`kafka` publishes run events, and lets messages start runs; needs "
        "headrace[kafka].",
    )
    kafka_bootstrap: str = Field(
        "redpanda:9092",
        description="Kafka brokers; the default resolves in Compose only, from the host it is "
        "localhost:9092.",
    )
    kafka_topic_default: str = Field("pipeline_events", description="The topic for run events.")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        description="How the brokers are reached: `SSL` is TLS, and `SASL_` tells them a user and "
        "a password.",
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="How the password is proved to the brokers."
    )
    kafka_sasl_username: str = Field("", description="The user that the brokers are told.")
    kafka_sasl_password: str = Field("", repr=False, description="That user's password.")
    kafka_ssl_cafile: str = Field(
        "",
        description="The authority that signed the brokers' certificates, as a PEM file; empty "
        "trusts those of the machine.",
    )
    kafka_ssl_certfile: str = Field(
        "",
        description="A client's certificate, as a PEM file, for brokers that want one; its key may "
        "stand in the same file.",
    )
    kafka_ssl_keyfile: str = Field(
        "", description="The key of KAFKA_SSL_CERTFILE, as a PEM file, where it has its own."
    )
    kafka_ssl_key_password: str = Field(
        "", repr=False, description="The password of the client's key, where it has one."
    )
    wakeups: Literal["database", "kafka"] = Field(
        "database",
        description="What carries hints between processes that something changed: the database's "
        "own means, or a topic (KAFKA_TOPIC_DEFAULT with `.hints`); `kafka` wants "
        "STREAM_BACKEND=kafka, and the same in every process.",
    )

    headrace_url: Url = Field(
        "", description="For the command line: the server it talks to; empty runs in-process."
    )
    headrace_api_key: str = Field(
        "", repr=False, description="For the command line: the key it sends, else API_KEY."
    )
    vite_api_base: str = Field(
        "", description="For the UI's build: where it finds the API; empty is its own origin."
    )

    @property
    def database(self) -> Path | str:
        """Where the state is kept: a file, or the address of a server's database."""
        return self.database_url or self.sqlite_path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[Any, ...]:
        """The environment, then `.env`; under pytest neither `.env` nor DATABASE_URL."""
        if not under_pytest():
            return (init_settings, env_settings, dotenv_settings)

        def environment() -> Mapping[str, Any]:
            return {**env_settings(), "database_url": os.environ.get("TEST_DATABASE_URL", "")}

        return (init_settings, environment)


def load_settings(**given: Any) -> Settings:
    """What the environment and `.env` say, and before them what is `given`, checked as a whole.

    Raises:
        SettingsInvalid: with every fault, each by its name.
    """
    env_file = None if under_pytest() else ENV_FILE
    faults = _misspelt_names(env_file)
    try:
        settings = Settings(_env_file=env_file, **given)
    except ValidationError as error:
        wrong = from_validation(error, secret=_secret_names())
        faults += wrong
        # The rest is judged as if these had their defaults, so that all faults show at once.
        without = _defaults({fault.name for fault in wrong})
        settings = Settings(_env_file=env_file, **{**given, **without})
    judged = {fault.name for fault in faults}
    faults += [fault for fault in production_faults(settings) if fault.name not in judged]
    faults += [fault for fault in store_faults(settings, env_file) if fault.name not in judged]
    faults += [fault for fault in unsupported(settings) if fault.name not in judged]
    if "KAFKA_SECURITY_PROTOCOL" not in judged:
        faults += [fault for fault in kafka_faults(settings) if fault.name not in judged]
    if faults:
        raise SettingsInvalid(faults)
    return settings


class ClientSettings(BaseSettings):
    """What the command line needs to find a server: read alone, so that a fault among the
    server's settings stops no client of another server.
    """

    model_config = Settings.model_config

    headrace_url: Url = ""
    headrace_api_key: str = Field("", repr=False)
    api_key: str = Field("", repr=False)


def load_client_settings() -> ClientSettings:
    """What the environment and `.env` say about the server to talk to.

    Raises:
        SettingsInvalid: with every fault, each by its name.
    """
    try:
        return ClientSettings(_env_file=None if under_pytest() else ENV_FILE)
    except ValidationError as error:
        raise SettingsInvalid(from_validation(error, secret=_secret_names())) from error


def _misspelt_names(env_file: Path | None) -> list[Fault]:
    known = {name.upper() for name in Settings.model_fields}
    faults = misspelt(os.environ, known, in_file=False)
    if env_file is not None and env_file.is_file():
        faults += misspelt(dotenv_values(env_file, encoding="utf-8"), known, in_file=True)
    return faults


def _defaults(names: set[str]) -> dict[str, Any]:
    given = {}
    for name in map(str.lower, names):
        field = Settings.model_fields[name]
        from_others = field.default_factory_takes_validated_data
        given[name] = () if from_others else field.get_default(call_default_factory=True)
    return given


def _secret_names() -> set[str]:
    return {name for name, field in Settings.model_fields.items() if not field.repr}
