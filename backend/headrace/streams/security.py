"""How brokers are reached: in plain text or by TLS, and as whom."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Protocol: TypeAlias = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism: TypeAlias = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class Security(BaseModel):
    """In Kafka's own words; by default plain text, and nobody. It crosses to a block's process.

    Files are absolute paths, "" for none. Without `ca_file` the machine's own authorities count.
    What is secret stays out of `repr` and so out of logs.
    """

    model_config = ConfigDict(frozen=True)

    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "PLAIN"
    username: str = ""
    password: str = Field(default="", repr=False)
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    key_password: str = Field(default="", repr=False)

    @property
    def tls(self) -> bool:
        """Whether connections are encrypted, and brokers prove who they are."""
        return self.protocol in {"SSL", "SASL_SSL"}

    @property
    def sasl(self) -> bool:
        """Whether brokers are told a user and a password."""
        return self.protocol in {"SASL_PLAINTEXT", "SASL_SSL"}
