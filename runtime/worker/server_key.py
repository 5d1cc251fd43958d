"""What a fork server can serve."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """What one server can serve: equal keys share it. `variables` and `preload` are sorted."""

    python: str
    variables: tuple[tuple[str, str], ...]
    preload: tuple[str, ...]
