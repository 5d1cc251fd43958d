"""Lowering: what a plan says of tasks, calls, resources, seeds and order."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.driver import Compiled
from reprocc.compiler.lowering.seed import derive_seed
from reprocc.compiler.passes import PASSES
from reprocc.compiler.plan import OnOutOfMemory, Plan, Resources, Retries, Transformation

FILES = {"verbs.py": "def make(**given): return {}\n", "raw.json": "{}", "data.csv": "a\n1\n"}


def plan_of(result: Compiled) -> Plan:
    assert result.plan is not None, [(d.code.name, d.message) for d in result.diagnostics]
    return result.plan


def spec(extra: str = "", top: str = "", outputs: str = "[m]") -> str:
    return f"""\
reprocc: 1
name: lower
{top}
artifacts:
  raw: {{kind: metrics, source: raw.json}}
  data: {{kind: table, source: data.csv}}
  m: {{kind: metrics}}
transformations:
  fit:
    python: verbs:make
    inputs: [raw]
    outputs: {outputs}
{extra}
"""


@pytest.fixture
def definition(compile_pipeline: Callable[..., Compiled]) -> Callable[..., Transformation]:
    def run(extra: str = "", top: str = "") -> Transformation:
        return plan_of(compile_pipeline(spec(extra, top), FILES)).transformations[0]

    return run


def test_a_seed_is_the_hash_of_what_the_task_is() -> None:
    text = b'["seed1",7,"fit","depth=4,fold=1",null]'
    entropy = hashlib.sha256(text).hexdigest()
    assert derive_seed(7, "fit", "depth=4,fold=1") == (
        int(entropy, 16) % 2**31,
        entropy,
    )


@given(st.integers(0, 2**31 - 1), st.sampled_from(["fit", "split"]), st.integers())
def test_a_seed_fits_what_every_library_accepts(seed: int, name: str, value: int) -> None:
    number, entropy = derive_seed(seed, name, f"depth={value}")
    assert 0 <= number < 2**31
    assert len(entropy) == 64


@pytest.mark.parametrize(
    ("written", "seeds", "entropies"),
    [
        ('"${seed}"', [7, 7], ["7", "7"]),
        ("20", [20, 20], ["14", "14"]),
        ('"${matrix.d}"', [1, 2], ["1", "2"]),
    ],
)
def test_a_seed_that_is_given_is_seed_and_entropy(
    compile_pipeline: Callable[..., Compiled],
    written: str,
    seeds: list[int],
    entropies: list[str],
) -> None:
    text = spec(f"    seed: {written}\n    matrix: {{d: [1, 2]}}\n", "seed: 7")
    tasks = plan_of(compile_pipeline(text, FILES)).tasks
    assert [task.seed for task in tasks] == seeds
    assert [task.entropy for task in tasks] == entropies


def test_an_expression_reads_the_seed_of_the_task(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = spec('    arguments: {s: "${seed}"}\n')
    (task,) = plan_of(compile_pipeline(text, FILES)).tasks
    assert json.loads(task.arguments) == {"s": task.seed}


def test_settings_that_are_silent_have_their_defaults(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    plan = plan_of(compile_pipeline(spec(), FILES))
    (task,) = plan.tasks
    assert task.resources == Resources(
        cpus=1.0, gpus=0.0, gpu_type=None, memory=None, labels=(), custom=()
    )
    assert (task.threads, task.timeout, task.arguments) == (1, None, "{}")
    (found,) = plan.transformations
    assert found.retries == Retries(attempts=3, causes=("worker-lost",), backoff=1.0)
    assert (found.environment.name, found.environment.variables) == ("default", ())
    assert (found.numerics, found.isolation, found.deterministic) == (
        "deterministic",
        "process",
        True,
    )


def test_resources_are_evaluated_at_each_point(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    extra = """\
    matrix: {d: [1, 2]}
    threads: "${matrix.d}"
    timeout: "${matrix.d}m"
    resources:
      cpus: "${matrix.d}"
      gpus: 0.5
      gpu_type: H100
      memory: "${matrix.d}GiB"
      labels: {zone: "z${matrix.d}"}
      custom: {licence: 1}
"""
    first, second = plan_of(compile_pipeline(spec(extra), FILES)).tasks
    assert second.resources == Resources(
        cpus=2.0,
        gpus=0.5,
        gpu_type="H100",
        memory=2**31,
        labels=(("zone", "z2"),),
        custom=(("licence", 1.0),),
    )
    assert (first.threads, first.timeout, second.threads, second.timeout) == (1, 60.0, 2, 120.0)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ('resources: {memory: "${matrix.d}"}', None),
        ("resources: {memory: \"${'much'}\"}", "memory is `much`"),
        ('resources: {gpus: "${matrix.d + 0.5}"}', "`gpus` is 1.5"),
        ('resources: {cpus: "${-1}"}', "`cpus` is -1"),
        ('threads: "${0}"', "`threads` is 0"),
        ("timeout: \"${'soon'}\"", "`timeout` is `soon`"),
        ('seed: "${-1}"', "`seed` is -1"),
        ('seed: "${1.5}"', "`seed` is `1.5`"),
        ('arguments: {a: "${1 / (matrix.d - 2)}"}', "divides by zero at `fit[d=2]`"),
    ],
)
def test_a_value_that_does_not_suit_is_reported_once_with_its_point(
    compile_pipeline: Callable[..., Compiled], extra: str, message: str | None
) -> None:
    result = compile_pipeline(spec(f"    {extra}\n    matrix: {{d: [1, 2, 3]}}\n"), FILES)
    if message is None:
        assert plan_of(result).tasks[0].resources.memory == 1
        return
    (found,) = result.diagnostics
    assert message.replace("memory is", "`memory` is") in found.message
    assert result.plan is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("retries: {attempts: 5}", Retries(attempts=5, causes=("worker-lost",), backoff=1.0)),
        (
            "retries: {on: [timeout, error]}",
            Retries(attempts=3, causes=("timeout", "error"), backoff=1.0),
        ),
        (
            "retries: {attempts: 2, backoff: 500ms}",
            Retries(attempts=2, causes=("worker-lost",), backoff=0.5),
        ),
        (
            "on_out_of_memory: {memory: 2x}",
            Retries(attempts=3, causes=("worker-lost", "out-of-memory"), backoff=1.0),
        ),
    ],
)
def test_what_retries_name_replaces_the_default_and_nothing_else(
    definition: Callable[..., Transformation], written: str, expected: Retries
) -> None:
    assert definition(f"    {written}\n").retries == expected


def test_more_memory_is_a_factor_or_an_amount(definition: Callable[..., Transformation]) -> None:
    grown = definition("    on_out_of_memory: {memory: 2x, maximum: 64GiB}\n").on_out_of_memory
    assert grown == OnOutOfMemory(factor=2.0, memory=None, maximum=64 * 2**30)
    fixed = definition("    on_out_of_memory: {memory: 8GB}\n").on_out_of_memory
    assert fixed == OnOutOfMemory(factor=None, memory=8 * 10**9, maximum=None)


def test_the_default_environment_applies_where_none_is_named(
    definition: Callable[..., Transformation],
) -> None:
    top = (
        "parameters: {n: 3}\n"
        'environments: {default: {variables: {B: "${parameters.n}", A: x}, pass: [HF_HOME]}}'
    )
    environment = definition(top=top).environment
    assert environment.name == "default"
    assert environment.variables == (("A", "x"), ("B", "3"))
    assert environment.passed == ("HF_HOME",)


def test_tasks_go_by_the_longest_path_below_then_by_name_and_point(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    text = """\
reprocc: 1
name: order
artifacts:
  raw: {kind: metrics, source: raw.json}
  a: {kind: metrics}
  b: {kind: metrics}
  c: {kind: metrics}
  d: {kind: metrics}
  e: {kind: metrics}
transformations:
  a_leaf: {python: "verbs:make", inputs: {x: raw}, outputs: [a]}
  z_first: {python: "verbs:make", inputs: {x: raw}, outputs: [b], matrix: {d: [10, 9]}}
  middle: {python: "verbs:make", gather: {x: b}, outputs: [c]}
  end: {python: "verbs:make", inputs: {x: c, y: a}, outputs: [d]}
  other: {python: "verbs:make", inputs: {x: c}, outputs: [e]}
"""
    plan = plan_of(compile_pipeline(text, FILES))
    assert [task.id for task in plan.tasks] == [
        "z_first[d=9]",
        "z_first[d=10]",
        "a_leaf",
        "middle",
        "end",
        "other",
    ]
    for change in PASSES:
        assert change(plan) == plan


def test_a_hundred_thousand_points_are_lowered_in_seconds_and_share_what_is_equal(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    extra = """\
    arguments: {a: "${matrix.a * 2}"}
    matrix: {a: "${range(1000)}", b: "${range(100)}"}
"""
    began = time.process_time()
    plan = plan_of(compile_pipeline(spec(extra), FILES))
    assert time.process_time() - began < 10
    assert len(plan.tasks) == 100_000
    assert len({id(task.inputs[0]) for task in plan.tasks}) == 1
    assert len({id(task.resources) for task in plan.tasks}) == 1
    assert len({id(task.arguments) for task in plan.tasks}) == 1000
    assert len({id(task.outputs) for task in plan.tasks}) == 1
    coordinates = {id(coordinate) for task in plan.tasks for coordinate in task.point}
    assert len(coordinates) == 1000 + 100
    assert len({task.seed for task in plan.tasks}) > 99_900


def test_settings_that_name_some_axes_are_combined_at_every_point(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    extra = """\
    arguments: {b: "${matrix.b}", a: "${matrix.a * 2}", c: "${matrix.a + matrix.b}", d: 1}
    resources: {memory: "${matrix.b + 1}GiB"}
    matrix: {a: "${range(30)}", b: "${range(20)}"}
"""
    plan = plan_of(compile_pipeline(spec(extra), FILES))
    for task in plan.tasks:
        a, b = (int(value) for _, value in task.point)
        assert task.arguments == f'{{"a":{a * 2},"b":{b},"c":{a + b},"d":1}}'
        assert task.resources.memory == (b + 1) * 2**30
    assert len({id(task.resources) for task in plan.tasks}) == 20


def test_equal_numbers_of_different_types_are_different_values_of_a_setting(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    extra = """\
    arguments: {a: "${matrix.a}", b: "${matrix.b}"}
    matrix: {a: [1, 1.0, true], b: [1, 1.0]}
"""
    plan = plan_of(compile_pipeline(spec(extra), FILES))
    assert sorted(task.arguments for task in plan.tasks) == sorted(
        f'{{"a":{a},"b":{b}}}' for a in ("1", "1.0", "true") for b in ("1", "1.0")
    )
