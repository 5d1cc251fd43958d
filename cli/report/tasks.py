"""The tasks, a row each, as many as a page can bear."""

from __future__ import annotations

from ...compiler.point import with_point
from ...runtime.description.description import Description
from ...runtime.store.records import TaskRecord
from ..terminal import duration, size
from .markup import Markup, element, join
from .pieces import digest, folded, listing, note, plural, quoted, section, state

_MOST = 500
_MOST_OPEN = 60
_FIRST = {"failed": 0, "cancelled": 1}


def tasks_section(description: Description) -> Markup:
    """Return the section; what failed is never left out of the table before what did not."""
    tasks = description.tasks
    total = len(tasks) + len(description.unfinished)
    if not total:
        return Markup("")
    chosen = tasks
    said = ""
    if total > _MOST:
        chosen = tuple(sorted(tasks, key=lambda task: _FIRST.get(task.state, 2)))[:_MOST]
        said = f"{len(chosen):,} of {total:,} tasks, what failed first; `reprocc show "
        said += f"{description.start.run} --json` has them all."
    rows = [_row(task) for task in chosen]
    rows += [
        (name, state("unfinished"), *[""] * 6)
        for name in description.unfinished[: max(_MOST - len(rows), 0)]
    ]
    table = listing(
        ("task", "state", "time", "attempts", "CPU time", "peak memory", "host", "outputs"),
        rows,
        caption="Every task with what it made" if not said else "Tasks with what they made",
        right=(2, 3, 4, 5),
        class_="tasks",
    )
    title = plural(total, "task")
    return section(
        "tasks",
        "Tasks",
        note(quoted(said)) if said else "",
        folded(title, table, is_open=total <= _MOST_OPEN),
    )


def _row(task: TaskRecord) -> tuple[str, ...]:
    ran = task.attempts > 0
    condition: Markup = state(task.state)
    if task.reused_from:
        condition = join([condition, element("div", f"from {task.reused_from}", class_="note")])
    if task.warnings:
        warned = [element("div", quoted(line), class_="note warning") for line in task.warnings[:3]]
        condition = join([condition, *warned])
    return (
        task.task,
        condition,
        duration(task.seconds) if ran else "",
        str(task.attempts) if ran else "",
        duration(task.cpu_seconds) if ran else "",
        size(task.peak_memory) if task.peak_memory else "",
        task.host,
        join([_output(*output[1:]) for output in task.outputs]),
    )


def _output(artifact: str, version: int, value: str) -> Markup:
    name = with_point(artifact, ())
    return element("div", f"{name}@{version} ", digest(value), class_="output")
