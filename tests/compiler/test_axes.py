"""Axes: which points everything has, and what is refused because a point would be lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.axes.join import TooManyPoints, join_points, lost_points
from reprocc.compiler.axes.matrix import identity_of
from reprocc.compiler.driver import Compiled
from reprocc.compiler.point import Point, point_of

CODE = "def make(**given): return {}\n"


def spec(matrix: str, rest: str = "", artifacts: str = "") -> str:
    return f"""\
reprocc: 1
name: axes
artifacts:
  raw: {{kind: metrics, source: raw.json}}
  m: {{kind: metrics}}
{artifacts}
transformations:
  fit:
    python: verbs:make
    inputs: {{raw: raw}}
    outputs: [m]
    matrix: {matrix}
{rest}
"""


FILES = {"verbs.py": CODE, "raw.json": "{}"}


@pytest.fixture
def compiled(compile_pipeline: Callable[..., Compiled]) -> Callable[..., Compiled]:
    def run(text: str, files: dict[str, str] | None = None) -> Compiled:
        return compile_pipeline(text, {**FILES, **(files or {})})

    return run


def task_ids(result: Compiled, transformation: str = "fit") -> list[str]:
    assert result.plan is not None, [(d.code.name, d.message) for d in result.diagnostics]
    return [task.id for task in result.plan.tasks if task.transformation == transformation]


def codes(result: Compiled) -> list[str]:
    return [diagnostic.code.name for diagnostic in result.diagnostics]


def test_axes_multiply_and_points_stand_in_order_of_names_and_values(
    compiled: Callable[..., Compiled],
) -> None:
    ids = task_ids(compiled(spec("{b: [10, 9, 0.5], a: [true, x]}")))
    assert ids == [
        "fit[a=true,b=0.5]",
        "fit[a=true,b=9]",
        "fit[a=true,b=10]",
        "fit[a=x,b=0.5]",
        "fit[a=x,b=9]",
        "fit[a=x,b=10]",
    ]


def test_values_that_python_calls_equal_are_different_points(
    compiled: Callable[..., Compiled],
) -> None:
    ids = task_ids(compiled(spec("{a: [1, 1.0, true, '1', 'true']}")))
    assert ids == ["fit[a=true]", "fit[a=1.0]", "fit[a=1]", 'fit[a="1"]', 'fit[a="true"]']


def test_exclude_removes_partial_points_and_include_adds_whole_ones(
    compiled: Callable[..., Compiled],
) -> None:
    matrix = "{a: [1, 2], b: [1, 2], exclude: [{a: 1}], include: [{a: 9, b: 1}, {a: 2, b: 2}]}"
    ids = task_ids(compiled(spec(matrix)))
    assert ids == ["fit[a=2,b=1]", "fit[a=2,b=2]", "fit[a=9,b=1]"]


def test_an_axis_may_be_an_expression_for_a_list(compiled: Callable[..., Compiled]) -> None:
    assert task_ids(compiled(spec('{a: "${range(2)}"}'))) == ["fit[a=0]", "fit[a=1]"]


def test_a_label_names_the_point_and_its_value_is_read(compiled: Callable[..., Compiled]) -> None:
    rest = '    arguments: {g: "${matrix.family.grid}"}\n'
    result = compiled(spec("{family: {forest: {grid: [1]}, linear: {grid: [2]}}}", rest))
    assert task_ids(result) == ["fit[family=forest]", "fit[family=linear]"]
    assert result.plan is not None
    assert [task.arguments for task in result.plan.tasks] == ['{"g":[1]}', '{"g":[2]}']


FLOW = """\
  score:
    python: verbs:make
    inputs: {m: m}
    outputs: [s]
    matrix: {fold: [1, 2]}
    arguments: {d: "${matrix.depth}"}
  best:
    python: verbs:make
    gather: {s: {artifact: s, over: [fold]}}
    outputs: [b]
  all:
    python: verbs:make
    gather: {b: b, s: s}
    inputs: {one: {artifact: m, at: {depth: 4}}}
    outputs: [z]
"""
KINDS = "  s: {kind: metrics}\n  b: {kind: metrics}\n  z: {kind: metrics}\n"


def test_axes_flow_along_inputs_and_vanish_in_gather_and_at(
    compiled: Callable[..., Compiled],
) -> None:
    result = compiled(spec("{depth: [2, 4]}", FLOW, KINDS))
    assert task_ids(result, "score") == [
        "score[depth=2,fold=1]",
        "score[depth=2,fold=2]",
        "score[depth=4,fold=1]",
        "score[depth=4,fold=2]",
    ]
    assert task_ids(result, "best") == ["best[depth=2]", "best[depth=4]"]
    assert task_ids(result, "all") == ["all"]
    assert result.plan is not None
    best = next(task for task in result.plan.tasks if task.id == "best[depth=4]")
    assert best.inputs[0].points == (
        (("depth", 4), ("fold", 1)),
        (("depth", 4), ("fold", 2)),
    )
    assert best.inputs[0].gathered == ("fold",)
    final = result.plan.tasks[-1]
    by_name = {read.parameter: read for read in final.inputs}
    assert by_name["one"].points == ((("depth", 4),),)
    assert by_name["one"].gathered is None
    assert len(by_name["s"].points) == 4
    axes = {artifact.id: artifact.axes for artifact in result.plan.artifacts}
    assert (axes["m"], axes["s"], axes["b"], axes["z"]) == (
        ("depth",),
        ("depth", "fold"),
        ("depth",),
        (),
    )


def test_a_source_may_have_axes(compiled: Callable[..., Compiled]) -> None:
    text = """\
reprocc: 1
name: regions
artifacts:
  raw: {kind: table, source: "${matrix.region}.csv", matrix: {region: [eu, us]}}
  m: {kind: metrics}
transformations:
  fit: {python: "verbs:make", inputs: [raw], outputs: [m]}
"""
    result = compiled(text, {"eu.csv": "a\n1\n", "us.csv": "a\n1\n"})
    assert task_ids(result) == ["fit[region=eu]", "fit[region=us]"]
    assert result.plan is not None
    assert [source.location for source in result.plan.sources] == ["eu.csv", "us.csv"]


def test_labels_add_values_to_an_axis_of_the_same_name(compiled: Callable[..., Compiled]) -> None:
    rest = """\
  use:
    python: verbs:make
    inputs: {m: m}
    outputs: [s]
    matrix: {region: {eu: {k: 1}, us: {k: 2}}}
    arguments: {k: "${matrix.region.k}"}
"""
    result = compiled(spec("{region: [us, eu]}", rest, "  s: {kind: metrics}\n"))
    assert result.plan is not None
    arguments = [task.arguments for task in result.plan.tasks if task.transformation == "use"]
    assert arguments == ['{"k":1}', '{"k":2}']


JOINED = """\
  use:
    python: verbs:make
    inputs: {{m: m}}
    outputs: [s]
    matrix: {matrix}
"""


@pytest.mark.parametrize(
    ("own", "other", "code", "message"),
    [
        ("{d: [1, 2, 3]}", "{d: [1, 2]}", "lost-point", "`use` would lose `m[d=3]`"),
        ("{d: [1]}", "{d: [1, 2, 3]}", "lost-point", "`use` would lose `use[d=2]` and 1 more"),
        ("{d: [1]}", "{d: ['1']}", "lost-point", "`use` would lose `m[d=1]`"),
        (
            "{d: {a: 1}}",
            "{d: {a: 2}}",
            "axis-values-clash",
            "in `use` label `a` of axis `d` has two values",
        ),
        (
            '{d: "${range(2000)}"}',
            '{e: "${range(2000)}"}',
            "too-many-points",
            "`use` has more than 1000000 points: 4000000",
        ),
    ],
)
def test_axes_that_do_not_fit_together_are_one_error(
    compiled: Callable[..., Compiled], own: str, other: str, code: str, message: str
) -> None:
    result = compiled(spec(own, JOINED.format(matrix=other), "  s: {kind: metrics}\n"))
    assert [(d.code.name, d.message) for d in result.diagnostics] == [(code, message)]
    assert result.plan is None


@pytest.mark.parametrize(
    ("matrix", "code", "marked"),
    [
        ('{a: "${range(0)}"}', "axis-without-values", '"${range(0)}"'),
        ('{a: "${[1, 1]}"}', "duplicate-axis-value", '"${[1, 1]}"'),
        ('{a: "${[[1], [2]]}"}', "wrong-type", '"${[[1], [2]]}"'),
        ('{a: "${3}"}', "wrong-type", '"${3}"'),
        ('{a: "${[None]}"}', "wrong-type", '"${[None]}"'),
        ('{a: "${seed}"}', "name-not-here", "seed"),
        ('{a: ["${1 / 0}"]}', "division-by-zero", "1 / 0"),
        ("{a: [1], exclude: [{a: 1}]}", "no-points-left", "a"),
        ("{a: [1], exclude: [{b: 1}]}", "unknown-axis", "b"),
        ("{a: [1], b: [1], include: [{a: 1}]}", "incomplete-point", "{a: 1}"),
        ("{a: {x: 1}, include: [{a: y}]}", "unknown-label", "y"),
        ('{a: "${range(2000)}", b: "${range(501)}"}', "too-many-points", "a"),
    ],
)
def test_a_wrong_matrix_is_one_error_at_its_place(
    compiled: Callable[..., Compiled], matrix: str, code: str, marked: str
) -> None:
    result = compiled(spec(matrix))
    assert codes(result) == [code]
    assert result.diagnostics[0].primary.span.text == marked
    assert result.plan is None


def test_an_exclude_that_matches_nothing_is_a_warning(compiled: Callable[..., Compiled]) -> None:
    result = compiled(spec("{a: [1], exclude: [{a: 2}]}"))
    assert codes(result) == ["exclude-matches-nothing"]
    assert result.plan is not None


@pytest.mark.parametrize(
    ("read", "code", "message"),
    [
        (
            "inputs: {m: {artifact: m, at: {depth: 3}}}",
            "no-such-point",
            "there is no point `m[depth=3]`",
        ),
        ("inputs: {m: {artifact: m, at: {dept: 2}}}", "unknown-axis", "`m` has no axis `dept`"),
        ("gather: {m: {artifact: m, over: [fold]}}", "unknown-axis", "`m` has no axis `fold`"),
    ],
)
def test_at_and_over_name_axes_and_values_that_exist(
    compiled: Callable[..., Compiled], read: str, code: str, message: str
) -> None:
    rest = f"  use:\n    python: verbs:make\n    {read}\n    outputs: [s]\n"
    result = compiled(spec("{depth: [2, 4]}", rest, "  s: {kind: metrics}\n"))
    assert codes(result) == [code]
    assert result.diagnostics[0].message.startswith(message)


AXES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True)
VALUES = st.sampled_from([0, 1, 1.0, True, "x"])


@st.composite
def point_sets(draw: st.DrawFn) -> tuple[Point, ...]:
    axes = draw(AXES)
    rows = draw(st.lists(st.tuples(*[VALUES for _ in axes]), min_size=1, max_size=5))
    points = [point_of(dict(zip(axes, row, strict=True))) for row in rows]
    return tuple({identity_of(point): point for point in points}.values())


@given(st.lists(point_sets(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_join_does_not_depend_on_the_order_of_its_parts(parts, random) -> None:  # type: ignore[no-untyped-def]
    joined = [identity_of(point) for point in join_points(parts)]
    random.shuffle(parts)
    assert [identity_of(point) for point in join_points(parts)] == joined


@given(st.lists(point_sets(), min_size=1, max_size=3))
def test_the_join_is_every_combination_that_agrees(parts: list[tuple[Point, ...]]) -> None:
    expected = set()
    for chosen in itertools.product(*parts):
        merged: dict[str, tuple[str, object]] = {}
        pairs = [pair for point in chosen for pair in identity_of(point)]
        if all(
            merged.setdefault(axis, (kind, value)) == (kind, value) for axis, kind, value in pairs
        ):
            expected.add(tuple((axis, *merged[axis]) for axis in sorted(merged)))
    joined = join_points(parts)
    assert {identity_of(point) for point in joined} == expected
    assert len(joined) == len(expected)
    for part in parts:
        survivors = {
            identity_of(tuple(pair for pair in point if pair[0] in dict(part[0])))
            for point in joined
        }
        lost = {identity_of(point) for point in lost_points(part, joined)}
        assert lost == {identity_of(point) for point in part} - survivors


def test_a_join_of_too_many_points_is_refused_before_it_is_made() -> None:
    left = tuple(point_of({"a": number}) for number in range(1001))
    right = tuple(point_of({"b": number}) for number in range(1000))
    with pytest.raises(TooManyPoints):
        join_points([left, right])
