"""The wall clock, as people read it in records; nothing is ever decided by it."""

from __future__ import annotations

from datetime import UTC, datetime


def now_text() -> str:
    """Return the present as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
