"""What is said of a pipeline file that cannot be read."""

from __future__ import annotations

from .codes.sources import UNREADABLE_SPEC
from .diagnostic import Diagnostic, Label
from .source import Source, Span


def unreadable_spec(shown: str, error: OSError) -> Diagnostic:
    """Say why a pipeline file cannot be read."""
    source = Source(path=shown, text="")
    return Diagnostic(
        code=UNREADABLE_SPEC,
        message=f"the pipeline file {why_unreadable(error)}",
        primary=Label(span=Span(source, 0, 0)),
    )


def why_unreadable(error: OSError) -> str:
    """Say why a file cannot be read, in words that are the same on every system."""
    match error:
        case FileNotFoundError():
            return "does not exist"
        case IsADirectoryError():
            return "is a folder, not a file"
        case PermissionError():
            return "may not be read"
        case _:
            return "cannot be read"
