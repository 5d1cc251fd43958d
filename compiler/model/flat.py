"""The JSON Schema of one item, on its own: no references, and choices of shape merged."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


def flat_schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    """Return the JSON Schema of what an adapter validates."""
    raw = adapter.json_schema(schema_generator=_Generator)
    definitions = raw.pop("$defs", {})
    found = _flat(raw, definitions)
    assert isinstance(found, dict), "a model's schema is a mapping"
    return found


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, kept to keywords that draft-07 and 2020-12 share."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema  # a title made from a key's name says nothing that the key does not
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        found.pop("patternProperties", None)
        found.pop("propertyNames", None)
        if "keys_schema" in schema:
            found["propertyNames"] = self.generate_inner(schema["keys_schema"])
        if "values_schema" in schema:
            values = self.generate_inner(schema["values_schema"])
            found["additionalProperties"] = values or True
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def _flat(schema: Any, definitions: dict[str, Any]) -> Any:
    """Put definitions in the place of references, and merge choices between types."""
    if isinstance(schema, list):
        return [_flat(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if reference is not None:
        target = definitions[reference.rpartition("/")[2]]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    found = {key: _flat(value, definitions) for key, value in schema.items()}
    choices = found.pop("oneOf", None)
    return found if choices is None else {**_merged(choices), **found}


def _merged(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """Merge schemas of different types: each keyword speaks about one type only."""
    merged: dict[str, Any] = {"type": []}
    for choice in choices:
        for key, value in choice.items():
            if key == "type":
                merged["type"].append(value)
            elif key != "description":
                assert key not in merged, f"two alternatives say `{key}`"
                merged[key] = value
    return merged
