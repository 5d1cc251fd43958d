"""What a rule found in a Python file, before it is known who reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..diagnostic import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must hold of a transformation for a finding to be one.

    `variable`: no environment of it gives that variable; `file`: its code holds no such file;
    `input`, `output`: a path to read, or to write, arrives at that parameter of its function;
    `program`: it is a command; `unseeded`: it is one whose code never seeds that generator.
    """

    kind: Literal["variable", "file", "input", "output", "program", "unseeded"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mend that is certain: the text of a half-open range of code points becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One doubtful place.

    `start` and `end` are code points of the file, `lines` its first and last line, from 1. `mend`
    is an action; `changes` carry it out where that is certain.
    """

    code: Code
    message: str
    start: int
    end: int
    lines: tuple[int, int]
    mend: str
    changes: tuple[Change, ...] = ()
    need: Need | None = None
