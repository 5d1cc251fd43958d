"""A command line that is not finished: its words, and the one that is being typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`words` after the program and before the one at the cursor, and what is typed of that.

    `hidden` is how much of `typed` the shell does not expect to see again.
    """

    words: tuple[str, ...]
    typed: str
    hidden: int = 0


def line_of_words(words: list[str]) -> Line:
    """Return the line of a shell that splits it itself; the last word is the one being typed."""
    return Line(words=tuple(words[:-1]), typed=words[-1] if words else "")


def line_of_text(text: str, breaks: str) -> Line:
    """Return the line of a shell that gives it up to the cursor.

    bash takes what follows the last of `breaks` for the word being typed, outside of quotes.
    """
    words, typed, quote = _split(text)
    last = 0 if quote else max((typed.rfind(sign) for sign in breaks), default=-1) + 1
    return Line(words=tuple(words[1:]), typed=typed, hidden=last)


def _split(text: str) -> tuple[list[str], str, str]:
    """Return the finished words, the last one, and the quote that it stands in."""
    words: list[str] = []
    word, quote, begun = "", "", False
    signs = iter(text)
    for sign in signs:
        if sign == "\\" and quote != "'":
            word, begun = word + next(signs, ""), True
        elif quote:
            word, quote = (word, "") if sign == quote else (word + sign, quote)
        elif sign in "'\"":
            quote, begun = sign, True
        elif sign.isspace():
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word, begun = word + sign, True
    return words, word, quote
