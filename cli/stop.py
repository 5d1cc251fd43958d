"""The end of a verb before its time, with words."""

from __future__ import annotations


class Stop(Exception):
    """End the command with `status`; `message` is said on stderr, then `help`, an action."""

    def __init__(self, message: str, *, status: int, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.help = help
