"""Values as words of a shell."""

from __future__ import annotations

import re
import shlex

_RESERVED = frozenset(
    "case do done elif else esac fi for function if in select then time until while".split()  # noqa: SIM905
)
_NUMBER = re.compile(r"[0-9]+\Z")


def quoted(text: str, *, before: str, after: str) -> str:
    """Return a text as the shell must read it to give exactly this text.

    `before` and `after` are what stands beside it. Where quotes would change nothing there are
    none; a number before `>`, a word of the shell, and what looks like an assignment get them.
    """
    plain = shlex.quote(text)
    if plain != text:
        return plain
    is_descriptor = _NUMBER.match(text) is not None and after[:1] in ("<", ">")
    is_assignment = "=" in text and before[-1:] not in ("=",) and not before[-1:].isalnum()
    return f"'{text}'" if is_descriptor or is_assignment or text in _RESERVED else text
