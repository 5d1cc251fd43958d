"""Why a task runs, depends, or is refused, in a line."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps, loads
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...runtime.predict import Change, Decision

MOST_CHARACTERS = 60
MOST_NAMED = 3


def reason_of(decision: Decision) -> str:
    """Return why something happens to a task; empty where it is reused.

    What runs above it is named by transformation, so that tasks with the same reason read alike.
    """
    changes = [change_line(one) for one in decision.because]
    after = [_after(decision)] if decision.upstream else []
    match decision.reason:
        case "reused":
            return ""
        case "refused":
            return f"it would fail: {decision.refusal}"
        case "forced":
            return "; ".join(["forced", *changes])
        case "failed":
            return f"it failed in run {decision.failed_in}"
        case "missing":
            return "what it gave is no longer whole in the store"
        case "never-ran":
            return "; ".join(["never ran", *(after if decision.decision == "depends" else [])])
        case "changed" | "upstream":
            return "; ".join([*changes, *after])


def transformations_of(decision: Decision) -> tuple[str, ...]:
    """Return the transformations that a decision depends on."""
    return tuple(dict.fromkeys(task.partition("[")[0] for task in decision.upstream))


def change_line(change: Change) -> str:
    """Say one changed component in a few words."""
    name = change.component.replace("_", " ").replace("input.", "input ")
    if change.component == "arguments" and change.old and change.new:
        return _arguments(change.old, change.new)
    if change.old is None or change.new is None:
        return f"{name} is {'new' if change.old is None else 'gone'}"
    if change.component.startswith(("input.", "code", "environment", "outputs", "seed")):
        return f"{name} changed"
    if len(change.old) + len(change.new) > MOST_CHARACTERS:
        return f"{name} changed"
    return f"{name}: {change.old} → {change.new}"


def argument_changes(old: str, new: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the arguments that differ, old and new as JSON, None where absent.

    The component is JSON in a JSON text.
    """
    was, now = loads(loads(old)), loads(loads(new))
    return {
        name: (
            dumps(was[name], ensure_ascii=False) if name in was else None,
            dumps(now[name], ensure_ascii=False) if name in now else None,
        )
        for name in sorted({*was, *now})
        if name not in was or name not in now or was[name] != now[name]
    }


def _arguments(old: str, new: str) -> str:
    said = ", ".join(
        f"{name} is {'new' if before is None else 'gone'}"
        if before is None or after is None
        else f"{name} {before} → {after}"
        for name, (before, after) in argument_changes(old, new).items()
    )
    return f"arguments: {said}" if 0 < len(said) <= MOST_CHARACTERS else "arguments changed"


def _after(decision: Decision) -> str:
    return f"after {listed(transformations_of(decision))}"


def listed(names: Sequence[str]) -> str:
    """Write names as people do: `a`, `a and b`, `a, b and 3 more`."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
