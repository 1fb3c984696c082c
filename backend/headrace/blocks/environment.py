"""What a block may reach and how its providers are set up: settings, as plain values.

It crosses to the block's process as JSON, so every field is JSON or a path. Building it is the
worker's business; a block only reads it, at `ctx.environment`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from headrace.artifacts.content import ContentPlace
from headrace.streams.security import Security

DEFAULT_INLINE_BYTES = 65_536
DEFAULT_LEDGER_BATCH = 16


class LlmSettings(BaseModel):
    """How the LLM provider is reached. `api_key` stays out of `repr` and so out of logs."""

    model_config = ConfigDict(frozen=True)

    provider: str = "mock"
    model: str = ""
    temperature: float = 0.0
    api_key: str = Field(default="", repr=False)
    base_url: str = ""
    mock: Mapping[str, Any] = Field(default_factory=dict)


class Environment(BaseModel):
    """The surroundings of a block; every path is absolute.

    `working_dir` is the server's working directory: relative paths of users start there. Artifacts
    go to the object store `artifacts_url`, where `artifacts_writer` stands for the worker, or where
    there is none to `artifacts_dir`. A dataset of at most `inline_bytes` bytes is handed on without
    a file. `ledger_batch` bounds how many memo records a crash may lose.
    """

    model_config = ConfigDict(frozen=True)

    working_dir: Path
    data_dir: Path
    artifacts_dir: Path
    artifacts_url: str = ""
    artifacts_writer: str = ""
    allowed_roots: tuple[Path, ...] = ()
    forbidden: tuple[Path, ...] = ()
    python_modules: tuple[str, ...] = ()
    llm: LlmSettings = Field(default_factory=LlmSettings)
    kafka_bootstrap: str = ""
    """The brokers; empty while streaming is off."""
    kafka_security: Security = Field(default_factory=Security)
    inline_bytes: int = DEFAULT_INLINE_BYTES
    ledger_batch: int = DEFAULT_LEDGER_BATCH

    @property
    def artifacts_place(self) -> ContentPlace:
        """Where a block's process keeps artifacts."""
        return ContentPlace(
            folder=self.artifacts_dir, url=self.artifacts_url, writer=self.artifacts_writer
        )

    def to_json(self) -> dict[str, Any]:
        """As JSON-compatible values, for `Task.environment`; holds secrets."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Environment":
        """The inverse of `to_json`; raises pydantic's `ValidationError`."""
        return cls.model_validate(value)
