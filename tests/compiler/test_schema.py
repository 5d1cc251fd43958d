"""The published JSON Schema: as committed, and in agreement with the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from reprocc.compiler.bind import bind
from reprocc.compiler.document import Document, plain_value
from reprocc.compiler.reading import decode, read
from reprocc.compiler.schema import pipeline_schema, schema_text
from reprocc.compiler.source import Source

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "specs" / "schema" / "pipeline-1.json"
SCHEMA = json.loads(schema_text())
SHARED_KEYWORDS = {
    "$schema", "$ref", "definitions", "title", "description", "type", "enum", "const", "required",
    "properties", "patternProperties", "additionalProperties", "propertyNames", "minProperties",
    "items", "minItems", "uniqueItems", "pattern", "minimum", "exclusiveMaximum", "anyOf", "allOf",
    "if", "then",
}  # fmt: skip
EDITOR_KEYWORDS = {
    "markdownDescription", "enumDescriptions", "patternErrorMessage", "defaultSnippets",
}  # fmt: skip

HEAD = "reprocc: 1\nname: p\n"
ARTIFACT = HEAD + "artifacts: {{a: {0}}}\ntransformations: {{}}\n"
TRANSFORMATION = HEAD + "artifacts: {{}}\ntransformations: {{t: {0}}}\n"
KEYED = HEAD + "artifacts: {{}}\ntransformations: {{t: {{python: 'm:f', outputs: [a], {0}}}}}\n"


def document(text: str) -> Document:
    source = decode("pipeline.yaml", text.encode())
    assert isinstance(source, Source)
    found, _ = read(source)
    assert found is not None
    return found


def keywords(schema: Any) -> set[str]:
    """Return every keyword of a schema, names of properties left out."""
    if isinstance(schema, list):
        return {word for part in schema for word in keywords(part)}
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for word, value in schema.items():
        if word in ("properties", "patternProperties", "definitions"):
            found |= keywords(list(value.values()))
        elif word != "defaultSnippets":
            found |= keywords(value)
    return found


def test_the_committed_schema_is_the_one_that_the_model_gives() -> None:
    assert PUBLISHED.read_text("utf-8") == schema_text(), "run `reprocc schema` into this file"


def test_the_schema_keeps_to_keywords_that_the_drafts_share() -> None:
    Draft7Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema({k: v for k, v in SCHEMA.items() if k != "$schema"})
    assert keywords(SCHEMA) <= SHARED_KEYWORDS | EDITOR_KEYWORDS


def test_a_reference_stands_alone() -> None:
    def check(schema: Any) -> None:
        if isinstance(schema, dict):
            assert "$ref" not in schema or len(schema) == 1
            for value in schema.values():
                check(value)
        elif isinstance(schema, list):
            for value in schema:
                check(value)

    check(pipeline_schema())


GOOD = [
    HEAD + "artifacts: {}\ntransformations: {}\nx-any: 1\n$schema: s\nseed: 3\n",
    HEAD + "artifacts: {}\ntransformations: {}\nparameters: {a: 1, b: [x], c: {type: mapping}}\n",
    HEAD
    + "artifacts: {}\ntransformations: {}\nenvironments: {e: {pass: [A], variables: {B: c}}}\n",
    ARTIFACT.format("{kind: table, source: x.csv, matrix: {k: [1, b]}, format: csv, key: [c]}"),
    ARTIFACT.format("{kind: table, source: {path: x, sha256: " + "ab" * 32 + "}}"),
    ARTIFACT.format("{kind: table, columns: {c: {type: 'list<int8>', minimum: '${1}'}}}"),
    ARTIFACT.format("{kind: metrics, require: {m: {minimum: '${1}', severity: warning}}}"),
    ARTIFACT.format("{kind: directory, format: zarr}"),
    TRANSFORMATION.format("{python: 'm.n:f', outputs: {x: a}, inputs: {y: {artifact: b}}}"),
    KEYED.format("gather: {g: {artifact: b, over: [k]}}, resources: {cpus: '${1}', gpus: 0.5}"),
    KEYED.format("matrix: {k: '${range(3)}', l: {x: [1]}, include: [{k: 1, l: x}]}"),
    KEYED.format("inputs: [{artifact: b, as: csv}], gather: {g: {artifact: b, as: arrow}}"),
    TRANSFORMATION.format("{command: ls, outputs: [{artifact: a, as: csv}, b]}"),
    TRANSFORMATION.format("{command: [ls, 3, true, 0.5], outputs: {a: {artifact: a, as: jsonl}}}"),
    TRANSFORMATION.format("{command: ls, arguments: {b: 1}, outputs: [a], code: ['*.sh']}"),
    TRANSFORMATION.format("{sql: 'select 1', outputs: [a]}"),
    TRANSFORMATION.format("{sql: {file: q.sql}, outputs: [a]}"),
    KEYED.format("timeout: '${x}s', seed: '${seed}', threads: 2, retries: {on: [error]}"),
]

BAD = [
    HEAD + "artifacts: {}\n",
    HEAD + "artifacts: {}\ntransformations: {}\nsead: 3\n",
    HEAD + "artifacts: {}\ntransformations: {}\nseed: -3\n",
    HEAD + "artifacts: {Aa: {kind: file}}\ntransformations: {}\n",
    HEAD.replace("1", "2") + "artifacts: {}\ntransformations: {}\n",
    HEAD.replace(": p", ": P") + "artifacts: {}\ntransformations: {}\n",
    HEAD + "artifacts: {}\ntransformations: {}\nparameters: {a: null}\n",
    HEAD + "artifacts: {}\ntransformations: {}\nparameters: {a: {minimum: 1}}\n",
    HEAD + "artifacts: {}\ntransformations: {}\nenvironments: {e: {lock: x}}\n",
    HEAD + "artifacts: {}\ntransformations: {}\nenvironments: {e: {variables: {A: false}}}\n",
    ARTIFACT.format("{}"),
    ARTIFACT.format("null"),
    ARTIFACT.format("{kind: tabel}"),
    ARTIFACT.format("{kind: checkpoint, columns: {}}"),
    ARTIFACT.format("{kind: table, require: {}}"),
    ARTIFACT.format("{kind: table, source: 'gs://x'}"),
    ARTIFACT.format("{kind: table, source: {path: x}}"),
    ARTIFACT.format("{kind: table, columns: {c: {type: integer}}}"),
    ARTIFACT.format("{kind: table, columns: {c: int64}}"),
    ARTIFACT.format("{kind: table, rows: {minimum: -1}}"),
    ARTIFACT.format("{kind: table, key: [c, c]}"),
    ARTIFACT.format("{kind: table, description: null}"),
    TRANSFORMATION.format("{outputs: [a]}"),
    TRANSFORMATION.format("{python: m.py, outputs: [a]}"),
    TRANSFORMATION.format("{python: 'm:f', outputs: []}"),
    TRANSFORMATION.format("{python: 'm:f', outputs: a}"),
    TRANSFORMATION.format("{command: [], outputs: [a]}"),
    TRANSFORMATION.format("{command: [x, null], outputs: [a]}"),
    TRANSFORMATION.format("{command: ' ', outputs: [a]}"),
    TRANSFORMATION.format("{command: x, outputs: [{artifact: a, as: xlsx}]}"),
    TRANSFORMATION.format("{command: x, outputs: [{as: csv}]}"),
    TRANSFORMATION.format("{command: x, preload: [numpy], outputs: [a]}"),
    TRANSFORMATION.format("{command: x, python: 'm:f', outputs: [a]}"),
    TRANSFORMATION.format("{command: x, sql: y, outputs: [a]}"),
    TRANSFORMATION.format("{sql: x, arguments: {b: 1}, outputs: [a]}"),
    TRANSFORMATION.format("{sql: x, preload: [numpy], outputs: [a]}"),
    TRANSFORMATION.format("{sql: {file: x, more: y}, outputs: [a]}"),
    TRANSFORMATION.format("{sql: {file: ''}, outputs: [a]}"),
    TRANSFORMATION.format("{cmd: x, outputs: [a]}"),
    KEYED.format("inputs: [A]"),
    KEYED.format("inputs: {a-b: c}"),
    KEYED.format("inputs: [{artifact: b, as: CSV}]"),
    KEYED.format("gather: [b]"),
    KEYED.format("matrix: {K: [1]}"),
    KEYED.format("matrix: {k: [null]}"),
    KEYED.format("resources: {memory: 4}"),
    KEYED.format("resources: {memory: 4gb}"),
    KEYED.format("resources: {cpu: 4}"),
    KEYED.format("timeout: 10"),
    KEYED.format("isolation: worker"),
    KEYED.format("deterministic: no"),
    KEYED.format("threads: 0"),
    KEYED.format("seed: 2147483648"),
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_model_accepts_the_schema_accepts(text: str) -> None:
    found = document(text)
    assert bind(found)[1] == ()
    assert list(Draft7Validator(SCHEMA).iter_errors(plain_value(found.root))) == []
    assert list(Draft202012Validator(SCHEMA).iter_errors(plain_value(found.root))) == []


@pytest.mark.parametrize("text", BAD)
def test_what_the_model_refuses_the_schema_refuses(text: str) -> None:
    found = document(text)
    assert len(bind(found)[1]) == 1
    assert not Draft7Validator(SCHEMA).is_valid(plain_value(found.root))
    assert not Draft202012Validator(SCHEMA).is_valid(plain_value(found.root))


def test_every_example_fits_the_schema() -> None:
    examples = sorted((ROOT / "specs" / "examples").glob("*/pipeline.yaml"))
    if not examples:
        pytest.skip("no examples yet")
    for path in examples:
        found = document(path.read_text("utf-8"))
        assert bind(found)[1] == ()
        assert Draft7Validator(SCHEMA).is_valid(plain_value(found.root))
