"""What `--only`, `--from`, `--until` and `--force` ask for."""

from __future__ import annotations

from collections.abc import Sequence

from ..runtime.selection import Wanted


def wanted_of(
    only: Sequence[str] | None,
    from_: Sequence[str] | None,
    until: Sequence[str] | None,
    force: Sequence[str] | None,
) -> Wanted:
    """Return what is wanted of a plan; None is an option that was not given."""
    return Wanted(
        only=tuple(only or ()),
        from_=tuple(from_ or ()),
        until=tuple(until or ()),
        forced=tuple(force or ()),
    )
