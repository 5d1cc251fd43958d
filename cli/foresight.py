"""What a run of a spec would do, for the verbs that say so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .stop import Stop

if TYPE_CHECKING:
    from ..runtime.forecast import Forecast
    from ..runtime.selection import Wanted
    from ..runtime.store.backend import Backend


def foresee(
    spec: str,
    given: list[str] | None,
    parameters: str | None,
    *,
    wanted: Wanted | None = None,
    about: str = "",
    store: str | None,
    profile: str | None,
    json: bool,
    quiet: bool,
) -> tuple[Forecast, Backend | None] | int:
    """Return what would happen, and the store where there is one; nothing is written.

    Of what is `wanted`, or, `about` one task, of it and what it needs: the rest is not looked at.
    Where nothing can be foreseen, say why and return the exit status. Raises Stop, StoreError.
    """
    from ..compiler.workspace import Workspace
    from ..runtime.forecast import forecast
    from ..runtime.prepare import Problem
    from ..runtime.selection import EVERYTHING, Wanted, matching
    from .compiling import compile_spec, plan_or_stop
    from .memory import memory_folder
    from .places import existing_store
    from .problems import refuse, report_problems, say_invalid

    workspace = Workspace(kept_in=memory_folder())
    compiled = compile_spec(spec, given, parameters, workspace=workspace)
    if compiled.plan is None and json:
        return say_invalid(compiled.diagnostics)
    plan = plan_or_stop(compiled, quiet=quiet)
    if about:
        meant = matching(plan, about)
        if isinstance(meant, Problem):
            return report_problems(compiled, (meant,), json=json)
        wanted = Wanted(until=(about,))
    try:
        opened = existing_store(store, spec=Path(spec), profile=profile)
    except Stop as stop:
        return refuse(stop, json=json)
    backend = None if opened is None else opened.backend
    folder = Path(spec).resolve().parent
    found = forecast(
        compiled, folder=folder, workspace=workspace, backend=backend, wanted=wanted or EVERYTHING
    )
    if isinstance(found, tuple):
        return report_problems(compiled, found, json=json)
    return found, backend
