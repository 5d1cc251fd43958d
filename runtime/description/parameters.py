"""The parameters of a run, with what its spec declares of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...compiler.canonical import Json, encode_text
from .description import Parameter

if TYPE_CHECKING:
    from ...compiler.document import PlainValue


def describe_parameters(values: Json, spec: str | None) -> tuple[Parameter, ...]:
    """Return the parameters by name; types and defaults as far as the spec can still be read."""
    given = json.loads(values)
    declared = _declared(spec) if spec is not None and given else {}
    return tuple(_parameter(name, given[name], declared) for name in given)


def _parameter(name: str, value: PlainValue, declared: dict[str, PlainValue]) -> Parameter:
    text = encode_text(value)
    if name not in declared:
        return Parameter(name=name, value=text, type="", default=None, description="")
    written = declared[name]
    long = written if isinstance(written, dict) else {"default": written}
    default: Json | None = None
    if "default" in long:
        # `1` and `1.0` are the same number; it is shown as the run has it.
        default = text if long["default"] == value else encode_text(long["default"])
    return Parameter(
        name=name,
        value=text,
        type=str(long.get("type") or _type_of(value)),
        default=default,
        description=str(long.get("description") or ""),
    )


def _declared(spec: str) -> dict[str, PlainValue]:
    """Return what a spec that has compiled declares; the models of the language load slowly."""
    from ...compiler.diagnostic import Diagnostic
    from ...compiler.document import plain_value
    from ...compiler.reading import decode, read

    source = decode("pipeline.yaml", spec.encode())
    document = None if isinstance(source, Diagnostic) else read(source)[0]
    root = None if document is None else plain_value(document.root)
    found = root.get("parameters") if isinstance(root, dict) else None
    return found if isinstance(found, dict) else {}


def _type_of(value: PlainValue) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "mapping"
