"""`reprocc plan SPEC`: what would run, be reused, or depend, why, and how long; starts nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..options import (
    Force,
    From,
    Given,
    Json,
    Only,
    ParametersFile,
    Profile,
    Quiet,
    Spec,
    Store,
    Until,
    Verbose,
)
from ..status import DONE
from ..terminal import say, say_json, tell

if TYPE_CHECKING:
    from ...runtime.estimate import Estimate
    from ...runtime.forecast import Forecast
    from ...runtime.predict import Decision


def run(
    spec: Spec,
    given: Given = None,
    parameters: ParametersFile = None,
    only: Only = None,
    from_: From = None,
    until: Until = None,
    force: Force = None,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what a run would do, and why."""
    from ..foresight import foresee
    from ..selecting import wanted_of

    wanted = wanted_of(only, from_, until, force)
    found = foresee(
        *(spec, given, parameters),
        wanted=wanted,
        store=store,
        profile=profile,
        json=json,
        quiet=quiet,
    )
    if isinstance(found, int):
        return found
    _print(found[0], json=json, quiet=quiet, verbose=verbose)
    return DONE


def _print(found: Forecast, *, json: bool, quiet: bool, verbose: bool) -> None:
    from ..reasons.table import plan_table, tally

    surely, at_most = _estimates(found)
    if json:
        say_json(_record(found.decisions, surely, at_most))
        return
    say(plan_table(found.ready.bound.plan.tasks, found.decisions, each=verbose))
    if quiet:
        return
    selected, planned = len(found.decisions), found.ready.planned
    if selected < planned:
        tell(f"{selected} of {planned} tasks selected")
    tell(tally(found.decisions, surely, at_most))


def _estimates(found: Forecast) -> tuple[Estimate, Estimate]:
    """Estimate what surely runs, and that with all that depends on it."""
    from ...runtime.estimate import estimate

    tasks = found.ready.bound.plan.tasks
    expected = {one.task: one.seconds for one in found.decisions}
    surely = {one.task for one in found.decisions if one.decision == "run"}
    at_most = {one.task for one in found.decisions if one.decision != "reuse"}
    cpus = _cpus()
    return (
        estimate(tasks, surely, expected, cpus=cpus),
        estimate(tasks, at_most, expected, cpus=cpus),
    )


def _cpus() -> int:
    """Return how many CPUs this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _record(
    decisions: tuple[Decision, ...], surely: Estimate, at_most: Estimate
) -> dict[str, object]:
    return {
        "tasks": [
            {
                "task": one.task,
                "decision": one.decision,
                "reason": one.reason,
                "because": [
                    {"component": each.component, "old": each.old, "new": each.new}
                    for each in one.because
                ],
                "upstream": list(one.upstream),
                "refusal": one.refusal,
                "seconds": 0.0 if one.decision == "reuse" else one.seconds,
            }
            for one in decisions
        ],
        "expected": _times(surely),
        "at_most": _times(at_most),
    }


def _times(estimate: Estimate) -> dict[str, object]:
    return {
        "seconds": round(estimate.seconds, 3),
        "work": round(estimate.work, 3),
        "unknown": estimate.unknown,
    }
