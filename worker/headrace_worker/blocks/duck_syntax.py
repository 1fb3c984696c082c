"""What may be written where: looked up in DuckDB's own tree of a text, before anything runs.

Invariant: only functions that make rows of nothing but their arguments may stand where a table
does. The database is shut off as a whole besides (`headrace_worker.blocks.duck`); this names the
place, and holds where a later version of DuckDB finds a new way out.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from headrace_worker.blocks.duck_errors import Written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from headrace.blocks import BadInput

TABLE_FUNCTIONS: Final = frozenset(
    {"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"}
)
_SELECT: Final = "SELECT "
_NOWHERE: Final = 2**63


def check_query(connection: "DuckDBPyConnection", written: Written) -> None:
    """Raises BadInput unless it is one SELECT that reads tables and harmless functions alone."""
    statements = _parsed(connection, written, "")
    if len(statements) != 1:
        raise written.fault(f"write one SELECT; there are {len(statements)} statements")
    for node in _nodes(statements):
        if node.get("type") == "TABLE_FUNCTION":
            function = node.get("function") or {}
            name = str(function.get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                known = ", ".join(sorted(TABLE_FUNCTIONS))
                words = f"{name} cannot be read from: a query reads its inputs, and {known}"
                raise _at(node, written, words, "")


def check_condition(connection: "DuckDBPyConnection", written: Written) -> None:
    """Raises BadInput unless it is one expression over the columns of a row."""
    statements = _parsed(connection, written, _SELECT)
    node = statements[0]["node"] if len(statements) == 1 else {}
    asked = node.get("select_list", [])
    beside = ("where_clause", "having", "qualify", "sample", "modifiers", "group_expressions")
    if (
        node.get("type") != "SELECT_NODE"
        or len(asked) != 1
        or asked[0].get("alias")
        or node["from_table"].get("type") != "EMPTY"
        or any(node.get(part) for part in beside)
    ):
        raise written.fault("write one condition on the columns of a row, such as score < 0.5")
    for each in _nodes(asked):
        if each.get("class") == "SUBQUERY":
            raise _at(each, written, "a condition holds no query of its own", _SELECT)


def _parsed(connection: "DuckDBPyConnection", written: Written, before: str) -> list[Any]:
    query = "SELECT json_serialize_sql(?::VARCHAR)"
    [[text]] = connection.execute(query, [before + written.text]).fetchall()
    tree = json.loads(text)
    if not tree["error"]:
        found: list[Any] = tree["statements"]
        return found
    if tree["error_type"] != "parser":
        raise written.fault("only SELECT is allowed")
    place = int(tree["position"]) if "position" in tree else None
    raise written.fault(str(tree["error_message"]), _character(written.text, place, before))


def _at(node: dict[str, Any], written: Written, message: str, before: str) -> "BadInput":
    place = node.get("query_location", _NOWHERE)
    return written.fault(message, _character(written.text, int(place), before))


def _character(text: str, place: int | None, before: str) -> int | None:
    """The character at a place that is counted in bytes, `before` included."""
    if place is None or place >= _NOWHERE:
        return None
    return len(text.encode()[: max(0, place - len(before))].decode(errors="ignore"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)
