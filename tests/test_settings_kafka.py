"""The settings that reach Kafka's brokers: what does not fit stops the start, with its name."""

from pathlib import Path

import pytest

from headrace.services.streams import security_of
from headrace.settings import load_settings, warnings
from tests.kafka.certificates import Authority
from tests.test_settings import faults_of

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "use-kafka.md"
SASL_SSL = {
    "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KAFKA_SASL_USERNAME": "me",
    "KAFKA_SASL_PASSWORD": "hunter2",
}


def given(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    monkeypatch.setenv("STREAM_BACKEND", "kafka")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("settings", "name", "says"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL", "'SASL_SSL'"),
        ({**SASL_SSL, "KAFKA_SASL_MECHANISM": "GSSAPI"}, "KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"),
        ({**SASL_SSL, "KAFKA_SASL_PASSWORD": ""}, "KAFKA_SASL_PASSWORD", "SASL_SSL wants one"),
        ({**SASL_SSL, "KAFKA_SASL_USERNAME": ""}, "KAFKA_SASL_USERNAME", "SASL_SSL wants one"),
        ({"KAFKA_SASL_PASSWORD": "hunter2"}, "KAFKA_SASL_PASSWORD", "set SASL_SSL there"),
        ({"KAFKA_SASL_USERNAME": "me"}, "KAFKA_SASL_USERNAME", "PROTOCOL=PLAINTEXT"),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"},
            "KAFKA_SASL_MECHANISM",
            "PROTOCOL=SSL: set SASL_SSL",
        ),
        ({"KAFKA_SSL_CAFILE": "ca.pem"}, "KAFKA_SSL_CAFILE", "set SSL there, or leave this out"),
        (
            {**SASL_SSL, "KAFKA_SSL_KEYFILE": "key.pem"},
            "KAFKA_SSL_KEYFILE",
            "wants KAFKA_SSL_CERTFILE",
        ),
        (
            {**SASL_SSL, "KAFKA_SSL_KEY_PASSWORD": "hunter2"},
            "KAFKA_SSL_KEY_PASSWORD",
            "wants KAFKA_SSL_CERTFILE",
        ),
    ],
)
def test_what_contradicts_itself_is_named(
    settings: dict[str, str], name: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, **settings)
    faults = faults_of(load_settings)
    assert list(faults) == [name]
    assert says in faults[name]
    assert "hunter2" not in faults[name]


def test_files_that_fit_start_and_others_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "authority")
    both = authority.signs("client", password="hunter2")
    text = both.read_text()
    cut = text.index("-----BEGIN CERTIFICATE")
    (tmp_path / "key.pem").write_text(text[:cut])
    (tmp_path / "cert.pem").write_text(text[cut:])
    (tmp_path / "other.pem").write_text(authority.signs("other").read_text())
    monkeypatch.chdir(tmp_path)
    fits = {
        "KAFKA_SSL_CAFILE": "authority.pem",
        "KAFKA_SSL_CERTFILE": "cert.pem",
        "KAFKA_SSL_KEYFILE": "key.pem",
        "KAFKA_SSL_KEY_PASSWORD": "hunter2",
    }
    given(monkeypatch, KAFKA_SECURITY_PROTOCOL="SSL", **fits)
    settings = load_settings()
    assert security_of(settings).ca_file == str(tmp_path / "authority.pem")
    for shown in (settings, security_of(settings)):
        assert "hunter2" not in repr(shown)
    for name, value, fault in (
        ("KAFKA_SSL_CAFILE", "gone.pem", "KAFKA_SSL_CAFILE"),
        ("KAFKA_SSL_CAFILE", "key.pem", "KAFKA_SSL_CAFILE"),
        ("KAFKA_SSL_CERTFILE", "gone.pem", "KAFKA_SSL_CERTFILE"),
        ("KAFKA_SSL_KEYFILE", "gone.pem", "KAFKA_SSL_KEYFILE"),
        ("KAFKA_SSL_KEYFILE", "other.pem", "KAFKA_SSL_KEYFILE"),
        ("KAFKA_SSL_KEY_PASSWORD", "", "KAFKA_SSL_KEYFILE"),
    ):
        given(monkeypatch, **{**fits, name: value})
        faults = faults_of(load_settings)
        assert list(faults) == [fault]
        assert "hunter2" not in faults[fault]
        if value:
            assert value in faults[fault]
    # Without streaming nothing reads them.
    monkeypatch.setenv("STREAM_BACKEND", "none")
    load_settings()


def test_the_example_of_the_page_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    example = PAGE.read_text(encoding="utf-8").partition("## Brokers that want TLS")[2]
    lines = example.partition("```sh\n")[2].partition("```")[0].splitlines()
    given(monkeypatch, **dict(line.split("=", 1) for line in lines if not line.startswith("#")))
    assert security_of(load_settings()).protocol == "SASL_SSL"


@pytest.mark.parametrize(
    ("protocol", "mechanism", "count"),
    [
        ("SASL_PLAINTEXT", "PLAIN", 1),
        ("SASL_PLAINTEXT", "SCRAM-SHA-256", 0),
        ("SASL_SSL", "PLAIN", 0),
    ],
)
def test_a_password_in_clear_text_is_warned_of(
    protocol: str, mechanism: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured = {**SASL_SSL, "KAFKA_SECURITY_PROTOCOL": protocol}
    given(monkeypatch, **secured, KAFKA_SASL_MECHANISM=mechanism)
    found = warnings(load_settings())
    assert len(found) == count
    assert "hunter2" not in str(found)
