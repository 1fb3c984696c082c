"""A Gemini on loopback for every test that wants one."""

from collections.abc import Iterator

import pytest

from tests.llm.gemini_server import GeminiServer


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as made:
        yield made
