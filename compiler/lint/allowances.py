"""The comments of a Python file that allow what the lint warns of."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from ..code.place import offset_of
from ..codes import determinism as codes
from ..diagnostic import Code
from ..source import Source
from ..suggest import closest
from .finding import Change, Finding

_COMMENT = re.compile(r"#\s*reprocc:\s*allow\b[\s:=]*")
_WORD = re.compile(r"[^\s,#]+")

BY_NAME: dict[str, Code] = {
    value.name: value for value in vars(codes).values() if isinstance(value, Code)
}
"""The codes of the lint."""

LINT_CODES: tuple[str, ...] = tuple(sorted(BY_NAME.keys() - {codes.UNKNOWN_ALLOWANCE.name}))
"""What a comment can allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What is allowed on which lines, from 1, and what the comments get wrong."""

    lines: frozenset[tuple[int, str]]
    mistakes: tuple[Finding, ...]

    def allow(self, finding: Finding) -> bool:
        """Say whether a comment on one of a finding's lines, or alone above it, allows it."""
        first, last = finding.lines
        return bool(self.lines) and any(
            (line, finding.code.name) in self.lines for line in range(first, last + 1)
        )


NO_ALLOWANCES = Allowances(lines=frozenset(), mistakes=())


def allowances_of(text: str) -> Allowances:
    """Read the comments of a file that allow something."""
    if "reprocc:" not in text:
        return NO_ALLOWANCES
    source = Source(path="", text=text)
    lines: set[tuple[int, str]] = set()
    mistakes: list[Finding] = []
    for line, column, comment, is_alone in _comments(text):
        intro = _COMMENT.match(comment)
        if intro is None:
            continue
        for word in re.findall(r"^[^#]*", comment[intro.end() :])[:1]:
            for name in _WORD.finditer(word):
                if name[0] in LINT_CODES:
                    lines.add((line + 1 if is_alone else line, name[0]))
                    continue
                before = comment[: intro.end() + name.start()]
                start = offset_of(source, line, 0) + column + len(before)
                mistakes.append(_mistake(name[0], start, line))
                if not mistakes[-1].changes:
                    break  # the words of a reason that follows are no codes
    return Allowances(lines=frozenset(lines), mistakes=tuple(mistakes))


def _comments(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Go through comments: line, column, text, and whether nothing but them is on their line."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield line, column, token.string, not token.line[:column].strip()
    except (tokenize.TokenError, SyntaxError):
        return  # what `ast` can read and this cannot has no comments that count


def _mistake(word: str, start: int, line: int) -> Finding:
    guess = closest(word, LINT_CODES)
    end = start + len(word)
    return Finding(
        code=codes.UNKNOWN_ALLOWANCE,
        message=f"`{word}` is no warning that a comment can allow",
        start=start,
        end=end,
        lines=(line, line),
        mend=f"did you mean `{guess}`?" if guess else "write the code that the warning shows",
        changes=(Change(start=start, end=end, text=guess),) if guess else (),
    )
