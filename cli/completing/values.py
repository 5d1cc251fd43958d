"""The values that a parameter could have: files, names in the store, names in a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from .situation import Situation

if TYPE_CHECKING:
    from ...runtime.store.backend import Backend

Values = Iterable[tuple[str, str]]
"""Words, and what each means."""

_MOST_RUNS = 200
_PLACES = {
    "spec": ":specs",
    "specs": ":specs",
    "parameters": ":files",
    "output": ":files",
    "html": ":files",
    "store": ":folders",
    "folder": ":folders",
}


def values(now: Situation) -> Values:
    """Return what the value that is being typed could be; it need not begin as typed."""
    parameter = now.parameter
    words = _words(parameter.type_descriptor.annotation)
    if words:
        return [(word, "") for word in words]
    if parameter.name in _PLACES:
        return [(_PLACES[parameter.name], "")]
    find = _NAMES.get(parameter.name)
    return find(now) if find is not None else []


def _words(annotation: Any) -> list[str]:
    """Return the words that a type allows: of a `Literal` or an enumeration, or within a union."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(one.value) for one in annotation]
    parts = get_args(annotation)
    if get_origin(annotation) is Literal:
        return [str(part) for part in parts]
    return [word for part in parts for word in _words(part)]


def _spec(now: Situation) -> str | None:
    return _last(now, "spec") or _last(now, "specs")


def _last(now: Situation, name: str) -> str | None:
    found = now.given.get(name)
    return found[-1] if found else None


def _backend(now: Situation) -> Backend | None:
    from ..places import existing_store

    spec = _spec(now)
    store = existing_store(
        _last(now, "store"), spec=Path(spec) if spec else None, profile=_last(now, "profile")
    )
    return None if store is None else store.backend


def _profiles(now: Situation) -> Values:
    from ..settings.settings import profiles

    spec = _spec(now)
    return [(name, "") for name in profiles(Path(spec) if spec else None)]


def _runs(now: Situation) -> Values:
    from ...runtime.store.runs import run_names

    backend = _backend(now)
    found = () if backend is None else run_names(backend, now.typed)
    return [(name, "") for name in sorted(found, reverse=True)[:_MOST_RUNS]]


def _tasks(now: Situation) -> Values:
    """Return the tasks of the spec that was typed, or else of the run."""
    spec = _spec(now)
    return _tasks_of_spec(spec) if spec is not None else _tasks_of_run(now)


def _tasks_of_run(now: Situation) -> Values:
    from ...runtime.store.runs import read
    from ..newest import run_named

    backend = _backend(now)
    if backend is None:
        return []
    _, tasks, _ = read(backend, run_named(backend, (now.given.get("run") or [""])[0]))
    return [(task.task, task.state) for task in tasks]


def _tasks_of_spec(spec: str) -> Values:
    from ..compiling import compile_spec

    plan = compile_spec(spec, None, None).plan
    names = [] if plan is None else [str(task.id) for task in plan.tasks]
    transformations = dict.fromkeys(name.partition("[")[0] for name in names)
    return [(name, "") for name in {**transformations, **dict.fromkeys(names)}]


def _parameters(now: Situation) -> Values:
    from ..compiling import compile_spec

    spec = _spec(now)
    found = None if spec is None else compile_spec(spec, None, None).spec
    if found is None:
        return []
    return [(f"{one.name.text}=", "") for one in found.parameters]


def _pipelines(now: Situation) -> Values:
    from ...runtime.store.versions import artifacts

    backend = _backend(now)
    known = () if backend is None else artifacts(backend)
    return [(name, "") for name in sorted({pipeline for pipeline, _ in known})]


def _references(now: Situation) -> Values:
    from .references import references

    backend = _backend(now)
    return [] if backend is None else references(backend, now.typed)


def _comparable(now: Situation) -> Values:
    """Return what `diff` takes: references, and runs once a run is begun."""
    runs = _runs(now) if now.typed[:1].isdigit() else []
    return [*_references(now), *runs]


def _tags(now: Situation) -> Values:
    """Return the tags of the artifact that was typed before."""
    from ...runtime.store import tags
    from ..reference import parse_reference, with_pipeline

    backend, name = _backend(now), _last(now, "name")
    if backend is None or name is None:
        return []
    found = with_pipeline(backend, parse_reference(name))
    assert found.pipeline is not None, "the pipeline was found"
    return [(tag, "") for tag in tags.names(backend, found.pipeline, found.artifact)]


def _codes(_: Situation) -> Values:
    from ..known_codes import known_codes

    return [(code.name, code.title) for codes in known_codes().values() for code in codes]


_NAMES: dict[str, Callable[[Situation], Values]] = {
    "profile": _profiles,
    "run": _runs,
    "task": _tasks,
    "only": _tasks,
    "from_": _tasks,
    "until": _tasks,
    "force": _tasks,
    "given": _parameters,
    "pipeline": _pipelines,
    "name": _references,
    "a": _comparable,
    "b": _comparable,
    "tag": _tags,
    "code": _codes,
}
"""By the name of the parameter, which means the same in every verb."""
