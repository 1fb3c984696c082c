"""Documents: parsed, bounded and validated once, kept by their text.

What is kept is bounded by the characters of the texts, since the tree of a document is some
hundred times its text; texts beyond MAX_KEPT_LENGTH are worked through anew each time. A document
that is refused is kept too, as the finished error entries: no exception, and so no frame, is held.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from headrace.api.cost import Cost, cost_of
from headrace.api.errors import ApiError, Code, FormattedError, formatted, request_errors
from headrace.api.rules import Bounds, excess

MAX_KEPT_LENGTH: Final = 16_384
MAX_KEPT_CHARACTERS: Final = 262_144
MAX_VALIDATION_ERRORS: Final = 50


@dataclass(frozen=True, slots=True)
class Document:
    """A text, worked through: either `node` with its operations, or `errors` and nothing else.

    Operations and their costs are by name, one without a name by the empty string.
    """

    text: str
    node: DocumentNode | None
    operations: Mapping[str, OperationDefinitionNode]
    errors: tuple[FormattedError, ...] = ()
    costs: Mapping[str, Cost] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation that a request means. Raises ApiError where it means none or several."""
        if name:
            if found := self.operations.get(name):
                return found
            raise ApiError(Code.BAD_USER_INPUT, f"The document has no operation named {name!r}")
        if len(self.operations) == 1:
            return next(iter(self.operations.values()))
        message = (
            "The document has several operations: say which by operationName"
            if self.operations
            else "The document has no operation"
        )
        raise ApiError(Code.BAD_USER_INPUT, message)


class Documents:
    """The documents of one schema, least recently used first to go."""

    def __init__(
        self, schema: GraphQLSchema, *, bounds: Bounds | None = None, introspection: bool = True
    ) -> None:
        self._schema = schema
        self._bounds = bounds or Bounds()
        self._rules: tuple[type[ASTValidationRule], ...] = (
            *specified_rules,
            MaybeNullValidationRule,
            OneOfInputValidationRule,
            *(() if introspection else (NoSchemaIntrospectionCustomRule,)),
        )
        # Names of types and fields are as secret as the schema itself.
        self.hide_suggestions = not introspection
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Document:
        """The document of a text. Never raises: see `Document.errors`."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        document = self._work_through(text)
        if len(text) <= MAX_KEPT_LENGTH:
            self._keep(document)
        return document

    def _keep(self, document: Document) -> None:
        self._kept[document.text] = document
        self._characters += len(document.text)
        while self._characters > MAX_KEPT_CHARACTERS:
            oldest, _ = self._kept.popitem(last=False)
            self._characters -= len(oldest)

    def _work_through(self, text: str) -> Document:
        try:
            node = parse(
                text, max_lexical_tokens=self._bounds.tokens, max_comments=self._bounds.tokens
            )
        except GraphQLSyntaxError as error:
            return _refused(text, [_syntax_error(error)])
        if words := excess(node, self._bounds):
            return _refused(text, [formatted(ApiError(Code.QUERY_TOO_COMPLEX, words))])
        errors = validate(
            self._schema,
            node,
            self._rules,
            max_errors=MAX_VALIDATION_ERRORS,
            hide_suggestions=self.hide_suggestions,
        )
        if errors:
            return _refused(text, request_errors(errors))
        operations = _operations(node)
        return Document(text, node, operations, costs=_costs(self._schema, node, operations))


def is_subscription(operation: OperationDefinitionNode) -> bool:
    """Whether an operation answers with a stream."""
    return operation.operation is OperationType.SUBSCRIPTION


def is_mutation(operation: OperationDefinitionNode) -> bool:
    """Whether an operation has an effect."""
    return operation.operation is OperationType.MUTATION


def _operations(node: DocumentNode) -> dict[str, OperationDefinitionNode]:
    return {
        definition.name.value if definition.name else "": definition
        for definition in node.definitions
        if isinstance(definition, OperationDefinitionNode)
    }


def _costs(
    schema: GraphQLSchema, node: DocumentNode, operations: Mapping[str, OperationDefinitionNode]
) -> dict[str, Cost]:
    fragments = {
        definition.name.value: definition
        for definition in node.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    return {name: cost_of(schema, one, fragments) for name, one in operations.items()}


def _refused(text: str, errors: list[FormattedError]) -> Document:
    return Document(text, None, {}, tuple(errors))


def _syntax_error(error: GraphQLError) -> FormattedError:
    told = request_errors([error])[0]
    if "Parsing aborted" in error.message:
        # graphql-core says so, and in no other way, where a bound of `parse` was met.
        told["extensions"] = {"code": Code.QUERY_TOO_COMPLEX, "retryable": False}
    return told
