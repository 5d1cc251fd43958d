"""Which executor runs the tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from .settings.settings import settings_for
from .status import REFUSED
from .stop import Stop

ExecutorName = Literal["ray", "inline"]


def chosen_executor(flag: ExecutorName | None, *, spec: Path, profile: str | None) -> ExecutorName:
    """Return the executor: the flag's, else the settings', else embedded Ray.

    Raises Stop where the settings name a cluster and Ray would run the tasks: running them here
    instead is not what was asked for.
    """
    settings = settings_for(spec=spec, profile=profile)
    chosen = flag or ("inline" if settings.executor == "inline" else "ray")
    if chosen == "ray" and settings.address is not None:
        raise Stop(
            f"the cluster `{settings.address}` cannot be used: this version runs Ray here alone",
            status=REFUSED,
            help="take `address` out of the settings, or unset REPROCC_ADDRESS",
        )
    return chosen
