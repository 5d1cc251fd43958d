"""Expressions: what they compute, what they refuse, and that they always end."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.document import Mapping, Node, Scalar, Sequence
from reprocc.compiler.expression.scope import Names, Scope
from reprocc.compiler.expression.template import Failed, evaluate, prepare
from reprocc.compiler.reading import read
from reprocc.compiler.source import Source, Span

PARAMETERS = {
    "trees": 200,
    "share": 0.25,
    "name": "forest",
    "is_fast": True,
    "sizes": [1, 2, 3],
    "model": {"depth": 4, "kind": "tree"},
    "zero": 0,
}
AXES = {"depth": 4, "family": {"grid": [1, 2]}}
NAMES = Names(
    place="`fit`",
    parameters=frozenset(PARAMETERS),
    axes=frozenset(AXES),
    seed=True,
    broken=frozenset({"broken"}),
)
SCOPE = Scope(parameters=PARAMETERS, matrix=AXES, seed=11)


def scalar(text: str) -> Scalar:
    written = json.dumps(text, ensure_ascii=False)
    source = Source(path="pipeline.yaml", text=f"a: {written}")
    return Scalar(value=text, span=Span(source, 3, 3 + len(written)), plain=False)


def value_of(text: str) -> object:
    template, diagnostics = prepare(scalar(text), NAMES)
    assert template is not None, [diagnostic.message for diagnostic in diagnostics]
    value = evaluate(template, SCOPE)
    assert not isinstance(value, Failed), [d.message for d in value.diagnostics]
    return value


def faults_of(text: str) -> tuple[Diagnostic, ...]:
    template, diagnostics = prepare(scalar(text), NAMES)
    if template is None:
        return diagnostics
    value = evaluate(template, SCOPE)
    assert isinstance(value, Failed), value
    return value.diagnostics


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${parameters.trees}", 200),
        ("${parameters.share}", 0.25),
        ("${parameters.is_fast}", True),
        ("${matrix.depth * 2 + 1}", 9),
        ("${matrix.family.grid}", [1, 2]),
        ("${matrix.family['grid'][1]}", 2),
        ("${seed}", 11),
        ("${parameters.model.depth}", 4),
        ("${parameters.sizes[-1]}", 3),
        ("${7 // 2}", 3),
        ("${7 / 2}", 3.5),
        ("${-7 % 3}", 2),
        ("${2 ** 10}", 1024),
        ("${10 ** -3}", 0.001),
        ("${2.0 ** 0.5}", math.sqrt(2)),
        ("${1 if matrix.depth > 3 else 0}", 1),
        ("${1 < 2 <= 2}", True),
        ("${not parameters.is_fast or parameters.trees}", 200),
        ("${True == 1}", False),
        ("${1 == 1.0}", True),
        ("${2 in parameters.sizes}", True),
        ("${'or' in parameters.name}", True),
        ("${len(parameters.sizes)}", 3),
        ("${min(3, 1.5)}", 1.5),
        ("${max(parameters.sizes)}", 3),
        ("${round(2.5)}", 2),
        ("${round(2.345, 1)}", 2.3),
        ("${range(3)}", [0, 1, 2]),
        ("${range(4, 0, -2)}", [4, 2]),
        ("${str(1.0) + 'x'}", "1.0x"),
        ("${int('12') + int(2.9)}", 14),
        ("${float('1e3')}", 1000.0),
        ("${[1, 'a'] + [None]}", [1, "a", None]),
        ("${{'a': 1, 'b': {'c': 2}}}", {"a": 1, "b": {"c": 2}}),
        ("${{'a}': 1}['a}']}", 1),
        ("${18446744073709551614 + 1}", 2**64 - 1),
        ("${'ab' * 2}", "abab"),
        ("plain", "plain"),
        ("$${parameters.trees}", "${parameters.trees}"),
        ("cost $5", "cost $5"),
        ("a-${matrix.depth}-${parameters.share}.csv", "a-4-0.25.csv"),
        ("${parameters.is_fast} ", "true "),
        ("${None}!", "null!"),
        ("$${x} ${seed}", "${x} 11"),
    ],
)
def test_an_expression_has_the_value_that_python_gives_it(text: str, value: object) -> None:
    found = value_of(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("${}", "expression-syntax", ""),
        ("${1 +}", "expression-syntax", "1 +"),
        ("${1) + (2}", "expression-syntax", "1) + (2"),
        ("${parameters.trees", "expression-syntax", "${"),
        ("${[x for x in parameters.sizes]}", "expression-not-allowed", None),
        ("${(lambda: 1)()}", "expression-not-allowed", None),
        ("${f'{seed}'}", "expression-not-allowed", "f'{seed}'"),
        ("${parameters.name.upper()}", "expression-not-allowed", None),
        ("${open('x')}", "expression-not-allowed", "open"),
        ("${round(1.5, ndigits=1)}", "expression-not-allowed", None),
        ("${parameters.sizes[1:]}", "expression-not-allowed", "1:"),
        ("${1j}", "expression-not-allowed", "1j"),
        ("${trees}", "unknown-name", "trees"),
        ("${len}", "unknown-name", "len"),
        ("${parameters}", "unknown-name", "parameters"),
        ("${true}", "unknown-name", "true"),
        ("${parameters.tree}", "unknown-parameter", "parameters.tree"),
        ("${matrix.dept}", "unknown-axis", "matrix.dept"),
        ("${1 if True else parameters.nope}", "unknown-parameter", "parameters.nope"),
        ("${1 + 'a'}", "expression-type", "1 + 'a'"),
        ("${True + 1}", "expression-type", "True + 1"),
        ("${[1] < [2]}", "expression-type", "[1] < [2]"),
        ("${-'a'}", "expression-type", "-'a'"),
        ("${len(3)}", "expression-type", "len(3)"),
        ("${min(1, 'a')}", "expression-type", "min(1, 'a')"),
        ("${seed.x}", "expression-type", "seed.x"),
        ("${int('x')}", "expression-value", "int('x')"),
        ("${min([])}", "expression-value", "min([])"),
        ("${range(1, 2, 0)}", "expression-value", None),
        ("${(-8) ** 0.5}", "expression-value", None),
        ("${1 / parameters.zero}", "division-by-zero", "1 / parameters.zero"),
        ("${1 % 0}", "division-by-zero", "1 % 0"),
        ("${0 ** -1}", "division-by-zero", "0 ** -1"),
        ("${2 ** 64}", "number-too-large", "2 ** 64"),
        ("${10 ** 10 ** 10}", "number-too-large", None),
        ("${1e308 * 10}", "number-too-large", "1e308 * 10"),
        ("${10.0 ** 400}", "number-too-large", None),
        ("${1e999}", "number-too-large", "1e999"),
        ("${18446744073709551616}", "number-too-large", None),
        ("${'a' * 10 ** 9}", "expression-too-large", None),
        ("${range(10 ** 18)}", "expression-too-large", None),
        ("${range(-2 ** 63, 2 ** 63)}", "expression-too-large", None),
        ("${[[[0] * 1000] * 1000] * 1000}", "expression-too-large", None),
        (f"${{{'(' * 150 + '1' + ')' * 150}}}", "", None),
        (f"${{{'-' * 150}1}}", "expression-too-large", None),
        (f"${{{'-' * 1900}1}}", "expression-too-large", None),
        (f"${{{'1 + ' * 1000}1}}", "expression-too-large", None),
        ("${parameters.sizes[9]}", "missing-item", "parameters.sizes[9]"),
        ("${parameters.model.dept}", "missing-item", "parameters.model.dept"),
        ("run-${parameters.sizes}", "text-not-scalar", "parameters.sizes"),
    ],
)
def test_a_wrong_expression_is_one_diagnostic_at_its_place(
    text: str, code: str, marked: str | None
) -> None:
    if not code:
        assert value_of(text) == 1
        return
    (fault,) = faults_of(text)
    assert fault.code.name == code
    if marked is not None:
        assert fault.primary.span.text == marked
    assert len(fault.message) <= 100
    assert not fault.message.endswith(".")


def test_a_type_error_names_both_types() -> None:
    (fault,) = faults_of("${parameters.trees + parameters.name}")
    assert fault.message == "`+` does not take integer and string"


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        ("${parameters.tres}", "did you mean `trees`?"),
        ("${matrix.dpeth}", "did you mean `depth`?"),
        ("${trees}", "write `parameters.trees`"),
        ("${depth}", "write `matrix.depth`"),
        ("${true}", "write `True`"),
        ("${lenn('a')}", "did you mean `len`?"),
        ("${parameters.model.deph}", "did you mean `depth`?"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(text: str, help_text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.help == help_text


def test_every_wrong_name_is_reported_at_once() -> None:
    found = faults_of("${parameters.a} ${matrix.b + nothing}")
    assert [fault.code.name for fault in found] == [
        "unknown-parameter",
        "unknown-axis",
        "unknown-name",
    ]


def test_a_broken_parameter_is_not_reported_again() -> None:
    assert prepare(scalar("${parameters.broken}"), NAMES) == (None, ())


def test_axes_and_seed_are_refused_where_there_are_none() -> None:
    names = Names(
        place="the matrix of `fit`",
        parameters=frozenset(),
        axes=None,
        seed=False,
        broken=frozenset(),
    )
    _, found = prepare(scalar("${matrix.depth + seed}"), names)
    assert [fault.code.name for fault in found] == ["name-not-here", "name-not-here"]
    assert found[0].message == "the matrix of `fit` cannot use `matrix.depth`"


def yaml_value(text: str) -> Node:
    document, diagnostics = read(Source(path="p.yaml", text=text))
    assert document is not None, diagnostics
    assert isinstance(document.root, Mapping)
    node = document.root.get("a")
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("a: ${parameters.x}\n", "parameters.x"),
        ("a: 'it''s ${parameters.x}'\n", "parameters.x"),
        ('a: "tab \\t ${parameters.x}"\n', "parameters.x"),
        ("a: |\n  first\n  ${parameters.x} é\n", "parameters.x"),
        ('a: "é ${parameters.x}"\n', "parameters.x"),
        ('a: "\\u0024{parameters.x}"\n', '"\\u0024{parameters.x}"'),
        ("a: \"${'é' + parameters.x}\"\n", "parameters.x"),
    ],
)
def test_a_place_inside_a_scalar_is_exact_or_the_whole_scalar(text: str, marked: str) -> None:
    _, (fault,) = prepare(yaml_value(text), NAMES)
    assert fault.primary.span.text == marked


def test_expressions_are_found_in_nested_lists_and_mappings() -> None:
    node = yaml_value('a: {b: ["${seed}", 1], c: {d: "x${matrix.depth}"}}\n')
    template, _ = prepare(node, NAMES)
    assert template is not None
    assert evaluate(template, SCOPE) == {"b": [11, 1], "c": {"d": "x4"}}


PIECES = st.sampled_from(
    [
        "parameters.trees",
        "parameters.sizes",
        "parameters.name",
        "parameters.model",
        "matrix.depth",
        "seed",
        "0",
        "1",
        "2",
        "-1",
        "1e308",
        "'a'",
        "[]",
        "[1,2]",
        "{'a':1}",
        "True",
        "None",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "<",
        "<=",
        "==",
        "!=",
        "in",
        "not",
        "and",
        "or",
        "if",
        "else",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "len(",
        "min(",
        "max(",
        "round(",
        "range(",
        "str(",
        "int(",
        "float(",
        "9223372036854775807",
        "}",
        "{",
        "'",
        "\\",
        "é",
        "\n",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_text_gives_a_json_value_or_diagnostics_and_never_an_exception(text: str) -> None:
    node = scalar(f"${{{text}}}")
    template, diagnostics = prepare(node, NAMES)
    assert (template is None) == bool(diagnostics)
    if template is not None:
        value = evaluate(template, SCOPE)
        if isinstance(value, Failed):
            assert value.diagnostics
        else:
            json.dumps(value, allow_nan=False)
    for fault in diagnostics:
        span = fault.primary.span
        assert node.span.start <= span.start <= span.end <= node.span.end


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_characters_inside_an_expression_are_survived(text: str) -> None:
    template, diagnostics = prepare(scalar(f"${{{text}}}"), NAMES)
    assert (template is None) == bool(diagnostics)


NUMBERS = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
)


@settings(max_examples=300, deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<", "=="]))
def test_arithmetic_agrees_with_python_wherever_it_has_a_value(
    left: float, right: float, operator: str
) -> None:
    names = Names(
        place="here",
        parameters=frozenset({"x", "y"}),
        axes=None,
        seed=False,
        broken=frozenset(),
    )
    template, _ = prepare(scalar(f"${{parameters.x {operator} parameters.y}}"), names)
    assert template is not None
    value = evaluate(template, Scope(parameters={"x": left, "y": right}))
    if isinstance(value, Failed):
        return
    if operator == "**":
        assert not isinstance(value, complex)
        if isinstance(value, float) and math.isfinite(value):
            assert value == pytest.approx(float(left) ** float(right), rel=1e-9)
        return
    expected = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "//": lambda: left // right,
        "%": lambda: left % right,
        "<": lambda: left < right,
        "==": lambda: left == right,
    }[operator]()
    assert value == expected


def test_a_list_of_nodes_without_expressions_is_taken_as_it_is() -> None:
    node = yaml_value("a: [1, two, null]\n")
    assert isinstance(node, Sequence)
    template, _ = prepare(node, NAMES)
    assert template is not None
    assert evaluate(template, SCOPE) == [1, "two", None]
