"""What makes a user's code give another result for the same inputs, read from its text."""

from .lint import lint

__all__ = ["lint"]
