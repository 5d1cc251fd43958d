"""What was changed in a file, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator


def text_changes(path: str, before: str, after: str) -> str:
    """Return a unified diff with a line around each change; nothing where the texts are equal.

    Lines end at LF alone; a CR before it, which no terminal shows well, is left out.
    """
    import difflib

    lines = difflib.unified_diff(_lines(before), _lines(after), path, path, n=1)
    return "".join(_shown(lines))


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]] + (
        [text.rpartition("\n")[2]] if not text.endswith("\n") and text else []
    )


def _shown(lines: Iterator[str]) -> Iterator[str]:
    from ..compiler.render.display import shown

    for line in lines:
        written = line.removesuffix("\n").removesuffix("\r")
        yield f"{shown(written)}\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"
