"""The published JSON Schema of pipeline files, made from the model."""

from __future__ import annotations

import json
from typing import Any, get_args

from .spec import ArtifactKind

_DIALECT = "http://json-schema.org/draft-07/schema#"


def schema_text() -> str:
    """Return the JSON Schema as text: two spaces of indentation, keys in a fixed order.

    It keeps to keywords that draft-07 and 2020-12 share, and to what editors understand beside
    them: `markdownDescription`, `enumDescriptions`, `patternErrorMessage`, `defaultSnippets`.
    """
    return json.dumps(pipeline_schema(), indent=2, ensure_ascii=False) + "\n"


def pipeline_schema() -> dict[str, Any]:
    """Return the JSON Schema of a pipeline file."""
    from .model.items import item_schema
    from .model.words import NAME_PATTERN

    top = item_schema("pipeline")
    properties: dict[str, Any] = {"$schema": {"type": "string", "description": "For editors."}}
    properties |= {key: dict(value) for key, value in top["properties"].items()}
    for section in ("parameters", "environments", "artifacts", "transformations"):
        properties[section] |= {
            "propertyNames": {"pattern": NAME_PATTERN},
            "additionalProperties": {"$ref": f"#/definitions/{section.removesuffix('s')}"},
        }
    return {
        "$schema": _DIALECT,
        "title": "reprocc pipeline",
        **_described(
            {
                "description": top["description"],
                "type": "object",
                "required": top["required"],
                "properties": properties,
                "patternProperties": {"^x-": {"description": "Ignored: a place for anchors."}},
                "additionalProperties": False,
                "definitions": _definitions(),
            }
        ),
    }


def _definitions() -> dict[str, Any]:
    from .model.items import item_schema

    return {
        "parameter": _parameter(),
        "environment": item_schema("environment"),
        "artifact": _artifact(),
        "transformation": _transformation(),
    }


def _transformation() -> dict[str, Any]:
    from .bind.body import BODIES, KEYS_OF_SOME
    from .model.items import item_schema

    bodies = sorted(BODIES, key=["python", "command", "sql"].index)
    branches: list[dict[str, Any]] = []
    for body in bodies:
        others = [other for other in bodies if other != body]
        others += [key for key, (allowed, _) in KEYS_OF_SOME.items() if body not in allowed]
        branches.append(
            {
                "if": {"required": [body]},
                "then": {"properties": dict.fromkeys(others, False)},
            }
        )
    inputs = {"inputs": ["$3"], "outputs": ["$4"]}
    snippets = {
        "A Python function": {"python": "${1:module}:${2:function}", **inputs},
        "A command": {
            "command": "${1:program} \\${inputs.${2:NAME}} \\${outputs.${3:NAME}}",
            "inputs": ["$2"],
            "outputs": ["$3"],
        },
        "A query": {"sql": "SELECT ${1:*} FROM ${2:table} ORDER BY ${1:ALL}", **inputs},
    }
    return {
        **item_schema("transformation"),
        "anyOf": [{"required": [body]} for body in bodies],
        "allOf": branches,
        "defaultSnippets": [
            {"label": "transformation", "description": words, "body": body}
            for words, body in snippets.items()
        ],
    }


def _parameter() -> dict[str, Any]:
    from .model.items import item_schema

    long_form = item_schema("parameter")
    # Keywords about objects say nothing about other types, so both forms fit in one schema.
    return {**long_form, "type": ["boolean", "number", "string", "array", "object"]}


def _artifact() -> dict[str, Any]:
    from .model.artifact import KINDS
    from .model.items import item_schema

    branches: list[dict[str, Any]] = []
    for kind in get_args(ArtifactKind):
        model = item_schema(kind)
        branches.append(
            {
                "if": {"required": ["kind"], "properties": {"kind": {"const": kind}}},
                "then": {
                    "description": model["description"],
                    "properties": {**model["properties"], "kind": True},
                    "additionalProperties": False,
                },
            }
        )
    branches.append({"if": {"required": ["matrix"]}, "then": {"required": ["source"]}})
    return {
        "title": "artifact",
        "description": "An immutable, versioned thing that is read or made.",
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {
                "description": "What it is.",
                "enum": list(KINDS),
                "enumDescriptions": list(KINDS.values()),
            }
        },
        "allOf": branches,
        "defaultSnippets": [{"label": "artifact", "body": {"kind": "${1:table}"}}],
    }


def _described(schema: Any) -> Any:
    """Say each description in Markdown as well where it holds code."""
    if isinstance(schema, list):
        return [_described(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        found[key] = _described(value)
        if key == "description" and isinstance(value, str) and "`" in value:
            found[key] = value.replace("`", "")
            found["markdownDescription"] = value
    return found
