"""Say what kept something from starting, as diagnostics or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .status import REFUSED
from .terminal import say_json, tell, tell_text, wants_colour

if TYPE_CHECKING:
    from ..compiler.diagnostic import Diagnostic
    from ..compiler.driver import Compiled
    from ..runtime.prepare import Problem
    from .stop import Stop


def say_invalid(diagnostics: tuple[Diagnostic, ...]) -> int:
    """Print the JSON of a spec that cannot be run; return the exit status."""
    import json

    from ..compiler.render.json import render_json

    found = json.loads(render_json(diagnostics))
    say_json({"run": None, "state": "invalid", "diagnostics": found})
    return REFUSED


def refuse(stop: Stop, *, json: bool) -> int:
    """Print the JSON of what is wrong around a spec; raise `stop` where JSON cannot say it."""
    if json and stop.diagnostics:
        return say_invalid(stop.diagnostics)
    raise stop


def report_problems(
    compiled: Compiled, problems: tuple[Problem, ...], *, json: bool, was_to_run: bool = False
) -> int:
    """Say what is wrong with sources, environments or the selection; return the exit status."""
    from ..compiler.diagnostic import in_order
    from ..compiler.render.full import render_full
    from .compiling import counts
    from .failures import problem_diagnostic

    diagnostics = in_order([problem_diagnostic(compiled, found) for found in problems])
    if json:
        return say_invalid(diagnostics)
    tell_text(render_full(diagnostics, colour=wants_colour(sys.stderr)))
    for problem in problems:
        tell_text("".join(f"    {line}\n" for line in problem.detail.splitlines()))
    tell(f"{counts(diagnostics)}{'; nothing ran' if was_to_run else ''}")
    return REFUSED
