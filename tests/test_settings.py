"""The settings: their sources, their defaults, and everything that is refused."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from headrace.settings import (
    Settings,
    SettingsInvalid,
    load_settings,
    unsupported,
    warnings,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any setting, in an empty folder."""
    for name in [*Settings.model_fields, "test_database_url"]:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def outside_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")


def faults_of(action: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(SettingsInvalid) as caught:
        action()
    return {fault.name: fault.message for fault in caught.value.faults}


def test_an_empty_environment_gives_the_defaults(outside_pytest: None) -> None:
    settings = load_settings()
    assert settings.app_name == "pipeline-orchestrator"
    assert settings.sqlite_path == Path("data/db.sqlite3")
    assert settings.rate_limit_per_minute == 120
    assert settings.rate_limit_paths == ("/health",)
    assert settings.cors_allow_origins == ("http://localhost:5173", "http://localhost:8080")
    assert settings.allowed_roots == (Path("data"), Path("data/artifacts"))
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert settings.worker_concurrency >= 1
    assert settings.llm_mock == {}


def test_the_settings_cannot_change_after_the_start() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc] # the very thing that is refused


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(
    outside_pytest: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nAPP_NAME=from the file\n")
    monkeypatch.setenv("PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.app_name) == (9002, "from the file")


def test_an_empty_value_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "ALLOWED_HOSTS", "LLM_MOCK", "STREAM_BACKEND"):
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


def test_lists_and_objects_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_MODULES", '["mine.blocks", "tools"]')
    monkeypatch.setenv("ALLOWED_ROOTS", '["/srv/a"]')
    monkeypatch.setenv("LLM_MOCK", '{"latency_ms": 5, "rate_limit_every": 0.5}')
    settings = load_settings()
    assert settings.python_modules == ("mine.blocks", "tools")
    assert settings.allowed_roots == (Path("/srv/a"),)
    assert settings.llm_mock == {"latency_ms": 5, "rate_limit_every": 0.5}


def test_hosts_that_are_answered_follow_host_and_public_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOST", "::")
    monkeypatch.setenv("PUBLIC_URL", "https://Runs.example.org:8443/base/")
    settings = load_settings()
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]", "[::]", "runs.example.org")
    assert settings.public_url == "https://Runs.example.org:8443/base"


class TestUnderPytest:
    def test_the_database_is_another_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert load_settings().sqlite_path == Path("data/db.test.sqlite3")
        monkeypatch.setenv("SQLITE_PATH", "/srv/kept")
        assert load_settings().sqlite_path == Path("/srv/kept.test")

    def test_a_name_that_already_says_test_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SQLITE_PATH", "x/db.test.sqlite3")
        assert load_settings().sqlite_path == Path("x/db.test.sqlite3")

    def test_the_file_is_not_read(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("PORT=9001\n")
        assert load_settings().port == 8000

    def test_a_database_server_is_named_by_its_own_variable_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://kept/db")
        assert Settings().database_url == ""
        assert Settings().database == Settings().sqlite_path
        monkeypatch.setenv("TEST_DATABASE_URL", "postgresql+asyncpg://scratch/db")
        assert Settings().database == "postgresql+asyncpg://scratch/db"

    def test_children_of_a_test_see_it_too(self) -> None:
        code = "from headrace.settings import load_settings; print(load_settings().sqlite_path)"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert result.stdout.strip() == "data/db.test.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "99999", "up to 65535"),
        ("PORT", "eighty", "a whole number"),
        ("GRAPHIQL", "perhaps", "true or false"),
        ("LEASE_SECONDS", "0", "a number from 0.2"),
        ("STREAM_BACKEND", "rabbit", "'none' or 'kafka'"),
        ("CORS_ALLOW_ORIGINS", "http://localhost", "a JSON list"),
        ("CORS_ALLOW_ORIGINS", '["http://localhost/path"]', "without a path"),
        ("ALLOWED_HOSTS", '["localhost:8000"]', "without a port"),
        ("TRUSTED_PROXIES", '["nginx"]', "addresses or networks"),
        ("RATE_LIMIT_PATHS", '["health"]', 'begin with "/"'),
        ("PYTHON_MODULES", '["mine-blocks"]', "module names"),
        ("PUBLIC_URL", "example.org", "an address like https://"),
        ("LLM_MOCK", "[]", "a JSON object"),
        ("LLM_MOCK", '{"latency": 1}', "'latency' is none of them"),
        ("LLM_MOCK", '{"latency_ms": -1}', "latency_ms is -1"),
        ("ALLOWED_ROOTS", "[1]", "a JSON list of strings"),
    ],
)
def test_a_fault_names_the_setting_and_what_it_wants(
    name: str, value: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    faults = faults_of(load_settings)
    assert list(faults) == [name]
    assert wanted in faults[name]


def test_every_fault_is_told_at_once(
    outside_pytest: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SQLITE_PAHT=x\nCOMPOSE_PROJECT_NAME=mine\n")
    monkeypatch.setenv("HEADRACE_ENV", "production")
    monkeypatch.setenv("PORT", "no")
    monkeypatch.setenv("WORKER_CONCURRENCY", "0")
    monkeypatch.setenv("WAKEUPS", "kafka")
    monkeypatch.setenv("HEADRACE_URI", "http://localhost")
    faults = faults_of(load_settings)
    assert set(faults) == {
        "SQLITE_PAHT",
        "HEADRACE_URI",
        "PORT",
        "WORKER_CONCURRENCY",
        "SECRET_KEY",
        "API_KEY",
        "WAKEUPS",
    }
    assert "SQLITE_PATH" in faults["SQLITE_PAHT"]
    assert "HEADRACE_URL" in faults["HEADRACE_URI"]


def test_a_cluster_that_names_its_service_headrace_is_no_misspelling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEADRACE_PORT", "tcp://10.0.0.1:8000")
    monkeypatch.setenv("HEADRACE_SERVICE_HOST", "10.0.0.1")
    load_settings()


def test_the_value_of_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_PREVIOUS", "hunter2")
    assert "hunter2" not in str(faults_of(load_settings))
    monkeypatch.delenv("SECRET_KEY_PREVIOUS")
    monkeypatch.setenv("API_KEY", "hunter2")
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize(
    "url", ["s3://bucket", "s3://a.bucket/some/prefix/", "gs://b-1/p", "az://box"]
)
def test_an_object_store_is_named_by_its_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTS_URL", url)
    assert load_settings().artifacts_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["s3:bucket", "s3://", "s3://ab", "s3://key:hunter2@bucket", "s3://b?c=hunter2", "/data"]
)
def test_what_is_no_address_of_an_object_store_is_refused_and_not_repeated(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTIFACTS_URL", url)
    faults = faults_of(load_settings)
    assert list(faults) == ["ARTIFACTS_URL"]
    assert "s3://bucket/prefix" in faults["ARTIFACTS_URL"]
    assert "hunter2" not in str(faults)


@pytest.mark.parametrize("url", ["", "gs://bucket/p"])
def test_only_an_s3_store_has_a_public_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTS_URL", url)
    monkeypatch.setenv("ARTIFACTS_PUBLIC_URL", "https://files.example.org")
    assert list(faults_of(load_settings)) == ["ARTIFACTS_PUBLIC_URL"]


def test_the_variables_of_an_object_store_are_not_looked_for_in_the_file(
    outside_pytest: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ARTIFACTS_URL=s3://bucket\nAWS_SECRET_ACCESS_KEY=hunter2\n")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    faults = faults_of(load_settings)
    assert list(faults) == ["AWS_SECRET_ACCESS_KEY"]
    assert "environment" in faults["AWS_SECRET_ACCESS_KEY"]
    assert "hunter2" not in str(faults)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    assert load_settings().artifacts_url == "s3://bucket"


def test_production_with_keys_of_its_own_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", "a" * 32)
    monkeypatch.setenv("API_KEY", "b" * 32)
    assert load_settings().headrace_env == "production"


def test_hints_by_kafka_want_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEUPS", "kafka")
    faults = faults_of(load_settings)
    assert list(faults) == ["WAKEUPS"]
    assert "STREAM_BACKEND=kafka" in faults["WAKEUPS"]
    monkeypatch.setenv("STREAM_BACKEND", "kafka")
    assert load_settings().wakeups == "kafka"


@pytest.mark.parametrize(
    "value", ["mysql://me:s3cret@host/db", "postgresql+asyncpg://me:s3cret@host", "s3cret"]
)
def test_a_database_that_is_not_postgresql_is_refused_without_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", value)
    faults = faults_of(load_settings)
    assert list(faults) == ["DATABASE_URL"]
    assert "postgresql+asyncpg://user@host/name" in faults["DATABASE_URL"]
    assert "s3cret" not in faults["DATABASE_URL"]


def test_ray_is_taken_where_it_is_installed_and_else_says_how(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXECUTOR", "ray")
    monkeypatch.setattr("headrace.settings_rules.find_spec", lambda name: None)
    faults = faults_of(load_settings)
    assert faults == {"EXECUTOR": "Ray is not installed: pip install 'headrace[ray]'"}
    monkeypatch.setattr("headrace.settings_rules.find_spec", lambda name: object())
    assert load_settings().executor == "ray"


def test_a_worker_is_no_client_of_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "ray://127.0.0.1:10001")
    assert "without ray://" in faults_of(load_settings)["RAY_ADDRESS"]


def test_the_defaults_ask_for_nothing_that_is_missing() -> None:
    assert unsupported(Settings()) == []


@pytest.mark.parametrize(
    ("host", "key", "count"),
    [("127.0.0.1", "", 0), ("::1", "", 0), ("0.0.0.0", "", 2), ("0.0.0.0", "k", 1)],
)
def test_an_address_for_all_without_a_key_is_warned_of(host: str, key: str, count: int) -> None:
    assert len(warnings(Settings(host=host, api_key=key))) == count


@pytest.mark.parametrize(("key", "count"), [("", 1), ("k", 0)])
def test_gemini_without_a_key_is_warned_of_and_starts_all_the_same(
    key: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server whose workers are elsewhere has no use for the key; the block says it clearly."""
    monkeypatch.setenv("LLM_PROVIDER", "gemini")
    monkeypatch.setenv("GEMINI_API_KEY", key)
    found = warnings(load_settings())
    assert len(found) == count
    assert all("GEMINI_API_KEY" in warning for warning in found)


class TestWhatIsWrittenAboutThem:
    def test_the_example_file_lists_every_setting(self) -> None:
        names = [line.split("=")[0] for line in _assignments()]
        assert names == [name.upper() for name in Settings.model_fields]

    def test_the_example_file_is_the_defaults(self, outside_pytest: None, tmp_path: Path) -> None:
        bare = load_settings()
        (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
        assert load_settings() == bare

    def test_the_example_file_means_the_same_to_readers_that_know_no_quotes(self) -> None:
        plain = dict(line.split("=", 1) for line in _assignments())
        assert plain == dotenv_values(ROOT / ".env.example")

    def test_every_setting_says_what_it_means(self) -> None:
        page = (ROOT / "docs" / "reference" / "settings.md").read_text()
        for name, field in Settings.model_fields.items():
            assert field.description
            assert f"| {name.upper()} |" in page

    def test_the_generated_files_are_fresh(self) -> None:
        script = ROOT / "scripts" / "settings_reference.py"
        result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr


def _assignments() -> list[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
