"""Strawberry's decorators, taking descriptions from where they are written anyway: docstrings.

The schema describes every type and field, and a description that stands twice soon says two things.
A class's docstring describes its type, a resolver's its field; a plain attribute has
`field(description=…)`, and an enum, whose class belongs to the domain, its words beside it.
"""

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.enum import StrawberryEnumDefinition
from typing_extensions import dataclass_transform

C = TypeVar("C", bound=type)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def object_type(cls: C) -> C:
    """A GraphQL object type that its docstrings describe."""
    return _described(strawberry.type(cls, description=_words(cls)))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def interface_type(cls: C) -> C:
    """A GraphQL interface that its docstrings describe."""
    return _described(strawberry.interface(cls, description=_words(cls)))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def input_type(cls: C) -> C:
    """A GraphQL input object that its docstring describes."""
    return strawberry.input(cls, description=_words(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def choice_type(cls: C) -> C:
    """A GraphQL input object of which exactly one field is given."""
    return strawberry.input(cls, description=_words(cls), one_of=True)


def named(name: str) -> Callable[[C], C]:
    """Gives a decorated type a name in the schema that is not its class's; stands outermost."""

    def rename(cls: C) -> C:
        _definition(cls).name = name
        return cls

    return rename


def describe_enum(
    cls: type[Enum], description: str, values: Mapping[str, str], *, name: str | None = None
) -> None:
    """Makes a domain's enum a GraphQL enum; each value needs its words, and no other has any."""
    strawberry.enum(cls, name=name, description=description)
    definition: StrawberryEnumDefinition = cls.__strawberry_definition__  # type: ignore[attr-defined] # set by the line above
    assert values.keys() == {value.name for value in definition.values}, cls
    for value in definition.values:
        value.description = values[value.name]


def _described(cls: C) -> C:
    for field in _definition(cls).fields:
        if field.description is None and field.base_resolver is not None:
            field.description = _words(field.base_resolver.wrapped_func)
    return cls


def _definition(cls: type) -> StrawberryObjectDefinition:
    definition: StrawberryObjectDefinition = cls.__strawberry_definition__  # type: ignore[attr-defined] # Strawberry sets it
    return definition


def _words(documented: object) -> str | None:
    """A docstring with its paragraphs, and without the line breaks that are the code's."""
    words = inspect.getdoc(documented)
    return words and "\n\n".join(" ".join(part.split()) for part in words.split("\n\n"))
