"""Every document of the command line is one that the API of this version answers."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from headrace.cli import documents

SCHEMA = Path(__file__).resolve().parents[2] / "schema.graphql"
DOCUMENTS = {
    name: text
    for name, text in vars(documents).items()
    if isinstance(text, str) and text.lstrip().startswith(("query", "mutation", "subscription"))
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_the_schema(name: str, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(DOCUMENTS[name])) == []
