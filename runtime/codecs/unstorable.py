"""The errors for values that cannot be held as what they are declared to be."""

from __future__ import annotations


class Unstorable(ValueError):
    """A value, file or folder cannot be kept; `message` is a headline for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnfitForm(Unstorable):
    """The input `parameter` cannot be laid out in the form `form`; `message` says why."""

    def __init__(self, parameter: str, form: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.form = form
