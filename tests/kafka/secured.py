"""Apache Kafka with doors: one broker, a listener for each way in, and access by user.

`headrace` may do all, `guest` is known and may do nothing. Whoever comes by the plain listener is
the test.
"""

from pathlib import Path
from typing import Final

from tests.kafka.apache import ApacheKafka, Doors
from tests.kafka.certificates import Authority
from tests.system.ports import free_port

USER: Final = "headrace"
PASSWORD: Final = "s3cret=of the user"
GUEST: Final = "guest"
KEY_PASSWORD: Final = "k3y-password"
_USERS: Final = (USER, GUEST)
_PROTOCOLS: Final = ("SASL_SSL", "SSL", "SASL_PLAINTEXT")
_JAAS: Final = "org.apache.kafka.common.security"


class SecuredKafka(ApacheKafka):
    """`at` has the address of each protocol; `lost` is one that advertises another name."""

    def __init__(self, jars: Path, folder: Path) -> None:
        files = folder.with_name("certificates")
        files.mkdir()
        self.authority = Authority(files, "authority")
        self.stranger = Authority(files, "stranger")
        self.client = self.authority.signs(USER, password=KEY_PASSWORD)
        own = self.authority.signs("broker", "127.0.0.1")
        self.at = {name: f"127.0.0.1:{free_port()}" for name in _PROTOCOLS}
        self.lost = f"127.0.0.1:{free_port()}"
        port = self.lost.partition(":")[2]
        doors = Doors(
            addresses={**self.at, "LOST": self.lost},
            advertised={"LOST": f"localhost:{port}"},  # which stands in no certificate
            protocols={**{name: name for name in _PROTOCOLS}, "LOST": "SASL_SSL"},
            config=_config(own, self.authority.file),
            format_arguments=tuple(
                argument
                for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
                for user in _USERS
                for argument in ("-S", f'{mechanism}=[name="{user}",password="{PASSWORD}"]')
            ),
        )
        super().__init__(jars, folder, doors=doors)


def _config(own: Path, authority: Path) -> str:
    known = " ".join(f'user_{user}="{PASSWORD}"' for user in _USERS)
    lines = [
        "ssl.keystore.type=PEM",
        f"ssl.keystore.location={own}",
        "ssl.truststore.type=PEM",
        f"ssl.truststore.location={authority}",
        "listener.name.ssl.ssl.client.auth=required",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        f"super.users=User:ANONYMOUS;User:{USER};User:CN={USER}",
    ]
    for name in ("sasl_ssl", "lost", "sasl_plaintext"):
        # One of its mechanisms is missing in one place.
        scram = (
            ("SCRAM-SHA-256",) if name == "sasl_plaintext" else ("SCRAM-SHA-256", "SCRAM-SHA-512")
        )
        listener = f"listener.name.{name}"
        lines.append(f"{listener}.sasl.enabled.mechanisms={','.join(('PLAIN', *scram))}")
        lines.append(
            f"{listener}.plain.sasl.jaas.config={_JAAS}.plain.PlainLoginModule required {known};"
        )
        lines += [
            f"{listener}.{each.lower()}.sasl.jaas.config={_JAAS}.scram.ScramLoginModule required;"
            for each in scram
        ]
    return "\n".join(lines) + "\n"
