"""Plain values as YAML in every style: quotes, blocks, brackets, order, comments, aliases."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from reprocc.compiler.reading.scalars import resolve

_PLAIN = re.compile(r"[A-Za-z_é./$(][\w é./:#$()<>=*+-]*\Z")
_PLAIN_IN_BRACKETS = re.compile(r"[A-Za-z_é./$(][\w é./$()<>=*+-]*\Z")
_UNSAFE = re.compile(r": |:\Z| #| \Z|^\.\.\.|^---")
_AS_ITSELF = re.compile(
    r"[\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\U00010000-\U0010ffff]*\Z"
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def printed(value: Any, chance: random.Random) -> str:
    """Write a value as a YAML document, in a style that `chance` picks anew at each turn."""
    text = _Printer(value, chance).document(value)
    return text.replace("\n", "\r\n") if chance.random() < 0.1 else text


class _Printer:
    def __init__(self, value: Any, chance: random.Random) -> None:
        self.chance = chance
        self.anchors: dict[str, str] = {}
        self.step = chance.choice([1, 2, 2, 4])
        self.bracketed = chance.choice([0.05, 0.3, 1.0])
        self.keeps = False  # a block text keeps all blank lines behind it
        self.remarks = chance.choice([0.0, 0.3])
        counted: dict[str, int] = {}
        _count(value, counted)
        self.repeated = {text for text, count in counted.items() if count > 1 and len(text) > 3}

    def document(self, value: Any) -> str:
        begins = self.chance.choice(["", "", "---\n", "# first\n\n", "--- # here\n"])
        body = self.block(value, 0) if value else self.in_brackets(value)
        ends = self.chance.choice(["", "", "...\n", "# last\n" if self.keeps else "\n\n# last\n"])
        return begins + body.lstrip("\n") + ("" if body.endswith("\n") else "\n") + ends

    def block(self, value: Any, indent: int) -> str:
        """Write a mapping or list that is not empty, each entry on a line of its own."""
        lines = []
        pad = " " * indent
        for key, item in self.entries(value):
            if self.chance.random() < self.remarks:
                lines.append(f"{pad}# a remark: [with] {{signs}} ${{x}}\n")
            head = "-" if key is None else self.key(key) + ":"
            lines.append(pad + head + self.after(item, indent))
        return "\n" + "".join(lines)

    def entries(self, value: Any) -> list[tuple[str | None, Any]]:
        if isinstance(value, list):
            return [(None, item) for item in value]
        found = list(value.items())
        self.chance.shuffle(found)
        return found

    def after(self, value: Any, indent: int) -> str:
        """Write what stands behind a `:` or `-`, to the end of its last line."""
        anchor = self.anchor(value)
        if anchor.startswith("*"):
            return f" {anchor}{self.remark()}"
        anchor = f" {anchor}" if anchor else ""
        deeper = indent + self.step
        if isinstance(value, dict | list) and value and self.chance.random() > self.bracketed:
            return anchor + self.remark().rstrip("\n") + self.block(value, deeper)
        if value is None and not anchor and self.chance.random() < 0.5:
            return self.remark()
        if isinstance(value, str) and self.chance.random() < 0.4:
            text = self.text_block(value, deeper)
            if text is not None:
                return f"{anchor} {text}"
        is_plain = not isinstance(value, dict | list)
        written = self.scalar(value) if is_plain else self.in_brackets(value)
        return f"{anchor} {written}{self.remark()}"

    def text_block(self, text: str, indent: int) -> str | None:
        """Write a text as a block, or None where it cannot be one."""
        if not text or not all(_AS_ITSELF.match(line) for line in text.split("\n")):
            return None
        ends = len(text) - len(text.rstrip("\n"))
        chomping = "-" if ends == 0 else "" if ends == 1 and text != "\n" else "+"
        self.keeps |= chomping == "+"
        relative = str(self.step) if text[0] in " \n\t" or self.chance.random() < 0.2 else ""
        lines = text.split("\n")[: -1 if ends else None]
        folds = ends == 0 and len(lines) == 1 and text[0] != " "
        sign = ">" if folds and self.chance.random() < 0.5 else "|"
        body = "".join((" " * indent + line if line else "") + "\n" for line in lines)
        return f"{sign}{relative}{chomping}{self.remark()}{body}"

    def in_brackets(self, value: Any) -> str:
        """Write a value within brackets, in one line."""
        anchor = self.anchor(value)
        if anchor.startswith("*"):
            return anchor + " "
        anchor = f"{anchor} " if anchor else ""
        comma = self.chance.choice([", ", ",", " , "])
        if isinstance(value, list):
            return f"{anchor}[{comma.join(self.in_brackets(item) for item in value)}]"
        if isinstance(value, dict):
            colon = self.chance.choice([": ", ":   "])
            pairs = [self.key(k) + colon + self.in_brackets(v) for k, v in self.entries(value)]
            return f"{anchor}{{{comma.join(pairs)}}}"
        return anchor + self.scalar(value, _PLAIN_IN_BRACKETS)

    def anchor(self, value: Any) -> str:
        """Return an alias of what was written before, or an anchor, or nothing."""
        known = json.dumps(value)
        if known not in self.repeated or self.chance.random() < 0.5:
            return ""
        if known in self.anchors:
            return f"*{self.anchors[known]}"
        if isinstance(value, dict | list):  # an anchor is known from the end of its value on
            return ""
        self.anchors[known] = f"x-{len(self.anchors)}"
        return f"&{self.anchors[known]}"

    def remark(self) -> str:
        return " # so: 'it' \"is\n" if self.chance.random() < self.remarks else "\n"

    def key(self, key: str) -> str:
        return self.scalar(key, _PLAIN_IN_BRACKETS)

    def scalar(self, value: Any, plain: re.Pattern[str] = _PLAIN) -> str:
        match value:
            case None:
                return self.chance.choice(["null", "~", "Null"])
            case bool():
                text = str(value)
                return self.chance.choice([text, text.lower(), text.upper()])
            case int() if value >= 0:
                return self.chance.choice([str(value), f"+{value}", hex(value), f"0{value}"])
            case int() | float():
                return repr(value)
        text = str(value)
        styles = [self.doubly(text)]
        if _AS_ITSELF.match(text):
            styles.append("'" + text.replace("'", "''") + "'")
        is_plain = plain.match(text) and not _UNSAFE.search(text) and resolve(text) == text
        if is_plain and text != "<<" and "\t" not in text:
            styles += [text] * 3
        return self.chance.choice(styles)

    def doubly(self, text: str) -> str:
        return '"' + "".join(map(self.escaped, text)) + '"'

    def escaped(self, letter: str) -> str:
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if _AS_ITSELF.match(letter) and self.chance.random() < 0.9:
            return letter
        number = ord(letter)
        return f"\\x{number:02x}" if number < 256 else f"\\U{number:08x}"


def _count(value: Any, counted: dict[str, int]) -> None:
    known = json.dumps(value)
    counted[known] = counted.get(known, 0) + 1
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _count(inner, counted)
