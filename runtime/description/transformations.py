"""What became of each transformation, over all of its points."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..store.records import TaskRecord
from .description import Read, Transformed
from .planned import Planned

_LONGEST_CALL = 400


def describe_transformations(
    plan: Planned, records: dict[str, TaskRecord]
) -> tuple[Transformed, ...]:
    """Return the transformations in the order in which the plan first comes to each."""
    tasks: dict[str, list[Any]] = {}
    for task in plan["tasks"]:
        tasks.setdefault(task["transformation"], []).append(task)
    known = {one["transformation"]: one for one in plan["transformations"]}
    order = dict.fromkeys([*tasks, *known])
    return tuple(_transformed(known[name], tasks.get(name, []), records) for name in order)


def _transformed(
    definition: Planned, tasks: list[Planned], records: dict[str, TaskRecord]
) -> Transformed:
    done = [records[task["task"]] for task in tasks if task["task"] in records]
    first = tasks[0] if tasks else {"inputs": {}, "outputs": []}
    states = Counter(record.state for record in done)
    return Transformed(
        name=definition["transformation"],
        kind=definition.get("kind", ""),
        calls=_calls(definition, first),
        axes=tuple(definition.get("axes", ())),
        reads=tuple(
            Read(
                parameter=parameter,
                artifact=read["artifact"],
                gathered=tuple(read.get("gathered") or ()),
            )
            for parameter, read in first["inputs"].items()
        ),
        gives=tuple(output["artifact"] for output in first["outputs"]),
        tasks=len(tasks),
        states=tuple(sorted(states.items())),
        seconds=sum(record.seconds for record in done),
        longest=max((record.seconds for record in done), default=0.0),
        cpu_seconds=sum(record.cpu_seconds for record in done),
        peak_memory=max((record.peak_memory for record in done), default=0),
        deterministic=definition.get("deterministic", True),
    )


def _calls(definition: Planned, task: Planned) -> str:
    found = definition.get("entry_point") or task.get("query") or ""
    if not found and task.get("command"):
        words = task["command"].get("words", ())
        found = " ".join("".join(_piece(piece) for piece in _pieces(word)) for word in words)
    return found if len(found) <= _LONGEST_CALL else found[: _LONGEST_CALL - 1] + "…"


def _pieces(word: Any) -> list[Any]:
    return word if isinstance(word, list) else [word]


def _piece(piece: Any) -> str:
    if isinstance(piece, str):
        return piece
    name = piece.get("name") or piece.get("of", "")
    return f"<{name}>"
