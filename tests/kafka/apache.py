"""Apache Kafka itself: one node (KRaft), from the jars that Maven brings, on a free loopback port.

It keeps its log in a folder, and so can be killed and started again over the same log and port.
"""

import fcntl
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.system.ports import free_port

VERSION: Final = "4.1.0"
PATIENCE_SECONDS: Final = 90
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "headrace"
_CLUSTER: Final = "MkU3OEVBNTcwNTJENDM2Qk"
_POM: Final = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>headrace</groupId><artifactId>broker</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""
_JAVA: Final = (
    "java",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+PerfDisableSharedMem",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
)


def jars() -> Path | None:
    """The folder of the jars, fetched once a machine; None where Java or Maven is missing.

    TEST_BROKER=tansu does as if they were.
    """
    if os.environ.get("TEST_BROKER") == "tansu":
        return None
    if shutil.which("java") is None or shutil.which("mvn") is None:
        return None
    home = CACHE / f"kafka-{VERSION}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            (home / "pom.xml").write_text(_POM)
            made = subprocess.run(
                [
                    "mvn",
                    "-B",
                    "-q",
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={home / 'jars'}",
                    "-DincludeScope=runtime",
                ],
                cwd=home,
                capture_output=True,
                timeout=600,
            )
            if made.returncode:
                return None
            (home / "complete").touch()
    return home / "jars"


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Listeners beside the plain one: their protocol by name, their addresses, how each lets in."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    advertised: Mapping[str, str] = field(default_factory=dict)
    protocols: Mapping[str, str] = field(default_factory=dict)
    config: str = ""
    format_arguments: tuple[str, ...] = ()


class ApacheKafka:
    """A broker over a folder of its own; `start`, `kill` and `start` again."""

    name = "Apache Kafka"
    keeps_its_log = True

    def __init__(
        self, jars: Path, folder: Path, *, partitions: int = 3, doors: Doors | None = None
    ) -> None:
        self._java = (*_JAVA, "-cp", f"{jars}/*")
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        port, controller = free_port(), free_port()
        self.bootstrap = f"127.0.0.1:{port}"
        folder.mkdir(parents=True)
        self._config = folder / "server.properties"
        more = doors or Doors()
        self._config.write_text(_config(folder / "log", port, controller, partitions, more))
        made = ("-t", _CLUSTER, "-c", str(self._config))
        self._run("kafka.tools.StorageTool", "format", *made, *more.format_arguments)

    def start(self) -> None:
        """Returns when it serves."""
        self._process = subprocess.Popen(
            [*self._java, "kafka.Kafka", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        up = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, up), daemon=True).start()
        assert up.wait(PATIENCE_SECONDS), "the broker did not start"
        assert self._process.poll() is None, "the broker ended"

    def kill(self) -> None:
        """`kill -9`, waited for; nothing where it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(PATIENCE_SECONDS)

    @staticmethod
    def _listen(process: subprocess.Popen[str], up: threading.Event) -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                if "Kafka Server started" in line:
                    up.set()
        up.set()

    def _run(self, *command: str) -> None:
        subprocess.run(
            [*self._java, *command], check=True, capture_output=True, timeout=PATIENCE_SECONDS
        )


def _config(log: Path, port: int, controller: int, partitions: int, doors: Doors) -> str:
    plain = {"PLAINTEXT": f"127.0.0.1:{port}"}
    control = {"CONTROLLER": f"127.0.0.1:{controller}"}
    protocols = {"CONTROLLER": "PLAINTEXT", "PLAINTEXT": "PLAINTEXT", **doors.protocols}
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners={_listeners({**plain, **doors.addresses, **control})}
advertised.listeners={_listeners({**plain, **doors.addresses, **doors.advertised})}
controller.listener.names=CONTROLLER
listener.security.protocol.map={",".join(f"{name}:{how}" for name, how in protocols.items())}
inter.broker.listener.name=PLAINTEXT
log.dirs={log}
num.partitions={partitions}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
# A broker that was killed is let in again at once.
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
{doors.config}"""


def _listeners(addresses: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in addresses.items())
