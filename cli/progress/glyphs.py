"""The characters of which a picture is made, in what the terminal's encoding has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """One character for each state, and what bars and cuts are drawn with."""

    done: str
    reused: str
    failed: str
    skipped: str
    waiting: str
    retrying: str
    running: str
    """Shown in turn, so that a person sees that something goes on."""
    full: str
    empty: str
    cut: str


UNICODE = Glyphs(
    done="✓",
    reused="=",
    failed="✗",
    skipped="-",
    waiting="·",
    retrying="↻",
    running="⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
    full="━",
    empty="─",
    cut="…",
)
ASCII = Glyphs(
    done="+",
    reused="=",
    failed="x",
    skipped="-",
    waiting=".",
    retrying="~",
    running="|/-\\",
    full="#",
    empty="-",
    cut="~",
)


def glyphs_for(encoding: str) -> Glyphs:
    """Return what a terminal of this encoding can show."""
    return UNICODE if _has_all(encoding) else ASCII


def _has_all(encoding: str) -> bool:
    try:
        "✓✗·↻⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━─…".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
