"""Text that stands for several places, where no edit is certain."""

from __future__ import annotations

from dataclasses import replace

from ..diagnostic import Diagnostic, Fix
from ..reading.events import NotYamlError, event_sources
from ..source import Source


def doubt_shared(source: Source, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Call no fix certain that edits what an alias repeats: elsewhere it may be meant as it is."""
    if "*" not in source.text or not any(f.is_certain for d in diagnostics for f in d.fixes):
        return diagnostics
    shared = _repeated(source.text)
    return tuple(
        replace(diagnostic, fixes=tuple(_doubted(fix, source, shared) for fix in diagnostic.fixes))
        if diagnostic.fixes
        else diagnostic
        for diagnostic in diagnostics
    )


def _doubted(fix: Fix, source: Source, shared: list[tuple[int, int]]) -> Fix:
    is_shared = any(
        edit.span.source.path == source.path and start <= edit.span.start < end
        for edit in fix.edits
        for start, end in shared
    )
    return replace(fix, is_certain=False) if is_shared else fix


def _repeated(text: str) -> list[tuple[int, int]]:
    """Return where the values stand that aliases repeat; none in a text that no parser reads."""
    for events in event_sources():
        places: dict[str, tuple[int, int]] = {}
        repeated: list[tuple[int, int]] = []
        opened: list[tuple[str | None, int]] = []
        try:
            for kind, event in events.pull(text):
                if kind in ("mapping", "sequence"):
                    opened.append((event.anchor, event.start_mark.index))
                elif kind == "end":
                    anchor, start = opened.pop()
                    if anchor is not None:
                        places[anchor] = (start, event.end_mark.index)
                elif kind == "scalar" and event.anchor is not None:
                    places[event.anchor] = (event.start_mark.index, event.end_mark.index)
                elif kind == "alias" and event.anchor in places:
                    repeated.append(places[event.anchor])
        except NotYamlError:
            continue
        return repeated
    return []
