"""Why tasks run, at length: what changed in each, for people and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ...runtime.explain import Detail, Explainer, Seen
from ..terminal import short
from .line import listed, reason_of, transformations_of
from .table import group_name

if TYPE_CHECKING:
    from ...compiler.plan import Task
    from ...compiler.point import Point
    from ...runtime.forecast import Forecast
    from ...runtime.predict import Change, Decision
    from ...runtime.store.backend import Backend

_MOST_DETAILS = 10
_MOST_UPSTREAM = 8
_LONGEST_VALUE = 80
_TEXTS = ("command", "query")
"""Components whose diff is the whole answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A task, what would happen to it, and what lies behind each changed component."""

    task: Task
    decision: Decision
    changes: tuple[tuple[Change, tuple[Detail, ...]], ...]


def explanations(
    found: Forecast, backend: Backend | None, chosen: Collection[str]
) -> list[Explanation]:
    """Explain the chosen tasks, in plan order; `backend` is the store, None where there is none."""
    explainer = (
        None if backend is None else Explainer(found.ready, backend=backend, view=found.view)
    )
    pairs = zip(found.ready.bound.plan.tasks, found.decisions, strict=True)
    return [
        Explanation(
            task=task,
            decision=decision,
            changes=tuple(
                (one, () if explainer is None else explainer.details(task, decision, one))
                for one in decision.because
            ),
        )
        for task, decision in pairs
        if task.id in chosen
    ]


def why_record(told: Explanation) -> dict[str, object]:
    """Return an explanation as JSON."""
    decision = told.decision
    return {
        "task": decision.task,
        "decision": decision.decision,
        "reason": decision.reason,
        "run": decision.run,
        "failed_in": decision.failed_in,
        "because": [
            {
                "component": change.component,
                "old": change.old,
                "new": change.new,
                "details": [asdict(each) for each in details],
            }
            for change, details in told.changes
        ],
        "upstream": list(decision.upstream),
        "refusal": decision.refusal,
    }


def why_text(found: Forecast, told: Sequence[Explanation], *, verbose: bool) -> str:
    """Return explanations for people; tasks of a transformation that read alike are told once."""
    points: dict[str, list[Point]] = {}
    for task in found.ready.bound.plan.tasks:
        points.setdefault(task.transformation, []).append(task.point)
    groups: dict[tuple[str, str], list[Explanation]] = {}
    for one in told:
        text = _told(one, verbose=verbose)
        groups.setdefault((one.task.transformation, text), []).append(one)
    upstream = _Upstream(found, points, told)
    said = []
    for (_, text), group in groups.items():
        name = group_name([one.task for one in group], points)
        verb = _verb(group[0].decision, plural=len(group) > 1)
        said.append("\n".join([f"{name} {verb}{text}", *upstream.lines(group)]))
    return "\n".join(said)


def _verb(decision: Decision, *, plural: bool) -> str:
    match decision.decision:
        case "run":
            return "run" if plural else "runs"
        case "reuse" if decision.refusal is not None:
            return "fail" if plural else "fails"
        case "reuse":
            return "are reused" if plural else "is reused"
        case "depends":
            return "depend" if plural else "depends"


def _told(one: Explanation, *, verbose: bool) -> str:
    """Return all but the name and the verb."""
    lines = [_headline(one.decision)]
    for change, details in one.changes:
        lines += _component(change, details, verbose=verbose)
    return "\n".join(lines)


def _headline(decision: Decision) -> str:
    since = f"changed since run {decision.run}" if decision.run and decision.because else ""
    match decision.reason:
        case "reused":
            return f": nothing changed since run {decision.run} made it"
        case "refused":
            return f": {decision.refusal}"
        case "failed":
            return f": it failed in run {decision.failed_in}" + (f"; {since}" if since else "")
        case "missing":
            return ": what it gave is no longer whole in the store"
        case "never-ran":
            return _after(decision, "; it never ran itself") or ": it never ran"
        case "forced":
            return ": it is forced"
        case "changed":
            return f": {since}"
        case "upstream":
            return _after(decision, f", and {since}" if since else "")


def _after(decision: Decision, more: str) -> str:
    if decision.decision != "depends":
        return ""
    names = transformations_of(decision)
    return f" on {listed(names)}, which come{'s' if len(names) == 1 else ''} first{more}"


def _component(change: Change, details: Sequence[Detail], *, verbose: bool) -> list[str]:
    """Return a line for each part of a component that differs."""
    name = change.component.replace("_", " ").replace("input.", "input ")
    if change.old is None or change.new is None:
        return [f"  {name} is {'new' if change.old is None else 'gone'}"]
    if not details:
        return [f"  {name} changed"]
    lines = []
    for each in details[: None if verbose else _MOST_DETAILS]:
        title = name if each.name == change.component else f"{_prefix(name, each)}{each.name}"
        lines.append(f"  {_line(title, each)}")
        if each.diff and change.component in _TEXTS:
            lines += [f"    {line}".rstrip() for line in _lines(each.diff)]
        elif each.diff and verbose:
            lines += [f"    {line}".rstrip() for line in each.diff.splitlines()]
    if len(details) > _MOST_DETAILS and not verbose:
        lines.append(f"  and {len(details) - _MOST_DETAILS} more in {name}")
    return lines


def _lines(diff: str) -> list[str]:
    """Return the lines of a diff without saying what of and where, as is enough for a few."""
    return [line for line in diff.splitlines()[2:] if not line.startswith("@@")]


def _prefix(name: str, detail: Detail) -> str:
    """Return what stands before the name of a part."""
    if name == f"input {detail.name}":
        return "input "
    if name.startswith("input "):
        return f"{name}: "
    return {"arguments": "argument ", "outputs": "output "}.get(name, f"{name} ")


def _line(title: str, detail: Detail) -> str:
    if detail.old is None or detail.new is None:
        value = detail.new if detail.old is None else detail.old
        word = "new" if detail.old is None else "gone"
        shown = "" if value is None or _is_sha256(value) else f": {_value(value)}"
        return f"{title} is {word}{shown}"
    if detail.diff is not None:
        what = f": {', '.join(f'`{name}`' for name in detail.definitions[:6])}"
        why = "" if detail.whole is None else f"; all of it counts: {detail.whole}"
        return f"{title} changed{what if detail.definitions else ''}{_counted(detail.diff)}{why}"
    if _is_sha256(detail.old):
        return f"{title} changed"
    return f"{title}: {_value(detail.old)} → {_value(detail.new)}"


def _counted(diff: str) -> str:
    lines = diff.splitlines()[2:]
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return f" (+{added} −{removed})"


def _is_sha256(value: str | Seen | None) -> bool:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")


def _value(value: str | Seen) -> str:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    name = f"version {value.number}" if value.number is not None else f"new {short(value.digest)}"
    rows = "" if value.rows is None else f" ({value.rows} row{'' if value.rows == 1 else 's'})"
    maker = f", made by {value.task} in run {value.run}" if value.task and value.run else ""
    return f"{name}{rows}{maker}"


class _Upstream:
    """What runs before a task, and why, in a line for each group of tasks."""

    def __init__(
        self, found: Forecast, points: dict[str, list[Point]], told: Sequence[Explanation]
    ) -> None:
        self._points = points
        self._told = {one.task.id for one in told}
        self._decisions = {one.task: one for one in found.decisions}
        self._tasks = {task.id: task for task in found.ready.bound.plan.tasks}

    def lines(self, told: Sequence[Explanation]) -> list[str]:
        """Return the lines for what may run above some tasks and is not told itself, in plan
        order."""
        above = set()
        frontier = [
            name
            for one in told
            if one.decision.decision == "depends"
            for name in one.decision.upstream
        ]
        while frontier:
            name = frontier.pop()
            if name not in above:
                above.add(name)
                frontier += self._decisions[name].upstream
        groups: dict[tuple[str, str, str], list[Task]] = {}
        for name, task in self._tasks.items():
            if name in above - self._told:
                decision = self._decisions[name]
                key = (task.transformation, decision.decision, reason_of(decision))
                groups.setdefault(key, []).append(task)
        lines = [self._line(tasks) for tasks in groups.values()]
        more = len(lines) - _MOST_UPSTREAM
        return [*lines[:_MOST_UPSTREAM], *([f"  and {more} more"] if more > 0 else [])]

    def _line(self, tasks: Sequence[Task]) -> str:
        decision = self._decisions[tasks[0].id]
        name = group_name(tasks, self._points)
        return f"  {name} {_verb(decision, plural=len(tasks) > 1)}: {reason_of(decision)}"
