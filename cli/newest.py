"""Which run a person means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .status import REFUSED
from .stop import Stop

if TYPE_CHECKING:
    from ..runtime.store.backend import Backend

_MOST_NAMED = 3


def run_named(backend: Backend, name: str) -> str:
    """Return the run that a name, or its beginning, means: the newest where it is empty."""
    from ..runtime.store.runs import run_names, summaries

    if not name:
        found = summaries(backend, 1)
        if not found:
            raise Stop("nothing has run yet", status=REFUSED, help="`reprocc submit SPEC` runs one")
        return found[0].run
    names = run_names(backend, name)
    if len(names) == 1 or name in names:
        return name if name in names else names[0]
    if not names:
        raise Stop(
            f"no run begins with `{name[:40]}`",
            status=REFUSED,
            help="`reprocc runs` lists the runs",
        )
    some = ", ".join(f"`{run}`" for run in names[:_MOST_NAMED])
    raise Stop(
        f"{len(names)} runs begin with `{name[:40]}`",
        status=REFUSED,
        help=f"give more of the name: {some}{', …' if len(names) > _MOST_NAMED else ''}",
    )
