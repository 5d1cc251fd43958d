"""Words for what stands in a file, and for what the language will have later."""

from __future__ import annotations

from ..document import Mapping, Node, Scalar, Sequence, as_written

LATER_KEYS: dict[str, tuple[str, ...]] = {
    "transformation": ("shards", "effects"),
    "environment": ("lock", "python", "packages", "image", "reuse"),
    "source": ("pipeline", "artifact", "version", "at", "optional"),
}
"""Keys that the language has and this version cannot carry out, by the title of their model."""

MEANT_KEYS: dict[str, dict[str, str]] = {
    "pipeline": {
        "stages": "transformations",
        "steps": "transformations",
        "tasks": "transformations",
        "data": "artifacts",
    },
    "transformation": {
        "cmd": "command",
        "run": "command",
        "script": "command",
        "shell": "command",
        "query": "sql",
        "function": "python",
        "deps": "inputs",
        "outs": "outputs",
        "params": "arguments",
        "env": "environment",
    },
}
"""Keys that other tools have for ours, by the title of the model."""

LATER_VALUES = {"isolation": "worker"}
"""Values that the language has and this version cannot carry out, by their key."""

LATER_FORMS = {"secret": "a secret"}
"""Keys of mappings that will stand where only text stands now, and words for them."""

_LONGEST = 28


def described(node: Node) -> str:
    """Say what a node is, in a few words."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return "empty"
        case Scalar(value=bool()):
            return "true" if node.value else "false"
        case Scalar(value=str() as text):
            if not text.strip():
                return "an empty text"
            shown = " ".join(text.split())
            return f"`{shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + '…'}`"
        case Scalar():
            return as_written(node)


def article(noun: str) -> str:
    """Put the indefinite article before a noun; plurals and quoted words get none."""
    if noun.startswith("`") or noun.endswith("s"):
        return noun
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def choice(words: list[str]) -> str | None:
    """Say which words may be used; None where they are none or many."""
    if not words or len(words) > 12:
        return None
    return f"use {'one of ' if len(words) > 1 else ''}{', '.join(f'`{word}`' for word in words)}"
