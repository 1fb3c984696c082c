"""What a block may reach, from the settings and from what its run was granted."""

from pathlib import Path
from typing import Any

from headrace.blocks.environment import Environment, LlmSettings
from headrace.domain.grants import Grants
from headrace.services.binding import roots_with
from headrace.services.core import Services
from headrace.services.modules import allowed_modules
from headrace.services.streams import security_of
from headrace.streams.security import Security


class Environments:
    """Makes the environment of each task; that without grants is made once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._plain = self._make(None)

    def of(self, grants: Grants | None) -> dict[str, Any]:
        """JSON for `Task.environment`; holds secrets."""
        return self._plain if grants is None else self._make(grants)

    def _make(self, grants: Grants | None) -> dict[str, Any]:
        settings = self._services.settings
        streaming = self._services.streams.on
        roots = roots_with(self._services.roots, grants)
        return Environment(
            working_dir=roots.working_dir,
            data_dir=roots.data_dir,
            artifacts_dir=roots.artifacts_dir,
            artifacts_url=settings.artifacts_url,
            artifacts_writer=self._services.content.writer,
            allowed_roots=roots.allowed,
            forbidden=tuple(Path(path) for path in roots.forbidden),
            python_modules=allowed_modules(settings, grants),
            llm=LlmSettings(
                provider=settings.llm_provider,
                model=settings.gemini_model if settings.llm_provider == "gemini" else "",
                temperature=settings.llm_temperature,
                api_key=settings.gemini_api_key,
                base_url=settings.gemini_base_url,
                mock=dict(settings.llm_mock),
            ),
            kafka_bootstrap=settings.kafka_bootstrap if streaming else "",
            kafka_security=security_of(settings) if streaming else Security(),
            inline_bytes=settings.inline_bytes,
            ledger_batch=settings.ledger_batch,
        ).to_json()
