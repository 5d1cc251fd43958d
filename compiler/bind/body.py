"""What a transformation does: exactly one of `python`, `command` and `sql`."""

from __future__ import annotations

from ..codes.shape import EXCLUSIVE_KEYS, MISPLACED_KEY, MISSING_KEY
from ..diagnostic import Diagnostic, Label
from ..document import Entry, Mapping

BODIES = frozenset({"python", "command", "sql"})

KEYS_OF_SOME: dict[str, tuple[frozenset[str], str]] = {
    "arguments": (
        frozenset({"python", "command"}),
        "write `${…}` where the query needs the value",
    ),
    "preload": (frozenset({"python"}), "remove it; only for functions are modules imported ahead"),
}
"""Keys that not every body has, the bodies that have it, and what to do elsewhere."""

_NOUNS = {"python": "a Python function", "command": "a command", "sql": "a query"}


def wrong_bodies(entry: Entry, meant: frozenset[str]) -> tuple[Diagnostic, ...]:
    """Say that there is none of the three, or more than one; `meant` are misspelt keys."""
    if not isinstance(entry.value, Mapping):
        return ()
    written = [item for item in entry.value.entries if item.key in BODIES]
    if not written and not meant & BODIES:
        return (
            Diagnostic(
                code=MISSING_KEY,
                message=f"transformation `{entry.key}` has no `python`, `command` or `sql`",
                primary=Label(span=entry.key_span),
                help="say what it does: add one of the three",
            ),
        )
    if len(written) < 2:
        return ()
    first, *others = written
    keys = [f"`{item.key}`" for item in written]
    return (
        Diagnostic(
            code=EXCLUSIVE_KEYS,
            message=f"transformation `{entry.key}` has {', '.join(keys[:-1])} and {keys[-1]}",
            primary=Label(span=others[0].key_span),
            related=tuple(
                Label(span=item.key_span, message="does something already" if i == 0 else "")
                for i, item in enumerate((first, *others[1:]))
            ),
            help="keep one of them",
        ),
    )


def misplaced_keys(entry: Entry) -> tuple[Diagnostic, ...]:
    """Report keys that only some of the three have."""
    if not isinstance(entry.value, Mapping):
        return ()
    body = next((item.key for item in entry.value.entries if item.key in BODIES), None)
    found: list[Diagnostic] = []
    for item in entry.value.entries:
        allowed, mend = KEYS_OF_SOME.get(item.key, (BODIES, ""))
        if body is not None and body not in allowed:
            owners = " or ".join(_NOUNS[kind] for kind in _NOUNS if kind in allowed)
            found.append(
                Diagnostic(
                    code=MISPLACED_KEY,
                    message=f"`{item.key}` belongs to {owners}, not {_NOUNS[body]}",
                    primary=Label(span=item.key_span),
                    help=mend,
                )
            )
    return tuple(found)


def outside_of(
    misplaced: tuple[Diagnostic, ...], entry: Entry, diagnostics: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """Return diagnostics of a transformation but those of misplaced keys: their values go too."""
    if not misplaced or not isinstance(entry.value, Mapping):
        return diagnostics
    places = {diagnostic.primary.span for diagnostic in misplaced}
    gone = [item for item in entry.value.entries if item.key_span in places]
    return tuple(
        diagnostic
        for diagnostic in diagnostics
        if not any(
            item.key_span.start <= diagnostic.primary.span.start <= item.value.span.end
            for item in gone
        )
    )
