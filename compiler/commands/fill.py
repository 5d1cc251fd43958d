"""A command at one point: its words with values in them, quoted where a shell reads them."""

from __future__ import annotations

from ..codes.expressions import TEXT_NOT_SCALAR
from ..codes.shape import WRONG_VALUE
from ..expression.expected import WrongValue
from ..expression.value import Value, a_type, written
from ..plan import Command, PathReference, Word
from .quoting import quoted
from .words import Part, PreparedCommand


def word_text(value: Value) -> str:
    """Return a value as text in a command. Raises WrongValue for what is no scalar."""
    if isinstance(value, (list, dict)):
        hint = "index it, or read it from `${arguments}`"
        raise WrongValue(f"{a_type(value)} cannot be written inside a text", TEXT_NOT_SCALAR, hint)
    text = written(value)
    if "\0" in text:
        raise WrongValue("a word of a command cannot hold a null character", WRONG_VALUE)
    return text


def fill_command(command: PreparedCommand, values: list[str]) -> Command:
    """Return the command with a text for each of its expressions, in the order written."""
    rest = iter(values)
    words = tuple(
        _word(word, [next(rest) if _is_hole(p) else "" for p in word], command.is_shell)
        for word in command.words
    )
    return Command(words=words, shell=command.is_shell)


def _is_hole(part: Part) -> bool:
    return not isinstance(part, str | PathReference)


def _word(word: tuple[Part, ...], values: list[str], is_shell: bool) -> Word:
    """Join the parts of a word: texts that stand beside each other become one."""
    filled: list[str | PathReference] = []
    for index, (part, value) in enumerate(zip(word, values, strict=True)):
        piece: str | PathReference
        if isinstance(part, str | PathReference):
            piece = part
        elif is_shell:
            piece = quoted(value, before=_beside(word, index - 1), after=_beside(word, index + 1))
        else:
            piece = value
        if isinstance(piece, str) and filled and isinstance(filled[-1], str):
            filled[-1] += piece
        elif piece != "":
            filled.append(piece)
    return tuple(filled)


def _beside(word: tuple[Part, ...], index: int) -> str:
    part = word[index] if 0 <= index < len(word) else ""
    # A path or a value makes one word with what stands beside it.
    return part if isinstance(part, str) else "/"
