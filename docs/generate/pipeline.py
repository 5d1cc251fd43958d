"""The page of the pipeline file: every key, as the schema has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reprocc.compiler.schema import pipeline_schema

from .markdown import GENERATED, anchor, link, table
from .values import Shape, default_of, meaning_of, value_of

_HEAD = """# The pipeline file

{generated}

Every key of a pipeline file, with the values that it may have. [The language](../language.md)
says how they work together, and what is refused that no table of keys can say. A key that is not
here is an error. `reprocc schema` prints the same for editors.

A **name** consists of `a-z`, `0-9` and `_`, first a letter. Where a value may be an expression,
`${{…}}`, the tables say so: as the whole value, which keeps its type, or inside a text. Nowhere
else does `${{…}}` mean anything.

"""
_ANCHORS = """
## Anchors

YAML's anchors (`&name`) and aliases (`*name`) work; merge keys (`<<`) do not. A key at the top that
begins with `x-` is ignored: a place for values that several keys share.

<!-- not run: a piece of a file -->
```yaml
x-forest: &forest {cpus: 2, memory: 2GiB}
transformations:
  fit: {python: "forest:fit", inputs: [train], outputs: [model], resources: *forest}
```
"""

_WORDS = {
    "environments.NAME": "The variables of the processes that run tasks.",
    "transformations.NAME.inputs.NAME": "One artifact that arrives; its name alone is the same as "
    "`{artifact: NAME}`.",
    "transformations.NAME.gather.NAME": "One artifact whose points arrive together; its name "
    "alone is the same as `{artifact: NAME}`.",
    "transformations.NAME.outputs.NAME": "One artifact that is made; its name alone is the same "
    "as `{artifact: NAME}`.",
}
_NAMED = {"require": "PATH", "matrix": "AXIS"}
"""What the names in a mapping stand for, where they are no plain names."""

Section = tuple[str, tuple[str, str, list[str]]]
"""A heading, and what stands below: first words, tables, and the keys in them."""


def page() -> str:
    """Return the page."""
    schema = pipeline_schema()
    sections = dict(_sections(schema))
    contents = "".join(f"- {link(f'`{title}`', title)}\n" for title in sections)
    parts = [_HEAD.format(generated=GENERATED.format(source="the schema")), contents]
    parts.append("- [Anchors](#anchors)\n- [Index of keys](#index-of-keys)\n")
    parts += [f"\n## {title}\n\n{words}\n{keys}" for title, (words, keys, _) in sections.items()]
    parts += [_ANCHORS, _index({title: names for title, (_, _, names) in sections.items()})]
    return "".join(parts)


def _sections(schema: Shape) -> Iterator[Section]:
    """Yield each section: heading, first words, the table of its keys, and their names."""
    top = {key: value for key, value in schema.items() if key != "definitions"}
    yield from _section("pipeline.yaml", top)
    for name, shape in schema["definitions"].items():
        title = f"{name}s.NAME"
        if name == "artifact":
            yield from _artifact(title, shape)
        else:
            yield from _section(title, shape)


def _section(title: str, shape: Shape) -> Iterator[Section]:
    """Yield a section, then those of the mappings within it."""
    properties = shape["properties"]
    required = shape.get("required", [])
    rows = [_row(title, key, value, key in required) for key, value in properties.items()]
    if title.endswith(".matrix"):
        values = value_of(f"{title}.AXIS", shape["additionalProperties"])
        rows.insert(0, ("any `AXIS`", values, "", "Its values; labels name them in points."))
    keys = table(("key", "value", "default", "meaning"), rows)
    yield title, (_WORDS.get(title) or _words(shape), f"\n{keys}", list(properties))
    for key, value in properties.items():
        for path, inner in _inner(_path(title, key), value):
            if inner:
                yield from _section(path, inner)


def _artifact(title: str, shape: Shape) -> Iterator[Section]:
    """Yield the section of artifacts, whose keys depend on their kind."""
    kind = shape["properties"]["kind"]
    kinds = {
        one["if"]["properties"]["kind"]["const"]: one["then"]["properties"]
        for one in shape["allOf"]
        if "properties" in one["if"]
    }
    merged: dict[str, dict[str, list[str]]] = {}
    shapes: dict[str, Shape] = {}
    for name, properties in kinds.items():
        for key, value in properties.items():
            if key != "kind":
                said = json.dumps(value, sort_keys=True)
                merged.setdefault(key, {}).setdefault(said, []).append(name)
                shapes[said] = value
    rows = [("", *_row(title, "kind", kind, True))]
    for key, forms in merged.items():
        for said, names in forms.items():
            of = "" if len(names) == len(kinds) else ", ".join(f"`{name}`" for name in names)
            rows.append((of, *_row(title, key, shapes[said], False)))
    described = zip(kind["enum"], kind["enumDescriptions"], strict=True)
    meanings = table(("kind", "meaning"), [(f"`{one}`", meaning) for one, meaning in described])
    keys = table(("only of", "key", "value", "default", "meaning"), rows)
    yield title, (_words(shape), f"\n{meanings}\n{keys}", ["kind", *merged])
    for key, forms in merged.items():
        for path, inner in _inner(_path(title, key), shapes[next(iter(forms))]):
            yield from _section(path, inner)


def _inner(path: str, shape: Any) -> Iterator[tuple[str, Shape]]:
    """Yield the mappings with keys of their own that a value holds: itself, or its members."""
    if isinstance(shape, dict) and shape.get("properties"):
        yield path, shape
    elif isinstance(shape, dict):
        named = shape.get("additionalProperties")
        if isinstance(named, dict) and "$ref" in named:
            yield f"{path}.NAME", {}
            return
        for inner in (named, shape.get("items")):
            if isinstance(inner, dict) and inner.get("properties"):
                yield f"{path}.{_NAMED.get(path.rpartition('.')[2], 'NAME')}", inner
                return


def _row(title: str, key: str, shape: Shape, is_required: bool) -> tuple[str, str, str, str]:
    path = _path(title, key)
    inner = next((section for section, _ in _inner(path, shape)), None)
    name = f"`{key}`" if inner is None else link(f"`{key}`", inner)
    default = "required" if is_required else default_of(path, shape)
    return name, value_of(path, shape), default, meaning_of(shape)


def _path(title: str, key: str) -> str:
    return key if title == "pipeline.yaml" else f"{title}.{key}"


def _words(shape: Shape) -> str:
    return str(shape.get("markdownDescription") or shape.get("description") or "")


def _index(sections: dict[str, list[str]]) -> str:
    """Return every key with the sections in which it stands."""
    places: dict[str, list[str]] = {}
    for title, keys in sections.items():
        for key in keys:
            places.setdefault(key, []).append(f"[{title}](#{anchor(title)})")
    rows = [(f"`{key}`", " · ".join(found)) for key, found in sorted(places.items())]
    return f"\n## Index of keys\n\n{table(('key', 'where'), rows)}"
