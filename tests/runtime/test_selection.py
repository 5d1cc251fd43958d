"""What names mean, and which tasks the options leave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.compiler.driver import compile_file
from reprocc.compiler.plan import Plan
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.prepare import Problem
from reprocc.runtime.selection import Selection, Wanted, matching, narrow, select

CHAIN = Path(__file__).resolve().parent.parent / "pipelines" / "chain" / "pipeline.yaml"
POINTS = ("width=1", "width=2", "width=3")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """clean → scale → fit[width] → evaluate[width] → write; evaluate reads scale's table too."""
    compiled = compile_file(CHAIN, shown="pipeline.yaml", given={}, workspace=Workspace())
    assert compiled.plan is not None
    return compiled.plan


def selected(plan: Plan, **options: tuple[str, ...]) -> Selection:
    found = select(plan, Wanted(**options))
    assert isinstance(found, Selection), found
    return found


def problems(plan: Plan, **options: tuple[str, ...]) -> list[tuple[str, str, str | None]]:
    found = select(plan, Wanted(**options))
    assert isinstance(found, tuple)
    return [(one.subject, one.message, one.help) for one in found]


def test_only_leaves_the_named_and_needs_all_above(plan: Plan) -> None:
    found = selected(plan, only=("evaluate[width=2]",))
    assert found.tasks == {"evaluate[width=2]"}
    assert found.needed == {"clean", "scale", "fit[width=2]"}


def test_several_names_add_up(plan: Plan) -> None:
    found = selected(plan, only=("clean", "fit[width=1]"))
    assert found.tasks == {"clean", "fit[width=1]"}
    assert found.needed == {"scale"}


def test_from_leaves_all_below(plan: Plan) -> None:
    found = selected(plan, from_=("fit[width=3]",))
    assert found.tasks == {"fit[width=3]", "evaluate[width=3]", "write"}
    assert "evaluate[width=1]" in found.needed


def test_until_leaves_all_above_and_needs_nothing(plan: Plan) -> None:
    found = selected(plan, until=("fit[width=3]",))
    assert found.tasks == {"clean", "scale", "fit[width=3]"}
    assert found.needed == frozenset()


def test_options_narrow_each_other(plan: Plan) -> None:
    found = selected(plan, from_=("scale",), until=("evaluate[width=1]",))
    assert found.tasks == {"scale", "fit[width=1]", "evaluate[width=1]"}
    assert found.needed == {"clean"}


def test_force_selects_nothing_by_itself(plan: Plan) -> None:
    found = selected(plan, forced=("fit",))
    assert found.tasks == {task.id for task in plan.tasks}
    assert found.forced == {f"fit[{point}]" for point in POINTS}
    assert selected(plan, only=("fit[width=1]",), forced=("fit",)).forced == {"fit[width=1]"}
    assert problems(plan, only=("fit",), forced=("clean",)) == [
        (
            "--force clean",
            "`clean` is forced, but it is not selected",
            "`--force` selects nothing by itself: select it too",
        )
    ]


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("fitt", "the pipeline has no transformation `fitt`", "did you mean `fit`?"),
        (
            "weights",
            "the pipeline has no transformation `weights`",
            "`weights` is an artifact; `fit` makes it",
        ),
        (
            "fit[width=9]",
            "`fit` has no such point",
            "it has `fit[width=1]`, `fit[width=2]`, `fit[width=3]`",
        ),
        ("fit[width=true]", "`fit` has no such point", None),
        ("clean[width=1]", "`clean` has no such point", "it has no axes: write `clean`"),
        ("fit[width=1", "`fit[width=1` names no task", None),
        ("fit[]", "`fit[]` names no task", None),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_the_mend(
    plan: Plan, name: str, message: str, help: str | None
) -> None:
    ((subject, said, mend),) = problems(plan, until=(name,))
    assert (subject, said) == (f"--until {name}", message)
    assert help is None or mend == help
    assert isinstance(one := matching(plan, name), Problem)
    assert one.message == message


def test_all_wrong_names_are_reported_at_once(plan: Plan) -> None:
    found = problems(plan, only=("a", "clean"), from_=("b",), until=("c",), forced=("d",))
    assert [subject for subject, _, _ in found] == [
        "--only a",
        "--from b",
        "--until c",
        "--force d",
    ]


def test_options_that_exclude_each_other_are_refused(plan: Plan) -> None:
    ((subject, message, _),) = problems(plan, from_=("write",), until=("clean",))
    assert subject == "--from write --until clean"
    assert message == "no task is selected by all of these options"


def test_a_part_of_a_point_means_all_tasks_that_have_it(plan: Plan) -> None:
    tasks = tuple(
        replace(task, point=(*task.point, ("zeal", zeal)), id=f"{task.id}{zeal}")
        for task in plan.tasks
        for zeal in (1, 2)
    )
    grid = replace(plan, tasks=tasks)
    assert matching(grid, "fit[width=2]") == ("fit[width=2]1", "fit[width=2]2")
    assert matching(grid, "fit[zeal=2,width=2]") == ("fit[width=2]2",)
    assert matching(grid, "clean[zeal=1]") == ("clean1",)


def test_a_narrowed_plan_has_no_more_than_it_needs(plan: Plan) -> None:
    small = narrow(plan, selected(plan, until=("scale",)))
    assert [task.id for task in small.tasks] == ["clean", "scale"]
    assert [one.id for one in small.artifacts] == ["cleaned", "raw", "scaled"]
    assert [one.name for one in small.transformations] == ["clean", "scale"]
    assert [one.artifact for one in small.sources] == ["raw"]
    assert narrow(plan, selected(plan, forced=("fit",))) is plan
