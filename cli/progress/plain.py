"""A run in plain lines, for logs and for terminals that can do no more."""

from __future__ import annotations

from ...runtime.events import Event
from ..terminal import tell
from .lines import Lines


class PlainProgress:
    """Says each event that is worth a line, on stderr."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __call__(self, event: Event) -> None:
        """Say what an event is."""
        for line in self._lines.of(event):
            tell(line.text)

    def use(self, cpus: float) -> None:
        """Nothing depends on it."""

    def close(self) -> None:
        """Nothing is left to be said."""


class Silence:
    """Says nothing."""

    def __call__(self, event: Event) -> None:
        """Let an event pass."""

    def use(self, cpus: float) -> None:
        """Nothing depends on it."""

    def close(self) -> None:
        """Nothing is left to be said."""
