"""The wall clock, as people read it in records; nothing is ever decided by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now_text(*, ago: float = 0.0) -> str:
    """Return the present, or `ago` seconds before it, as ISO 8601 in UTC, to the millisecond."""
    then = datetime.now(UTC) - timedelta(seconds=ago)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")
