"""Whether the settings that reach Kafka's brokers fit each other, and whether their files do."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from headrace.settings_faults import Fault

if TYPE_CHECKING:
    from headrace.settings import Settings

_OF_SASL: Final = ("kafka_sasl_username", "kafka_sasl_password")
_OF_TLS: Final = (
    "kafka_ssl_cafile",
    "kafka_ssl_certfile",
    "kafka_ssl_keyfile",
    "kafka_ssl_key_password",
)


def kafka_faults(settings: "Settings") -> list[Fault]:
    """What contradicts itself or is missing; files are opened where streaming is on."""
    protocol = settings.kafka_security_protocol
    tls, sasl = protocol.endswith("SSL"), protocol.startswith("SASL_")
    faults = []
    for name in _OF_SASL:
        given = bool(getattr(settings, name))
        if sasl and not given:
            faults.append(_fault(name, f"KAFKA_SECURITY_PROTOCOL={protocol} wants one"))
        if given and not sasl:
            faults.append(_useless(name, protocol, "SASL_SSL"))
    if settings.kafka_sasl_mechanism != "PLAIN" and not sasl:
        faults.append(_useless("kafka_sasl_mechanism", protocol, "SASL_SSL"))
    given_files = [name for name in _OF_TLS if getattr(settings, name)]
    if not tls:
        secured = "SASL_SSL" if sasl else "SSL"
        faults += [_useless(name, protocol, secured) for name in given_files]
    if "kafka_ssl_certfile" not in given_files:
        words = "wants KAFKA_SSL_CERTFILE, the certificate of that key"
        faults += [_fault(name, words) for name in given_files if "_key" in name]
    if tls and settings.stream_backend == "kafka" and not faults:
        faults += _file_faults(settings)
    return faults


def cleartext_warning(settings: "Settings") -> list[str]:
    """A password that everybody on the way can read is allowed, and still unwise."""
    words = (
        "KAFKA_SECURITY_PROTOCOL is SASL_PLAINTEXT: the brokers are told the password in clear "
        "text. Set SASL_SSL, or a KAFKA_SASL_MECHANISM that begins with SCRAM."
    )
    clear = ("SASL_PLAINTEXT", "PLAIN")
    asked = (settings.kafka_security_protocol, settings.kafka_sasl_mechanism)
    return [words] if asked == clear else []


def _file_faults(settings: "Settings") -> list[Fault]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    faults = []
    if ca := settings.kafka_ssl_cafile:
        faults += _tried("kafka_ssl_cafile", ca, lambda: context.load_verify_locations(ca))
    if cert := settings.kafka_ssl_certfile:
        key, password = settings.kafka_ssl_keyfile, settings.kafka_ssl_key_password
        missing = [
            _fault(name, f"there is no file {path}")
            for name, path in (("kafka_ssl_certfile", cert), ("kafka_ssl_keyfile", key))
            if path and not Path(path).is_file()
        ]
        # The password is given even where it is empty: OpenSSL would ask people for one.
        faults += missing or _tried(
            "kafka_ssl_keyfile" if key else "kafka_ssl_certfile",
            key or cert,
            lambda: context.load_cert_chain(cert, key or None, lambda: password),
        )
    return faults


def _tried(name: str, path: str, load: Callable[[], object]) -> list[Fault]:
    wanted = "PEM certificates"
    if name != "kafka_ssl_cafile":
        wanted = "a key in PEM that fits the certificate, and KAFKA_SSL_KEY_PASSWORD if it has one"
    try:
        load()
    except ssl.SSLError:
        return [_fault(name, f"wants {wanted}; {path} does not do")]
    except OSError as error:
        return [_fault(name, f"{path} cannot be read: {error.strerror}")]
    return []


def _useless(name: str, protocol: str, wanted: str) -> Fault:
    return _fault(
        name,
        f"is of no use with KAFKA_SECURITY_PROTOCOL={protocol}: set {wanted} there, or leave this "
        "out",
    )


def _fault(name: str, message: str) -> Fault:
    return Fault(name=name.upper(), message=message)
