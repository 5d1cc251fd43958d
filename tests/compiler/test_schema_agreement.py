"""Random mistakes: the JSON Schema and the model agree on which shapes are accepted."""

from __future__ import annotations

import json
import random
import re
from keyword import iskeyword
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from reprocc.compiler.bind import bind
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.document import plain_value
from reprocc.compiler.reading import read
from reprocc.compiler.schema import schema_text
from reprocc.compiler.source import Source

from .drawn_specs import Drawn, pipelines
from .mutated_specs import mutated
from .printed_yaml import printed

SCHEMA = Draft7Validator(json.loads(schema_text()))

# What the model leaves to the stage that knows the values of expressions: an axis without values,
# or with one twice. Where no expression is involved, an editor is told of it by the schema.
JUDGED_LATER = {"uniqueItems", "minItems", "minProperties"}

# What JSON Schema cannot say, or not as Python's validator reads it.
QUOTED = re.compile(r"`([^`]*)`", re.DOTALL)
WHOLE = re.compile(r"(?:whole number|the number 1).*but is -?(?:\d+\.0|\de\+\d+)\Z")


def is_beyond_the_schema(diagnostic: Diagnostic) -> bool:
    """Say whether the schema need not know of a mistake: each line is one reason."""
    words = QUOTED.findall(diagnostic.message)
    return (
        any(map(iskeyword, re.split(r"[.:]", ".".join(words))))  # no parameter, no module
        or WHOLE.search(diagnostic.message) is not None  # 2.0 is an integer to JSON Schema
        or diagnostic.code.name == "bad-column-type"  # types nest, patterns do not
        or diagnostic.code.name == "duplicate-parameter"  # in `inputs` and `gather`, say
    )


def judge(value: Any, chance: random.Random) -> None:
    document, said = read(Source(path="pipeline.yaml", text=printed(value, chance)))
    assert document is not None, said
    assert plain_value(document.root) == value
    errors = [d for d in bind(document)[1] if d.severity == "error"]
    refusals = list(SCHEMA.iter_errors(value))
    # `$` matches before a last line break in Python's regular expressions, and in no editor's.
    if errors and not refusals and '"x\\n"' not in json.dumps(value):
        assert all(map(is_beyond_the_schema, errors)), [d.message for d in errors]
    if refusals and not errors:
        for refusal in refusals:
            assert refusal.validator in JUDGED_LATER, refusal.message
            assert "matrix" in refusal.absolute_path


@pytest.mark.parametrize("examples", [150, pytest.param(3000, marks=pytest.mark.soak)])
def test_schema_and_model_accept_the_same_shapes(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(pipelines(most=3), st.integers(0, 2**32))
    def run(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        judge(drawn.spec, chance)
        for _ in range(4):
            judge(mutated(drawn.spec, chance), chance)

    run()


@pytest.mark.parametrize(
    ("written", "is_accepted"),
    [
        ("reprocc: true", False),
        ("reprocc: 1.0", False),
        ("reprocc: false", False),
        ("reprocc: null", False),
        ("reprocc: 0x1", True),
    ],
)
def test_the_language_version_is_the_integer_1(written: str, is_accepted: bool) -> None:
    text = f"{written}\nname: p\nartifacts: {{}}\ntransformations: {{}}\n"
    document, _ = read(Source(path="pipeline.yaml", text=text))
    assert document is not None
    assert (bind(document)[1] == ()) == is_accepted
