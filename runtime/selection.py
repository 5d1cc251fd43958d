"""Which tasks of a plan may run: `--only`, `--from`, `--until`, and which run again: `--force`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..compiler.plan import ArtifactId, Plan, Task, TaskId
from ..compiler.point import Point, key_of, parse_point
from ..compiler.suggest import closest
from .prepare import Problem

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for, by names such as `fit`, `fit[depth=4]`, or a part of a point.

    Several names of one option add up; the options narrow each other. `forced` runs again though
    it could be reused, where it is selected at all.
    """

    only: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    forced: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether every task may run and none is forced."""
        return not (self.only or self.from_ or self.until or self.forced)


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The tasks that may run, those outside that they build upon, and those that must run."""

    tasks: frozenset[TaskId]
    needed: frozenset[TaskId]
    forced: frozenset[TaskId]


def select(plan: Plan, wanted: Wanted) -> Selection | tuple[Problem, ...]:
    """Return what is selected, or everything that is wrong with what was asked for."""
    named = _Named(plan)
    only = named.indices("--only", wanted.only)
    start = named.indices("--from", wanted.from_)
    until = named.indices("--until", wanted.until)
    forced = named.indices("--force", wanted.forced)
    if named.problems:
        return tuple(named.problems)
    every = set(range(len(plan.tasks)))
    chosen = set(every)
    upstream, downstream = _edges(plan) if only or start or until else ([], [])
    if wanted.only:
        chosen &= only
    if wanted.from_:
        chosen &= _reached(start, downstream)
    if wanted.until:
        chosen &= _reached(until, upstream)
    if not chosen:
        return (_nothing(wanted),)
    idle = tuple(name for name in wanted.forced if not named.indices("", (name,)) & chosen)
    if idle:
        return tuple(_idle(name) for name in idle)
    needed = set() if chosen == every else _reached(chosen, upstream) - chosen
    ids = [task.id for task in plan.tasks]
    return Selection(
        tasks=frozenset(ids[index] for index in chosen),
        needed=frozenset(ids[index] for index in needed),
        forced=frozenset(ids[index] for index in forced & chosen),
    )


def narrow(plan: Plan, selection: Selection) -> Plan:
    """Return the plan with no more than the selected tasks, what they build upon, and theirs."""
    kept = selection.tasks | selection.needed
    if len(kept) == len(plan.tasks):
        return plan
    tasks = tuple(task for task in plan.tasks if task.id in kept)
    read = {(one.artifact, point) for task in tasks for one in task.inputs for point in one.points}
    made = {output.artifact for task in tasks for output in task.outputs}
    artifacts = made | {artifact for artifact, _ in read}
    names = {task.transformation for task in tasks}
    return replace(
        plan,
        artifacts=tuple(one for one in plan.artifacts if one.id in artifacts),
        sources=tuple(one for one in plan.sources if (one.artifact, one.point) in read),
        transformations=tuple(one for one in plan.transformations if one.name in names),
        tasks=tasks,
    )


def matching(plan: Plan, name: str) -> tuple[TaskId, ...] | Problem:
    """Return the tasks that a name means, in plan order, or why it means none."""
    named = _Named(plan)
    found = named.indices("", (name,))
    if named.problems:
        return named.problems[0]
    return tuple(plan.tasks[index].id for index in sorted(found))


class _Named:
    """Finds tasks by what people call them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tasks: dict[str, list[int]] = {}
        self.problems: list[Problem] = []

    def indices(self, option: str, names: Iterable[str]) -> set[int]:
        """Return the tasks that any of the names means; note those that mean none."""
        found: set[int] = set()
        for name in names:
            met = self._found(name)
            if isinstance(met, Problem):
                self.problems.append(replace(met, subject=f"{option} {met.subject}".lstrip()))
            else:
                found |= met
        return found

    def _found(self, name: str) -> set[int] | Problem:
        if not self._tasks:
            for index, task in enumerate(self._plan.tasks):
                self._tasks.setdefault(task.transformation, []).append(index)
        transformation, bracket, rest = name.partition("[")
        indices = self._tasks.get(transformation)
        if indices is None:
            return self._unknown(name, transformation)
        if not bracket:
            return set(indices)
        return self._at(name, indices, rest)

    def _at(self, name: str, indices: Sequence[int], rest: str) -> set[int] | Problem:
        try:
            point = parse_point(rest.removesuffix("]"))
        except ValueError:
            point = ()
        if not point or not rest.endswith("]"):
            return _problem(
                name, f"`{name}` names no task", "write `transformation[axis=value,axis=value]`"
            )
        found = {index for index in indices if _is_at(self._plan.tasks[index].point, point)}
        if found:
            return found
        tasks = [self._plan.tasks[index] for index in indices]
        return _problem(name, f"`{tasks[0].transformation}` has no such point", _points(tasks))

    def _unknown(self, name: str, transformation: str) -> Problem:
        message = f"the pipeline has no transformation `{transformation}`"
        for artifact in self._plan.artifacts:
            if artifact.id == transformation and artifact.producer is not None:
                help = f"`{transformation}` is an artifact; `{artifact.producer}` makes it"
                return _problem(name, message, help)
        near = closest(transformation, self._tasks)
        some = ", ".join(f"`{each}`" for each in list(self._tasks)[:8])
        help = f"did you mean `{near}`?" if near else f"it has {some}"
        return _problem(name, message, help)


def _is_at(point: Point, part: Point) -> bool:
    """Whether a point has all the values of a part of one."""
    values = dict(point)
    return all(axis in values and key_of(values[axis]) == key_of(value) for axis, value in part)


def _points(tasks: Sequence[Task]) -> str:
    if not tasks[0].point:
        return f"it has no axes: write `{tasks[0].transformation}`"
    named = ", ".join(f"`{task.id}`" for task in tasks[:_MOST_NAMED])
    more = f" and {len(tasks) - _MOST_NAMED} more" if len(tasks) > _MOST_NAMED else ""
    return f"it has {named}{more}"


def _edges(plan: Plan) -> tuple[list[set[int]], list[set[int]]]:
    """Return, for each task, those that it reads from and those that read from it."""
    producer: Mapping[tuple[ArtifactId, Point], int] = {
        (output.artifact, task.point): index
        for index, task in enumerate(plan.tasks)
        for output in task.outputs
    }
    upstream: list[set[int]] = [set() for _ in plan.tasks]
    downstream: list[set[int]] = [set() for _ in plan.tasks]
    for index, task in enumerate(plan.tasks):
        for read in task.inputs:
            for point in read.points:
                above = producer.get((read.artifact, point))
                if above is not None:
                    upstream[index].add(above)
                    downstream[above].add(index)
    return upstream, downstream


def _reached(start: Iterable[int], edges: Sequence[set[int]]) -> set[int]:
    found = set(start)
    frontier = list(found)
    while frontier:
        for index in edges[frontier.pop()] - found:
            found.add(index)
            frontier.append(index)
    return found


def _nothing(wanted: Wanted) -> Problem:
    options = (("--only", wanted.only), ("--from", wanted.from_), ("--until", wanted.until))
    said = " ".join(f"{option} {name}" for option, names in options for name in names)
    return _problem(
        said, "no task is selected by all of these options", "each narrows what the others select"
    )


def _idle(name: str) -> Problem:
    return _problem(
        f"--force {name}",
        f"`{name}` is forced, but it is not selected",
        "`--force` selects nothing by itself: select it too",
    )


def _problem(subject: str, message: str, help: str) -> Problem:
    return Problem(
        kind="selection", subject=subject, span=None, message=message, help=help, detail=""
    )
