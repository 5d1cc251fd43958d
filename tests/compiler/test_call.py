"""How a function is called, read from its signature, and what does not fit it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprocc.compiler.driver import Compiled
from reprocc.compiler.plan import FunctionCall, Plan

CALLS = {
    "verbs.py": """\
import pandas as pd
import polars as pl
from pathlib import Path

def several(data: pd.DataFrame, rng, model: Path, seed=3):
    return 1, 2

def nothing(data: "pl.DataFrame", model):
    pass

def given(data, seed):
    return {}

def open_call(**everything):
    return {}

def gathered(tables: pd.DataFrame, scores, files):
    return {}
""",
    "raw.json": "{}",
    "data.csv": "a\n1\n",
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "{python: 'verbs:several', inputs: [data], outputs: [b, a, model]}",
            FunctionCall(
                entry_point="verbs:several",
                tables=(("data", "pandas"),),
                written=("model",),
                returned=("b", "a"),
                returns="tuple",
                receives_seed=True,
                receives_rng=True,
            ),
        ),
        (
            "{python: 'verbs:several', inputs: [data], outputs: {z: b, y: a, model: model}}",
            FunctionCall(
                entry_point="verbs:several",
                tables=(("data", "pandas"),),
                written=("model",),
                returned=("y", "z"),
                returns="mapping",
                receives_seed=True,
                receives_rng=True,
            ),
        ),
        (
            "{python: 'verbs:nothing', inputs: [data], outputs: [model]}",
            FunctionCall(
                entry_point="verbs:nothing",
                tables=(("data", "polars"),),
                written=("model",),
                returned=(),
                returns="nothing",
                receives_seed=False,
                receives_rng=False,
            ),
        ),
        (
            "{python: 'verbs:given', inputs: [data], outputs: [a], arguments: {seed: 1}}",
            FunctionCall(
                entry_point="verbs:given",
                tables=(("data", "arrow"),),
                written=(),
                returned=("a",),
                returns="one",
                receives_seed=False,
                receives_rng=False,
            ),
        ),
        (
            "{python: 'verbs:open_call', inputs: {x: data, y: raw}, outputs: [model]}",
            FunctionCall(
                entry_point="verbs:open_call",
                tables=(("x", "arrow"),),
                written=(),
                returned=("model",),
                returns="one",
                receives_seed=False,
                receives_rng=False,
            ),
        ),
        (
            "{python: 'verbs:gathered', gather: {tables: data, scores: raw, files: blob},"
            " outputs: [a]}",
            FunctionCall(
                entry_point="verbs:gathered",
                tables=(("scores", "arrow"), ("tables", "pandas")),
                written=(),
                returned=("a",),
                returns="one",
                receives_seed=False,
                receives_rng=False,
            ),
        ),
    ],
)
def test_a_call_is_read_from_the_signature(
    compile_pipeline: Callable[..., Compiled], body: str, expected: FunctionCall
) -> None:
    made = [name for name in ("a", "b", "model") if name in body.split("outputs")[1]]
    kinds = {"a": "metrics", "b": "metrics", "model": "checkpoint"}
    artifacts = "".join(f"  {name}: {{kind: {kinds[name]}}}\n" for name in made)
    text = (
        "reprocc: 1\nname: calls\nartifacts:\n"
        "  raw: {kind: metrics, source: raw.json}\n"
        "  data: {kind: table, source: data.csv}\n"
        "  blob: {kind: file, source: raw.json}\n"
        f"{artifacts}transformations:\n  fit: {body}\n"
    )
    assert _plan_of(compile_pipeline(text, CALLS)).transformations[0].call == expected


def _plan_of(result: Compiled) -> Plan:
    assert result.plan is not None, [(d.code.name, d.message) for d in result.diagnostics]
    return result.plan


FIT = {"verbs.py": "def fit(raw, trees, *, depth=3):\n    return {}\n", "raw.json": "{}"}


def _spec(arguments: str) -> str:
    return f"""\
reprocc: 1
name: calls
artifacts:
  raw: {{kind: metrics, source: raw.json}}
  m: {{kind: metrics}}
transformations:
  fit: {{python: "verbs:fit", inputs: [raw], outputs: [m], arguments: {{{arguments}}}}}
"""


def test_a_misspelt_parameter_is_one_error_that_points_at_both_places(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(_spec("tree: 3"), FIT)
    (found,) = result.diagnostics
    assert (found.code.name, found.message) == ("unknown-argument", "`fit` has no parameter `tree`")
    assert found.help == "did you mean `trees`?"
    assert (found.primary.span.source.path, found.primary.span.text) == ("pipeline.yaml", "tree")
    assert found.related[0].span.source.path == "verbs.py"
    assert found.related[0].span.text == "fit"
    assert found.fixes[0].edits[0].text == "trees"


def test_a_parameter_that_nothing_gives_is_an_error_at_both_places(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(_spec("depth: 3"), FIT)
    (found,) = result.diagnostics
    assert (found.code.name, found.message) == (
        "missing-argument",
        "`fit` needs `trees`, which nothing gives",
    )
    assert found.primary.span.text.strip('"') == "verbs:fit"
    assert found.related[0].span.text == "trees"


def test_an_unknown_name_is_taken_for_the_only_parameter_that_is_missing(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(_spec("zzz: 3"), FIT)
    assert [(one.code.name, one.help) for one in result.diagnostics] == [
        ("unknown-argument", "did you mean `trees`?")
    ]
    several = compile_pipeline(_spec("zzz: 3, yyy: 4"), FIT)
    assert sorted(one.code.name for one in several.diagnostics) == [
        *("missing-argument", "unknown-argument", "unknown-argument")
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def fit(raw, /, trees): ...\n", ["positional-only"]),
        ("def fit(raw, **rest): ...\n", []),
        ("import functools\n@functools.cache\ndef fit(other): ...\n", []),
        ("def fit(raw, trees, m): ...\n", ["missing-argument"]),
        ("def fit(raw, trees, rng, seed): ...\n", []),
    ],
)
def test_what_a_function_takes_is_known_from_its_signature(
    compile_pipeline: Callable[..., Compiled], code: str, expected: list[str]
) -> None:
    result = compile_pipeline(_spec("trees: 3"), {**FIT, "verbs.py": code})
    assert [found.code.name for found in result.diagnostics] == expected
