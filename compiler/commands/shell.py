"""Where in a shell's text something stands: plainly, or where quoting would not protect it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Standing = Literal[
    "plain", "quotes", "backticks", "braces", "arithmetic", "comment", "here-document", "backslash"
]

_DELIMITER = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|\\?([^\s;|&<>()'\"]+))")
_BEFORE_WORD = " \t\n;|&()"


def standings(parts: Sequence[str | None]) -> tuple[Standing, ...]:
    """Say of each hole (None among the texts) where it stands in the grammar of `sh`.

    A substitution `$(…)` begins anew, also inside double quotes; what follows POSIX no further
    (a `case` in a substitution, say) is judged as well as can be.
    """
    scanner = _Scanner()
    for part in parts:
        if part is None:
            scanner.hole()
        else:
            scanner.text(part)
    return tuple(scanner.found)


class _Scanner:
    """A text read so far; `stack` holds what is open around the place."""

    def __init__(self) -> None:
        self.found: list[Standing] = []
        self.stack: list[Standing | Literal["single", "parenthesis"]] = []
        self.is_escaped = False
        self.before = "\n"
        self.delimiters: list[tuple[str, bool]] = []
        self.line = ""

    def hole(self) -> None:
        self.found.append(self.standing())
        self.is_escaped = False
        self.before = "x"
        self.line += "\0"

    def standing(self) -> Standing:
        if self.is_escaped:
            return "backslash"
        for place in reversed(self.stack):
            if place == "parenthesis":
                # In backticks a substitution does not begin anew: they unescape all of their text.
                return "backticks" if "backticks" in self.stack else "plain"
            return "quotes" if place == "single" else place
        return "plain"

    def text(self, text: str) -> None:
        at = 0
        while at < len(text):
            at = self.step(text, at)

    def step(self, text: str, at: int) -> int:
        """Read one character, or what belongs together; return where to go on."""
        character, top = text[at], self.stack[-1] if self.stack else "plain"
        after = at + 1
        if top == "here-document":
            self.body(character)
        elif self.is_escaped:
            self.is_escaped = False
        elif top == "single":
            if character == "'":
                self.stack.pop()
        elif top == "comment":
            if character == "\n":
                self.stack.pop()
                self.newline()
        elif character == "\\":
            self.is_escaped = True
        elif top == "quotes" and character == '"':
            self.stack.pop()
        elif text.startswith("$((", at):
            self.stack.append("arithmetic")
            after = at + 3
        elif text.startswith("$(", at):
            self.stack.append("parenthesis")
            after = at + 2
        elif text.startswith("${", at):
            self.stack.append("braces")
            after = at + 2
        elif character == "`":
            self.backtick()
        elif top != "quotes":
            after = self.plain(text, at, top)
        self.before = text[after - 1]
        return after

    def plain(self, text: str, at: int, top: str) -> int:
        character = text[at]
        if character == "'":
            self.stack.append("single")
        elif character == '"':
            self.stack.append("quotes")
        elif top == "arithmetic" and text.startswith("))", at):
            self.stack.pop()
            return at + 2
        elif top == "braces" and character == "}":
            self.stack.pop()
        elif character == "(" and top in ("parenthesis", "plain"):
            self.stack.append("parenthesis")
        elif character == ")" and top == "parenthesis":
            self.stack.pop()
        elif character == "#" and top not in ("braces", "arithmetic"):
            if self.before in _BEFORE_WORD:
                self.stack.append("comment")
        elif character == "\n":
            self.newline()
        elif top != "arithmetic" and (found := _DELIMITER.match(text, at)):
            word = next(group for group in found.groups()[1:] if group is not None)
            self.delimiters.append((word, found[1] == "-"))
            return found.end()
        return at + 1

    def backtick(self) -> None:
        if "backticks" in self.stack:
            while self.stack.pop() != "backticks":
                pass
        else:
            self.stack.append("backticks")

    def newline(self) -> None:
        self.line = ""
        if self.delimiters:
            self.stack.append("here-document")

    def body(self, character: str) -> None:
        """Read on in a here-document, which ends at a line that is its delimiter."""
        if character != "\n":
            self.line += character
            return
        word, strips_tabs = self.delimiters[0]
        line = self.line.lstrip("\t") if strips_tabs else self.line
        self.line = ""
        if line == word:
            self.delimiters.pop(0)
            if not self.delimiters:
                self.stack.pop()
