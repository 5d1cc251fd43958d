"""`reprocc plan SPEC`: what would run, be reused, or depends, and why; starts nothing."""

from __future__ import annotations

from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Given, Json, ParametersFile, Quiet, Spec, Store
from ..status import DONE
from ..terminal import say, say_json, table, tell

if TYPE_CHECKING:
    from ...runtime.predict import Change, Decision

MOST_CHARACTERS = 60


def run(
    spec: Spec,
    given: Given = None,
    parameters: ParametersFile = None,
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Say what a run would do, and why."""
    from ...compiler.workspace import Workspace
    from ...runtime.forecast import forecast
    from ...runtime.prepare import Problem
    from ..compiling import compile_spec, plan_or_stop
    from ..places import existing_store
    from ..problems import report_problems, say_invalid

    workspace = Workspace()
    compiled = compile_spec(spec, given, parameters, workspace=workspace)
    if compiled.plan is None and json:
        return say_invalid(compiled.diagnostics)
    plan_or_stop(compiled, quiet=quiet)
    opened = existing_store(store, spec=Path(spec))
    found = forecast(
        compiled,
        folder=Path(spec).resolve().parent,
        workspace=workspace,
        backend=None if opened is None else opened.backend,
    )
    problems = tuple(one for one in found if isinstance(one, Problem))
    if problems:
        return report_problems(compiled, problems, json=json)
    _print([one for one in found if not isinstance(one, Problem)], json=json, quiet=quiet)
    return DONE


def _print(decisions: list[Decision], *, json: bool, quiet: bool) -> None:
    if json:
        say_json({"tasks": [_record(one) for one in decisions]})
        return
    say(
        table(
            [(one.task, one.decision, _reason(one)) for one in decisions],
            head=("TASK", "DECISION", "BECAUSE"),
        )
    )
    if not quiet:
        tell(_tally(decisions))


def _record(decision: Decision) -> dict[str, object]:
    return {
        "task": decision.task,
        "decision": decision.decision,
        "because": [
            {"component": one.component, "old": one.old, "new": one.new} for one in decision.because
        ],
        "upstream": list(decision.upstream),
        "refusal": decision.refusal,
    }


def _reason(decision: Decision) -> str:
    if decision.refusal is not None:
        return f"it would fail: {decision.refusal}"
    if decision.decision == "reuse":
        return ""
    if decision.upstream:
        first, *others = decision.upstream
        more = f" and {len(others)} more" if others else ""
        return f"{first}{more} {'run' if others else 'runs'} before it"
    if not decision.because:
        return "nothing recorded under its fingerprint is whole in the store"
    return "; ".join(_change(one) for one in decision.because)


def _change(change: Change) -> str:
    name = change.component.replace("_", " ").replace("input.", "input ")
    if change.component == "arguments" and change.old and change.new:
        return _arguments(change.old, change.new)
    if change.old is None or change.new is None:
        return f"{name} is {'new' if change.old is None else 'gone'}"
    if change.component.startswith(("input.", "code", "environment")):
        return f"{name} changed"
    if len(change.old) + len(change.new) > MOST_CHARACTERS:
        return f"{name} changed"
    return f"{name}: {change.old} → {change.new}"


def _arguments(old: str, new: str) -> str:
    """Name the arguments that differ; the component is JSON in a JSON text."""
    was, now = loads(loads(old)), loads(loads(new))
    names = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    said = ", ".join(
        f"{name} {dumps(was[name])} → {dumps(now[name])}"
        if name in was and name in now
        else f"{name} is {'new' if name in now else 'gone'}"
        for name in names
    )
    return f"arguments: {said}" if 0 < len(said) <= MOST_CHARACTERS else "arguments changed"


def _tally(decisions: list[Decision]) -> str:
    count = {
        word: sum(one.decision == word for one in decisions) for word in ("run", "reuse", "depends")
    }
    refused = sum(one.refusal is not None for one in decisions)
    if count["reuse"] == len(decisions) and not refused:
        return "nothing to run"
    parts = [f"{count['run']} to run"]
    if count["reuse"]:
        parts.append(f"{count['reuse']} to reuse")
    if count["depends"]:
        parts.append(f"{count['depends']} depending on what runs first")
    if refused:
        parts.append(f"{refused} refused by a contract")
    return ", ".join(parts)
