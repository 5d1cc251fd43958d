"""What SARIF 2.1.0 demands of the logs that reprocc writes, as a JSON Schema of that part of it."""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def _list(items: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "items": items}


_TEXT = {"type": "string", "minLength": 1}
_FROM_1 = {"type": "integer", "minimum": 1}
_FROM_0 = {"type": "integer", "minimum": 0}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _object("text", text=_TEXT)
_ARTIFACT = _object(
    "uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"}
)
_REGION = _object(
    "startLine startColumn endLine endColumn charOffset charLength",
    startLine=_FROM_1,
    startColumn=_FROM_1,
    endLine=_FROM_1,
    endColumn=_FROM_1,
    charOffset=_FROM_0,
    charLength=_FROM_0,
)
_PLACE = _object("artifactLocation region", artifactLocation=_ARTIFACT, region=_REGION)
_LOCATION = _object("physicalLocation", id=_FROM_0, physicalLocation=_PLACE, message=_MESSAGE)
_REPLACEMENT = _object(
    "deletedRegion insertedContent",
    deletedRegion=_REGION,
    insertedContent=_object("text", text={"type": "string"}),
)
_CHANGE = _object(
    "artifactLocation replacements",
    artifactLocation=_ARTIFACT,
    replacements=_list(_REPLACEMENT),
)
_FIX = _object(
    "artifactChanges",
    description=_MESSAGE,
    artifactChanges=_list(_CHANGE),
    properties={"type": "object"},
)
_RESULT = _object(
    "ruleId ruleIndex level message locations",
    ruleId=_TEXT,
    ruleIndex=_FROM_0,
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    relatedLocations=_list(_LOCATION),
    fixes=_list(_FIX),
)
_RULE = _object(
    "id",
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object("level", level=_LEVEL),
)
_DRIVER = _object("name", name=_TEXT, rules=_list(_RULE, 0))

SARIF = _object(
    "version runs",
    **{
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": _list(
            _object(
                "tool",
                tool=_object("driver", driver=_DRIVER),
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                results=_list(_RESULT, 0),
            )
        ),
    },
)
"""Nothing that the standard does not know, and all that it requires."""
