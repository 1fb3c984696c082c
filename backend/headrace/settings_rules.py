"""What no setting shows by itself: which of them do not go together, and which are unwise."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dotenv import dotenv_values

from headrace.settings_faults import Fault
from headrace.settings_kafka import cleartext_warning
from headrace.settings_values import DEV_SECRET, LOOPBACK, in_brackets

if TYPE_CHECKING:
    from headrace.settings import Settings

STORE_PREFIXES: Final = ("AWS_", "AZURE_", "GOOGLE_")


def unsupported(settings: "Settings") -> list[Fault]:
    """What is asked for and cannot be had as it stands: better no start than a silent half."""
    faults = []
    if settings.wakeups == "kafka" and settings.stream_backend != "kafka":
        faults.append(Fault(name="WAKEUPS", message="kafka wants STREAM_BACKEND=kafka too"))
    if settings.executor == "ray" and find_spec("ray") is None:
        message = "Ray is not installed: pip install 'headrace[ray]'"
        faults.append(Fault(name="EXECUTOR", message=message))
    if settings.ray_address.startswith("ray://"):
        faults.append(
            Fault(
                name="RAY_ADDRESS",
                message="a worker is a node of the cluster, not its client: give host and port of "
                "the head, without ray://",
            )
        )
    return faults


def warnings(settings: "Settings") -> list[str]:
    """What is allowed and still unwise, a sentence each, fit for a log and for `service`."""
    found = []
    wide = in_brackets(settings.host) not in LOOPBACK
    if wide and not settings.api_key:
        found.append(
            f"HOST is {settings.host} and API_KEY is empty: whoever reaches this address can run "
            "pipelines. Set API_KEY, or HOST=127.0.0.1."
        )
    if wide and settings.secret_key == DEV_SECRET:
        found.append(
            f"HOST is {settings.host} and SECRET_KEY is the public default: anyone can sign "
            "download URLs. Set SECRET_KEY."
        )
    if settings.llm_provider == "gemini" and not settings.gemini_api_key:
        # No fault: a server whose workers are elsewhere does not need to know the key.
        found.append(
            "LLM_PROVIDER is gemini and GEMINI_API_KEY is empty: LLM blocks that run here fail. "
            "Set GEMINI_API_KEY where the worker runs."
        )
    found += cleartext_warning(settings)
    return found


def production_faults(settings: "Settings") -> list[Fault]:
    """What a server that strangers reach must not leave as it comes."""
    if settings.headrace_env != "production":
        return []
    faults = []
    if settings.secret_key == DEV_SECRET:
        faults.append(
            Fault(name="SECRET_KEY", message="production wants a key of your own, not dev-secret")
        )
    if not settings.api_key:
        faults.append(Fault(name="API_KEY", message="production wants a key"))
    return faults


def store_faults(settings: "Settings", env_file: Path | None) -> list[Fault]:
    """What is said of the object store and would not be heeded."""
    faults = []
    if settings.artifacts_public_url and not settings.artifacts_url.startswith("s3://"):
        words = "wants an ARTIFACTS_URL that begins with s3://; others sign for their own address"
        faults.append(Fault(name="ARTIFACTS_PUBLIC_URL", message=words))
    if settings.artifacts_url and env_file is not None and env_file.is_file():
        words = "stands in .env, where the object store's library does not look: put it into the "
        words += "environment"
        faults += [
            Fault(name=name, message=words)
            for name in dotenv_values(env_file, encoding="utf-8")
            if name.startswith(STORE_PREFIXES) and name not in os.environ
        ]
    return faults
