"""What lies behind a changed component: which argument, file, input, distribution, column, line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..compiler.plan import ArtifactId, Task
from ..compiler.point import parse_point
from .code_changes import CodeChanges, text_diff
from .past_run import PastRun
from .predict import Change, Decision
from .ready import Ready
from .store import versions
from .store.append import numbers
from .store.backend import Backend, Damaged
from .store.layout import versions_of

_MOST_POINTS = 20
_MOST_VERSIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A content as people know it; what is not known is None. `number` is that of its version,
    `task` who made it, empty for a source."""

    digest: str
    number: int | None
    rows: int | None
    run: str | None
    task: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A part of a component that is not what it was.

    `old` and `new` are texts as people write them, contents of an input, or None where the part
    is absent. `diff` is a unified diff where the part is a text, and `definitions` names what
    changed in a file of Python; `whole` is why all of that file counts, where it does.
    """

    name: str
    old: str | Seen | None
    new: str | Seen | None
    diff: str | None = None
    definitions: tuple[str, ...] = ()
    whole: str | None = None


class Explainer:
    """Looks into the store for what a decision's changes are about.

    `backend` is the store as it is; `view` the forecast's, which has what is new as well.
    """

    def __init__(self, ready: Ready, *, backend: Backend, view: Backend) -> None:
        self._ready = ready
        self._backend = backend
        self._view = view
        self._pipeline = ready.bound.plan.pipeline
        self._past: dict[str, PastRun] = {}
        self._code: dict[tuple[str, str], tuple[Detail, ...]] = {}

    def details(self, task: Task, decision: Decision, change: Change) -> tuple[Detail, ...]:
        """Return the parts of one changed component; empty where nothing more is known."""
        if change.old is None or change.new is None:
            return ()
        old, new = json.loads(change.old), json.loads(change.new)
        name = change.component
        if name.startswith("input."):
            return tuple(self._input(task, name.removeprefix("input."), old, new))
        match name:
            case "arguments":
                return tuple(_parts(json.loads(old), json.loads(new)))
            case "code":
                return self._changed_code(task.transformation, decision.run)
            case "environment":
                return tuple(self._environment(task.transformation, decision.run))
            case "outputs":
                return tuple(_outputs(old, new))
            case "seed":
                return (Detail(name="seed", old=str(old[0]), new=str(new[0])),)
            case "command" | "query":
                was, now = _text_of(old), _text_of(new)
                if was == now:  # a shell's, or a program's own arguments
                    was, now = _shown(old), _shown(new)
                return (Detail(name=name, old=was, new=now, diff=text_diff(name, was, now)),)
            case _:
                return (Detail(name=name, old=_shown(old), new=_shown(new)),)

    def _run(self, run: str | None) -> PastRun | None:
        if run is None:
            return None
        if run not in self._past:
            self._past[run] = PastRun(self._backend, run)
        return self._past[run]

    def _changed_code(self, name: str, run: str | None) -> tuple[Detail, ...]:
        past = self._run(run)
        if past is None or run is None:
            return ()
        if (name, run) not in self._code:
            bound = self._ready.bound
            files = bound.definitions[name].code.files
            was = past.code_definitions(name)
            changes = CodeChanges(
                old=past.code(name),
                new=bound.snapshots[name],
                old_digests=past.code_digests(name),
                new_digests={one.path: one.digest for one in files if one.digest is not None},
                definitions={
                    one.path: was.get(one.path, frozenset()).union(one.definitions) for one in files
                },
            )
            whole = {one.path: one.whole for one in files}
            self._code[name, run] = tuple(
                Detail(
                    name=path,
                    old=None if file.old is None else file.old,
                    new=None if file.new is None else file.new,
                    diff=file.diff,
                    definitions=file.definitions,
                    whole=whole.get(path),
                )
                for path, file in changes.files(self._backend, self._view).items()
            )
        return self._code[name, run]

    def _environment(self, name: str, run: str | None) -> Iterator[Detail]:
        past = self._run(run)
        if past is None:
            return
        lock = self._ready.bindings.locks[name]
        was = past.environment(name)
        now = {"python": lock.python, **dict(lock.distributions)}
        yield from _texts(was, now)
        variables = dict(self._ready.bound.definitions[name].environment.variables)
        yield from _texts(past.variables(name), variables)

    def _input(self, task: Task, parameter: str, old: Any, new: Any) -> Iterator[Detail]:
        artifact = next(
            (one.artifact for one in task.inputs if one.parameter == parameter), parameter
        )
        was = dict(zip(old["points"], old["digests"], strict=True))
        now = dict(zip(new["points"], new["digests"], strict=True))
        changed = [
            point for point in dict.fromkeys([*was, *now]) if was.get(point) != now.get(point)
        ]
        for index, point in enumerate(changed):
            is_sought = index < _MOST_POINTS
            yield Detail(
                name=f"{artifact}[{point}]" if point else artifact,
                old=self._seen(self._backend, artifact, point, was.get(point), is_sought),
                new=self._seen(self._view, artifact, point, now.get(point), is_sought),
            )
        for word in ("kind", "suffix", "gathered"):
            if old.get(word) != new.get(word):
                yield Detail(name=word, old=_shown(old.get(word)), new=_shown(new.get(word)))

    def _seen(
        self, backend: Backend, artifact: str, text: str, digest: str | None, is_sought: bool
    ) -> Seen | None:
        """Return what is known of a content that an artifact had or has; recent versions tell."""
        if digest is None:
            return None
        point = parse_point(text)
        folder = versions_of(self._pipeline, artifact, point)
        recent = reversed(numbers(backend, folder)[-_MOST_VERSIONS:]) if is_sought else ()
        for number in recent:
            try:
                version = versions.find(backend, self._pipeline, artifact, point, number)
            except Damaged:
                continue
            if version is not None and version.content.digest == digest:
                is_new = version.run == self._ready.bound.run
                return Seen(
                    digest=digest,
                    number=number,
                    rows=version.content.rows,
                    run=(version.reused_from if is_new else version.run),
                    task=version.task,
                )
        source = self._ready.bound.sources.get((ArtifactId(artifact), point))
        is_source = source is not None and source.digest == digest
        return Seen(
            digest=digest,
            number=None,
            rows=source.rows if source is not None and is_source else None,
            run=None,
            task="" if is_source else None,
        )


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Detail]:
    """Yield the entries of mappings that differ, values as JSON."""
    for name in sorted({*old, *new}):
        was = _shown(old[name]) if name in old else None
        now = _shown(new[name]) if name in new else None
        if was != now:
            yield Detail(name=name, old=was, new=now)


def _texts(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Detail]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Detail(name=name, old=old.get(name), new=new.get(name))


def _outputs(old: list[Any], new: list[Any]) -> Iterator[Detail]:
    """Yield what differs in what outputs are declared to be, by output, column by column."""
    was = {output["name"]: output for output in old}
    now = {output["name"]: output for output in new}
    for name in sorted({*was, *now}):
        if name not in was or name not in now:
            yield Detail(
                name=name,
                old=was[name]["kind"] if name in was else None,
                new=now[name]["kind"] if name in now else None,
            )
            continue
        before, after = dict(was[name]), dict(now[name])
        columns = (dict(before.pop("columns", ())), dict(after.pop("columns", ())))
        for part in (*_parts(before, after), *_columns(*columns)):
            yield Detail(name=f"{name} {part.name}", old=part.old, new=part.new)


def _columns(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[Detail]:
    for name in sorted({*old, *new}):
        was = (old[name] or "any type") if name in old else None
        now = (new[name] or "any type") if name in new else None
        if was != now:
            yield Detail(name=f"column {name}", old=was, new=now)


def _text_of(value: Any) -> str:
    """Return a query, or a command as it is written."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or "words" not in value:
        return _shown(value)
    words = ("".join(map(_part, word)) for word in value["words"])
    return " ".join(words)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    ((of, name),) = part.items()
    return f"${{{of}s.{name}}}" if of != "arguments" else "${arguments}"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
