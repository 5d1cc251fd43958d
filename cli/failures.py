"""What failed in a run, as diagnostics that point into the spec."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..compiler.diagnostic import Code, Diagnostic, Label
from ..compiler.source import Source, Span, line_text, position
from ..runtime.events import Failure, FailureReason, TaskEnded
from . import codes
from .status import FAULT, REFUSED

if TYPE_CHECKING:
    from ..compiler.driver import Compiled
    from ..runtime.prepare import Problem

WORLD: frozenset[FailureReason] = frozenset({"worker-lost", "infeasible", "store", "internal"})
"""Reasons that are not the user's."""

_CODES: dict[FailureReason, Code] = {
    "wrong-output": codes.WRONG_OUTPUT,
    "input-changed": codes.INPUT_CHANGED,
    "contract": codes.CONTRACT_BROKEN,
}

_PROBLEMS: dict[str, Code] = {
    "source": codes.SOURCE_REFUSED,
    "environment": codes.MISSING_MODULE,
    "selection": codes.UNKNOWN_SELECTION,
    "upstream": codes.UPSTREAM_NOT_READY,
}


def status_of(failures: list[TaskEnded]) -> int:
    """Return the exit status for what failed: the user's mistakes before the world's."""
    reasons = {found.failure.reason for found in failures if found.failure is not None}
    return FAULT if reasons and reasons <= WORLD else REFUSED


def task_diagnostic(compiled: Compiled, ended: TaskEnded) -> Diagnostic:
    """Return a failed task as a diagnostic: at the place in its query, or at its transformation."""
    failure = ended.failure
    assert failure is not None, "only a failed task has a diagnostic"
    code = _CODES.get(failure.reason, codes.TASK_FAILED)
    label = Label(span=_transformation(compiled, ended.task.partition("[")[0]))
    place = failure_place(compiled, ended)
    return Diagnostic(
        code=code,
        message=_at_its_point(compiled, ended.task, failure.message),
        primary=label if place is None else Label(span=place),
        related=() if place is None else (replace(label, message="in this transformation"),),
        help=failure.help,
    )


def failure_place(compiled: Compiled, ended: TaskEnded) -> Span | None:
    """Return where within its query a task failed, or None where nothing says it."""
    if ended.failure is None or ended.failure.query_offset is None:
        return None
    from .query_place import query_place

    return query_place(compiled, ended.task, ended.failure.query_offset)


def _at_its_point(compiled: Compiled, task: str, message: str) -> str:
    """Name the task, or the artifact at the task's point, where the message begins with either."""
    assert compiled.plan is not None, "only what compiled runs"
    name, bracket, point = task.partition("[")
    matched = re.match(r"`([a-z0-9_]+)` ", message)
    first = "" if matched is None else matched[1]
    if first == name or any(artifact.id == first for artifact in compiled.plan.artifacts):
        return message.replace(f"`{first}`", f"`{first}{bracket}{point}`", 1)
    return f"`{task}` failed: {message}"


def told(ended: TaskEnded) -> str:
    """Return a failure in one line: which task, and why."""
    assert ended.failure is not None, "only what failed has a reason"
    name = f"`{ended.task.partition('[')[0]}` "
    message = ended.failure.message
    is_about_it = message.startswith(name)
    return (
        f"{ended.task} {message.removeprefix(name)}" if is_about_it else f"{ended.task}: {message}"
    )


def detail_lines(compiled: Compiled, ended: TaskEnded) -> str:
    """Return what follows a failure's diagnostic: the traceback or report, indented."""
    failure: Failure | None = ended.failure
    lines = [] if failure is None else failure.detail.splitlines()
    # The headline of a contract with one rule broken has said it all but the rows.
    if failure is not None and failure.reason == "contract" and lines:
        said = lines[0].removeprefix("error: ")
        lines = lines[1:] if failure.message.endswith(f": {said}") else lines
    place = failure_place(compiled, ended)
    if place is not None and _is_drawn(lines[0], place):
        lines = lines[2:]
    return "".join(f"    {line}\n" for line in lines)


def _is_drawn(line: str, place: Span) -> bool:
    """Whether a line of a query, after its number, is as in the spec, where values stand in it."""
    text = line.partition(" | ")[2].strip()
    written = line_text(place.source, position(place.source, place.start).line).strip()
    return text in written or written in text


def problem_diagnostic(compiled: Compiled, problem: Problem) -> Diagnostic:
    """Return what kept a run from starting as a diagnostic."""
    code = _PROBLEMS[problem.kind]
    if problem.kind == "selection":
        # Not the spec is wrong but what was written on the command line.
        line = Source(path="command line", text=problem.subject)
        span = Span(line, 0, len(problem.subject))
    elif problem.span is not None and compiled.source is not None:
        span = Span(compiled.source, *problem.span)
    elif problem.kind in ("environment", "upstream"):
        span = _transformation(compiled, problem.subject)
    else:
        span = _artifact(compiled, problem.subject)
    return Diagnostic(
        code=code, message=problem.message, primary=Label(span=span), help=problem.help
    )


def _transformation(compiled: Compiled, name: str) -> Span:
    assert compiled.spec is not None, "there is no plan without a spec"
    for found in compiled.spec.transformations:
        if found.name.text == name:
            return found.name.span
    return compiled.spec.span


def _artifact(compiled: Compiled, name: str) -> Span:
    assert compiled.spec is not None, "there is no plan without a spec"
    for found in compiled.spec.artifacts:
        if found.name.text == name:
            return found.name.span
    return compiled.spec.span
