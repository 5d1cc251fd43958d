"""Which columns of a table are not what they were."""

from __future__ import annotations

from dataclasses import dataclass

from ..content import Content
from .change import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChange:
    """One column that was added, removed, or has another type."""

    column: str
    change: Change
    old_type: str | None
    new_type: str | None


def compare_columns(old: Content, new: Content) -> tuple[ColumnChange, ...]:
    """Return the changes of a schema: in the order of the old table, then what was added."""
    before, after = dict(old.schema or ()), dict(new.schema or ())
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        ColumnChange(
            column=name,
            change="added" if one is None else "removed" if other is None else "changed",
            old_type=one,
            new_type=other,
        )
        for name in names
        if (one := before.get(name)) != (other := after.get(name))
    )


def common_columns(old: Content, new: Content) -> tuple[tuple[str, str], ...]:
    """Return the columns that both tables have with one type, in the order of the new one."""
    before = dict(old.schema or ())
    return tuple((name, type_) for name, type_ in new.schema or () if before.get(name) == type_)


def is_reordered(old: Content, new: Content) -> bool:
    """Say whether the columns that both have are in another order."""
    before = [name for name, _ in old.schema or ()]
    after = [name for name, _ in new.schema or ()]
    return [name for name in before if name in after] != [name for name in after if name in before]
