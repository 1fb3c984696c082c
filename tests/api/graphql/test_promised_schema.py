"""The schema holds what was promised to clients, describes all of itself, and is exported.

`promised.graphql` lists types, fields, arguments, nullability, defaults and enum values that
clients are written against. The schema may have more; a name that changes or goes breaks a client.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    Node,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from headrace.api.errors import Code
from headrace.api.graphql.schema import build_schema, schema_text
from headrace.domain import documents
from headrace.store.reads.keyset import DEFAULT_PAGE, MAX_LONG_PAGE, MAX_PAGE

PROMISED = parse(Path(__file__).with_name("promised.graphql").read_text())
EXPORTED = Path(__file__).parents[3] / "schema.graphql"


def words(node: Node | None) -> str | None:
    return None if node is None else print_ast(node)


def names(nodes: Any) -> list[str]:
    return sorted(each.name.value for each in nodes or ())


def shapes(document: DocumentNode) -> dict[str, Any]:
    """For every definition and every field and argument in it what a client relies on."""
    found: dict[str, Any] = {}
    for node in document.definitions:
        name = node.name.value  # type: ignore[attr-defined] # every definition here has a name
        parts: dict[str, Any] = {kind: getattr(node, kind, ()) for kind in ("fields", "values")}
        found[name] = (node.kind, names(getattr(node, "interfaces", ())))
        found.update({f"{name} {value}": () for value in names(parts["values"])})
        found.update({f"{name} = {member}": () for member in names(getattr(node, "types", ()))})
        for field in parts["fields"] or ():
            place = f"{name}.{field.name.value}"
            found[place] = (words(field.type), words(getattr(field, "default_value", None)))
            for argument in getattr(field, "arguments", None) or ():
                where = f"{place}({argument.name.value})"
                found[where] = (words(argument.type), words(argument.default_value))
    return found


def test_every_promised_name_is_there_as_promised() -> None:
    promised, built = shapes(PROMISED), shapes(parse(schema_text()))
    assert len(promised) > 500
    assert {name: built.get(name) for name in promised} == promised


def test_a_union_has_no_member_that_was_not_promised() -> None:
    """A client that handles every member would meet one that it has never heard of."""
    promised, built = shapes(PROMISED), shapes(parse(schema_text()))
    assert {name for name in built if " = " in name} == {name for name in promised if " = " in name}


def own_types() -> list[GraphQLNamedType]:
    return [
        each
        for each in build_schema()._schema.type_map.values()
        if not is_introspection_type(each) and not is_specified_scalar_type(each)
    ]


@pytest.mark.parametrize("each", own_types(), ids=lambda each: str(each.name))
def test_everything_is_described(each: GraphQLNamedType) -> None:
    described = {each.name: each.description}
    if isinstance(each, GraphQLEnumType):
        described.update({name: value.description for name, value in each.values.items()})
    if isinstance(each, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        described.update({name: field.description for name, field in each.fields.items()})
    if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in each.fields.items():
            for argument, detail in field.args.items():
                described[f"{name}({argument})"] = detail.description
    assert [place for place, description in described.items() if not description] == []


def test_the_exported_schema_is_the_one_that_is_served() -> None:
    """`make schema` writes it."""
    assert EXPORTED.read_text() == schema_text()


def test_the_export_does_not_depend_on_the_process() -> None:
    """Sets and dictionaries in another order must give the same file."""
    export = "import headrace.api.graphql.schema as it; print(it.schema_text(), end='')"
    found = subprocess.run(
        [sys.executable, "-c", export],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == schema_text()


def test_what_holds_everywhere_is_said_at_the_roots() -> None:
    """Codes, bounds and transports belong to no one field: a client's author reads them here."""
    described = {each.name: each.description or "" for each in own_types()}
    assert [code for code in Code if code not in described["Query"]] == []
    for limit in (DEFAULT_PAGE, MAX_PAGE, MAX_LONG_PAGE):
        assert f" {limit} " in re.sub(r"[^\w ]", " ", described["Query"])
    for path in ("/graphql", "/health", "/ready", "/metrics", "/artifacts/{id}/download"):
        assert path in described["Query"]
    streams = described["Subscription"]
    fields = build_schema()._schema.subscription_type
    assert fields is not None
    assert [name for name in fields.fields if f"`{name}`" not in streams] == []
    assert f"{documents.MAX_BLOCKS:,} blocks" in described["PipelineInput"]
    assert f"{documents.MAX_EDGES:,} edges" in described["PipelineInput"]
    assert f"{documents.MAX_PARAMS} params" in described["PipelineInput"]
