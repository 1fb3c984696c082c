"""Config schemas of block types, made fit to stand within the schema of a whole definition.

Invariant: a value that a block's own schema takes is still taken, and so is a template in its
place; what the block refuses apart from templates is still refused.
"""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

TEMPLATE = "template"
TEMPLATE_SCHEMA: Schema = {
    "type": "string",
    "pattern": r"\{\{\s*params\.[A-Za-z0-9_-]+\s*\}\}",
    "description": "A value that is put in when a run starts: {{ params.name }}",
}
# What an editor shows on hover has to stand beside the alternatives, not within one of them.
_ANNOTATIONS = ("title", "description", "default", "examples", "deprecated")
# Keywords that hold a mapping of names to schemas, and those that hold a list of schemas.
_BY_NAME = ("properties", "patternProperties", "$defs")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains")


def embedded(schema: Mapping[str, Any], key: str) -> Schema:
    """A type's config schema as it stands at `#/$defs/<key>`, its references led there."""
    return _within(dict(schema), f"#/$defs/{key}")


def _within(schema: Schema, root: str) -> Schema:
    made: Schema = {}
    for keyword, value in schema.items():
        if keyword == "$ref" and isinstance(value, str) and value.startswith("#"):
            made[keyword] = root + value.removeprefix("#")
        elif keyword in _BY_NAME and isinstance(value, dict):
            templated = keyword != "$defs"
            made[keyword] = {
                name: _value(inner, root) if templated else _within(inner, root)
                for name, inner in value.items()
            }
        elif keyword in _LISTS and isinstance(value, list):
            made[keyword] = [_within(inner, root) for inner in value]
        elif keyword in _SINGLE and isinstance(value, dict):
            templated = keyword in {"items", "additionalProperties"}
            made[keyword] = _value(value, root) if templated else _within(value, root)
        else:
            made[keyword] = value
    return made


def _value(schema: Any, root: str) -> Any:
    """The schema of a value, or a template where the schema alone would refuse one."""
    if not isinstance(schema, dict):
        return schema
    inner = _within(schema, root)
    free_text = inner.get("type") == "string" and not {"enum", "pattern", "format"} & inner.keys()
    if not inner.keys() - set(_ANNOTATIONS) or (free_text and "maxLength" not in inner):
        return inner
    outer = {keyword: inner.pop(keyword) for keyword in _ANNOTATIONS if keyword in inner}
    return {**outer, "anyOf": [inner, {"$ref": f"#/$defs/{TEMPLATE}"}]}
