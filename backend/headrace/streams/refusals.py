"""What a failed connection says of the settings, in words that go on after "The broker at …"."""

import asyncio
import ssl
from collections.abc import Iterator
from typing import Final

from aiokafka.errors import (
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from headrace.streams.security import Security

# OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH.
_OTHER_NAME: Final = {62, 64}


def refusal(error: BaseException, security: Security) -> str | None:
    """Why a broker, or our side, will not go on as things are; None where that is not certain."""
    for each in _chain(error):
        words = _of_sasl(each, security) or _of_tls(each)
        if words is not None:
            return words
    return None


def _of_sasl(error: BaseException, security: Security) -> str | None:
    match error:
        case SaslAuthenticationFailed():
            return (
                f"refuses the user {security.username!r}: look at KAFKA_SASL_USERNAME, "
                "KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM"
            )
        case UnsupportedSaslMechanismError():
            return f"does not take KAFKA_SASL_MECHANISM={security.mechanism}: set another"
        case IllegalSaslStateError():
            plain = security.protocol.removeprefix("SASL_")
            return f"asks for no user: set KAFKA_SECURITY_PROTOCOL={plain}"
    return None


def _of_tls(error: BaseException) -> str | None:
    match error:
        case ssl.SSLCertVerificationError() if error.verify_code in _OTHER_NAME:
            return (
                "has a certificate for another name: KAFKA_BOOTSTRAP, and what the brokers "
                "advertise, must be names that stand in it"
            )
        case ssl.SSLCertVerificationError():
            return (
                f"has a certificate that is not trusted ({error.verify_message}): "
                "KAFKA_SSL_CAFILE must hold the authority that signed it"
            )
        case ssl.SSLError() if "ALERT" in (error.reason or ""):
            return (
                f"ends the TLS handshake ({error.reason}): it wants a client's certificate that "
                "it trusts, see KAFKA_SSL_CERTFILE"
            )
    return None


def hint(error: BaseException, security: Security) -> str | None:
    """What may be wrong where a broker took the connection and then said nothing for it."""
    for each in _chain(error):
        if isinstance(each, ssl.SSLError | ConnectionResetError | asyncio.IncompleteReadError):
            return (
                "one closed the connection: it may want another KAFKA_SECURITY_PROTOCOL than "
                f"{security.protocol}"
            )
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
