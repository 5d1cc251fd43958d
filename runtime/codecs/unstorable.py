"""The error for a value that the store cannot hold as what it is declared to be."""

from __future__ import annotations


class Unstorable(ValueError):
    """A value, file or folder cannot be kept; `message` is a headline for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
