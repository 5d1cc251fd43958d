"""What failed in a run, as diagnostics that point into the spec."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..compiler.diagnostic import Code, Diagnostic, Label
from ..compiler.source import Span
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


def status_of(failures: list[TaskEnded]) -> int:
    """Return the exit status for what failed: the user's mistakes before the world's."""
    reasons = {found.failure.reason for found in failures if found.failure is not None}
    return FAULT if reasons and reasons <= WORLD else REFUSED


def task_diagnostic(compiled: Compiled, ended: TaskEnded) -> Diagnostic:
    """Return a failed task as a diagnostic at its transformation."""
    failure = ended.failure
    assert failure is not None, "only a failed task has a diagnostic"
    code = _CODES.get(failure.reason, codes.TASK_FAILED)
    name = ended.task.partition("[")[0]
    return Diagnostic(
        code=code,
        message=_at_its_point(compiled, ended.task, failure.message),
        primary=Label(span=_transformation(compiled, name)),
        help=failure.help,
    )


def _at_its_point(compiled: Compiled, task: str, message: str) -> str:
    """Name the task, or the artifact at the task's point, where the message begins with either."""
    assert compiled.plan is not None, "only what compiled runs"
    name, bracket, point = task.partition("[")
    matched = re.match(r"`([a-z0-9_]+)` ", message)
    first = "" if matched is None else matched[1]
    if first == name or any(artifact.id == first for artifact in compiled.plan.artifacts):
        return message.replace(f"`{first}`", f"`{first}{bracket}{point}`", 1)
    return f"`{task}` failed: {message}"


def detail_lines(ended: TaskEnded) -> str:
    """Return what follows a failure's diagnostic: the traceback or report, indented."""
    failure: Failure | None = ended.failure
    lines = [] if failure is None else failure.detail.splitlines()
    # The headline of a contract with one rule broken has said it all but the rows.
    if failure is not None and failure.reason == "contract" and lines:
        said = lines[0].removeprefix("error: ")
        lines = lines[1:] if failure.message.endswith(f": {said}") else lines
    return "".join(f"    {line}\n" for line in lines)


def problem_diagnostic(compiled: Compiled, problem: Problem) -> Diagnostic:
    """Return what kept a run from starting as a diagnostic."""
    code = codes.MISSING_MODULE if problem.kind == "environment" else codes.SOURCE_REFUSED
    if problem.span is not None and compiled.source is not None:
        span = Span(compiled.source, *problem.span)
    elif problem.kind == "environment":
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
