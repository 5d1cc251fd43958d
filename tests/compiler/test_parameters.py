"""Parameters: where their values come from, and which are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from reprocc.compiler.driver import Compiled

FILES = {"verbs.py": "def make(**given): return {}\n", "raw.json": "{}"}


def spec(parameters: str) -> str:
    return f"""\
reprocc: 1
name: parameters
parameters:
  {parameters}
artifacts:
  raw: {{kind: metrics, source: raw.json}}
  m: {{kind: metrics}}
transformations:
  fit: {{python: "verbs:make", inputs: [raw], outputs: [m], arguments: {{x: "${{parameters.x}}"}}}}
"""


@pytest.fixture
def argument(compile_pipeline: Callable[..., Compiled]) -> Callable[..., str]:
    """Compile and return the arguments of the one task as text."""

    def run(parameters: str, given: Mapping[str, object] | None = None) -> str:
        result = compile_pipeline(spec(parameters), FILES, given)
        assert result.plan is not None, [d.message for d in result.diagnostics]
        return result.plan.tasks[0].arguments

    return run


@pytest.mark.parametrize(
    ("declared", "given", "arguments"),
    [
        ("x: 3", {}, '{"x":3}'),
        ("x: 3", {"x": "5"}, '{"x":5}'),
        ("x: 3", {"x": 5}, '{"x":5}'),
        ("x: 0.5", {"x": "1"}, '{"x":1.0}'),
        ("x: {type: number, default: 1}", {}, '{"x":1.0}'),
        ("x: 0.5", {"x": "1e-3"}, '{"x":0.001}'),
        ("x: true", {"x": "false"}, '{"x":false}'),
        ("x: a", {"x": "5"}, '{"x":"5"}'),
        ("x: a", {"x": "${seed}"}, '{"x":"${seed}"}'),
        ("x: [1]", {"x": '[2, "a"]'}, '{"x":[2,"a"]}'),
        ("x: {type: mapping, default: {a: 1}}", {}, '{"x":{"a":1}}'),
        ("x: {type: mapping}", {"x": {"b": [1]}}, '{"x":{"b":[1]}}'),
        ("x: {type: string}", {"x": "é=1"}, '{"x":"é=1"}'),
        ("x: {type: integer}", {"x": "-7"}, '{"x":-7}'),
    ],
)
def test_a_given_value_comes_before_the_default_and_is_read_by_type(
    argument: Callable[..., str], declared: str, given: Mapping[str, object], arguments: str
) -> None:
    assert argument(declared, given) == arguments


@pytest.mark.parametrize(
    ("declared", "given", "code", "message"),
    [
        (
            "x: {type: integer}",
            {},
            "missing-parameter",
            "parameter `x` has no value",
        ),
        (
            "x: 3",
            {"x": "many"},
            "wrong-parameter-type",
            "parameter `x` is of type integer, but got `many`",
        ),
        (
            "x: 3",
            {"x": 2.5},
            "wrong-parameter-type",
            "parameter `x` is of type integer, but got `2.5`",
        ),
        (
            "x: true",
            {"x": "yes"},
            "wrong-parameter-type",
            "parameter `x` is of type boolean, but got `yes`",
        ),
        (
            "x: 1.5",
            {"x": "NaN"},
            "wrong-parameter-type",
            "parameter `x` is of type number, but got `NaN`",
        ),
        (
            "x: 1.5",
            {"x": float("inf")},
            "wrong-parameter-type",
            "parameter `x` is of type number, but got `inf`",
        ),
        (
            "x: [1]",
            {"x": "[" * 100_000},
            "wrong-parameter-type",
            "parameter `x` is of type list, but got `[[[[[[[[[[[[[[[[[[[[[...`",
        ),
        (
            "x: {default: 3, minimum: 1}",
            {"x": "0"},
            "parameter-out-of-bounds",
            "parameter `x` is 0, below its minimum 1",
        ),
        (
            "x: {default: 3, maximum: 4}",
            {"x": "5"},
            "parameter-out-of-bounds",
            "parameter `x` is 5, above its maximum 4",
        ),
        (
            "x: {default: a, values: [a, b]}",
            {"x": "c"},
            "parameter-out-of-bounds",
            "parameter `x` is `c`, which is none of its `values`",
        ),
        (
            "x: 3",
            {"y": "1"},
            "undeclared-parameter",
            "a value is given for `y`, which is no parameter",
        ),
    ],
)
def test_a_wrong_value_is_one_error(
    compile_pipeline: Callable[..., Compiled],
    declared: str,
    given: Mapping[str, object],
    code: str,
    message: str,
) -> None:
    result = compile_pipeline(spec(declared), FILES, given)
    assert [(d.code.name, d.message) for d in result.diagnostics] == [(code, message)]
    assert result.plan is None


def test_a_misspelt_name_from_the_command_line_gets_a_suggestion(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(spec("x: 1\n  trees: 2"), FILES, {"tree": "1"})
    errors = [d for d in result.diagnostics if d.severity == "error"]
    assert [error.help for error in errors] == ["did you mean `trees`?"]


def test_a_parameter_that_nothing_reads_is_a_warning(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(spec("x: 1\n  trees: 2"), FILES)
    assert [(d.code.name, d.severity) for d in result.diagnostics] == [
        ("unused-parameter", "warning")
    ]
    assert result.plan is not None


@pytest.mark.parametrize(
    "declared",
    [
        "x: {type: integer, default: many}",
        "x: {type: integer, default: 0, minimum: 1}",
        "x: {type: integer, default: 2, minimum: 3, maximum: 1}",
        "x: {type: integer, default: 2, values: [a, 2]}",
    ],
)
def test_a_wrong_declaration_is_one_error_and_no_cascade(
    compile_pipeline: Callable[..., Compiled], declared: str
) -> None:
    result = compile_pipeline(spec(declared), FILES)
    assert len(result.diagnostics) == 1
    assert result.plan is None


def test_a_value_that_is_given_does_not_excuse_a_wrong_default(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    result = compile_pipeline(spec("x: {type: integer, default: many}"), FILES, {"x": "3"})
    assert len(result.diagnostics) == 1
