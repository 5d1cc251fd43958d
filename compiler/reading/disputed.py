"""What YAML parsers read differently, or against YAML 1.2: refused whichever of them reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ..codes.yaml import TAB_INDENTATION, YAML_SYNTAX
from ..diagnostic import Diagnostic, Edit, Fix, Label
from ..fixing.quoting import quote
from ..source import Source, Span
from .extents import line_start, odd_name

_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*(%[^\r\n]*)")
_SUSPECT = re.compile(r"\t|(?<=[^\s#])#|(?<=[\[{,\s])\?(?=[^\s,\]}])")
_GLUED = re.compile(
    r"#(?<=[^\s#]#)"
)  # a literal first: most files have none, and are searched fast
_ASKED = re.compile(r"\?(?<=[\[{,\s]\?)(?=[^\s,\]}])")
_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\n|\r|\Z)")
_LEADING = re.compile(r"[|>][-+]?(?: +#[^\r\n]*)? *((?:(?:\r\n|\n|\r) *)+)")
_GLUED_VALUE = re.compile(r" *:(?=\S)")
_LINE = re.compile(r"(\r\n|\n|\r)( *)(?![ \t]*(?:[\r\n]|\Z))([^\r\n])")


def directive(source: Source) -> Diagnostic | None:
    """Refuse a directive before the document: parsers disagree about all but `%YAML 1.2`."""
    found = _DIRECTIVE.match(source.text)
    if found is None:
        return None
    return _refuse(
        "a YAML directive cannot stand here",
        Span(source, *found.span(1)),
        "remove it: every pipeline file is YAML 1.2",
    )


class Disputed:
    """Judges a file by where its texts and brackets stand, which a parser has found.

    Tabs stand in quoted and block texts and in comments alone; a comment has white space before
    its `#`, and a `?` that begins a key behind it; what goes on in a further line is indented.
    """

    def __init__(self, source: Source) -> None:
        text = source.text
        self.source = source
        self.found: list[Diagnostic] = []
        self.collects = bool("\t" in text or _GLUED.search(text) or _ASKED.search(text))
        self.has_returns = "\r" in text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.plain: list[bool] = []

    def collect(self, start: int, end: int, style: str | None) -> None:
        """Note the place of a scalar: behind its header, if it is a block."""
        header = _HEADER.match(self.source.text, start, end) if style in ("|", ">") else None
        self.starts.append(start if header is None else header.end())
        self.ends.append(end)
        self.plain.append(not style)

    def text(self, style: str, start: int, end: int, around: int | None) -> int:
        """Judge the lines of a quoted or block text, and return where it ends.

        `around` is where the list or mapping begins in which it stands, if any.
        """
        text = self.source.text
        if style not in ("|", ">"):
            self.lines(start, end, around)
            return end
        self.found.extend(uneven_blank_lines(self.source, start))
        line = line_start(text, start)
        if not text[line:start].strip():
            depth = self._depth(around)
            self.found.extend(loose_lines(self.source, line, start + 1, depth))
        return start + len(text[start:end].rstrip())

    def lines(self, start: int, end: int, around: int | None, *, closing: str = "") -> None:
        """Judge the lines of what stands in quotes or brackets, unless in brackets itself."""
        text = self.source.text
        if text.find("\n", start, end) < 0 and (
            not self.has_returns or text.find("\r", start, end) < 0
        ):
            return
        if around is None or text[around] not in "[{":
            depth = self._depth(around)
            self.found.extend(loose_lines(self.source, start, end, depth, closing))

    def pair(self, key: Span) -> None:
        """Refuse a pair in a list in brackets, `["a":1]`, without white space behind its `:`."""
        glued = _GLUED_VALUE.match(self.source.text, key.end)
        if glued is not None:
            self.found.append(glued_value(Span(self.source, glued.end() - 1, glued.end())))

    def anchor(self, start: int) -> None:
        """Refuse the anchor of a value that begins at `start`, where its end is not plain."""
        odd = odd_name(self.source.text, self.source.text.find("&", start))
        if odd is not None:
            self.found.append(bad_anchor(Span(self.source, *odd)))

    def _depth(self, around: int | None) -> int:
        return -1 if around is None else around - line_start(self.source.text, around)

    def judge(self, *, is_whole: bool = True, offset: int | None = None) -> list[Diagnostic]:
        """Return what is refused.

        If the text was not read whole, only what lies before the last scalar is judged, and a tab
        at the very place where the parser gave up.
        """
        last = self.ends[-1] if self.ends else 0
        for suspect in _SUSPECT.finditer(self.source.text) if self.collects else ():
            at = suspect.start()
            if not is_whole and at >= last and not (at == offset and suspect[0] == "\t"):
                continue
            if not self._is_text(at, suspect[0]) and not self._is_comment(at):
                self.found.append(self._refused(at, suspect[0]))
        return self.found

    def _is_text(self, at: int, character: str) -> bool:
        index = bisect_right(self.starts, at) - 1
        if index < 0 or at >= self.ends[index]:
            return False
        return character != "\t" or not self.plain[index]

    def _is_comment(self, at: int) -> bool:
        text = self.source.text
        line = line_start(text, at)
        begins = text.find("#", line, at)
        while begins >= 0:
            if (begins == line or text[begins - 1] in " \t") and not self._is_text(begins, "#"):
                return True
            begins = text.find("#", begins + 1, at)
        return False

    def _refused(self, at: int, character: str) -> Diagnostic:
        text, span = self.source.text, Span(self.source, at, at + 1)
        if character == "\t":
            line = line_start(text, at)
            return tab(span, indents=not text[line:at].strip(), in_text=self._is_text(at, "#"))
        if character == "#":
            return comment_without_space(span)
        return _refuse(
            "a `?` begins a key here, and needs a space", span, "quote it if it begins a text"
        )


def tab(span: Span, *, indents: bool, in_text: bool = False) -> Diagnostic:
    """Refuse a tab that indents a line, or stands between words, maybe those of a plain text."""
    space = Fix(title="Write a space", edits=(Edit(span=span, text=" "),), is_certain=not in_text)
    what = "indents this line" if indents else "separates words here"
    return Diagnostic(
        code=TAB_INDENTATION,
        message=f"a tab {what}, and YAML wants spaces",
        primary=Label(span=span),
        help="replace the tab with spaces",
        fixes=() if indents else (space,),
    )


def comment_without_space(span: Span) -> Diagnostic:
    """Refuse a `#` right behind a value: a comment for some, an error for others."""
    before = Span(span.source, span.start, span.start)
    return _refuse(
        "a comment needs a space before its `#`",
        span,
        "add a space, or quote the text that holds the `#`",
        fixes=(Fix(title="Add a space", edits=(Edit(span=before, text=" "),)),),
    )


def glued_value(span: Span) -> Diagnostic:
    """Refuse the `:` of a pair in a list in brackets, with nothing between it and the value."""
    return _refuse("a `:` needs a space behind it here", span, "add a space")


def lone_dash(span: Span) -> Diagnostic:
    """Refuse a plain `-` in brackets: a list entry for some, a text for others."""
    return _refuse("a lone `-` is no value", span, 'quote it: `"-"`', fixes=quote(span))


def bad_anchor(span: Span) -> Diagnostic:
    """Refuse an anchor whose end parsers see in different places."""
    return _refuse("an anchor's name may hold letters, digits, `_` and `-`", span, "rename it")


def final_colon(span: Span) -> Diagnostic:
    """Refuse a plain text in brackets that ends in `:`: for some its end, for others a key."""
    return _refuse(
        "a `:` in brackets needs a space behind it, or quotes around it",
        Span(span.source, span.end - 1, span.end),
        "add a space if a key ends here, quote the text if not",
    )


def uneven_blank_lines(source: Source, start: int) -> Iterator[Diagnostic]:
    """Refuse a block text that begins with blank lines which hold spaces, but not as many each.

    How deep it is indented would be guessed from them, and parsers guess differently.
    """
    found = _LEADING.match(source.text, start)
    if found is None:
        return
    *blank, first = (len(line) for line in re.split(r"\r\n|\n|\r", found[1])[1:])
    widths = {width for width in blank if width}
    if widths and (len(widths) > 1 or first > max(widths)):
        yield _refuse(
            "blank lines with spaces leave the indentation of this text open",
            Span(source, start, start + 1),
            "remove the spaces from the blank lines at its beginning",
        )


def block_that_begins_before(source: Source, offset: int) -> Diagnostic | None:
    """Refuse the block text in whose leading blank lines a parser gave up at `offset`."""
    start = offset
    while (start := max(source.text.rfind(sign, 0, start) for sign in "|>")) >= 0:
        for found in uneven_blank_lines(source, start):
            return found
    return None


def loose_lines(
    source: Source, start: int, end: int, depth: int, closing: str = ""
) -> Iterator[Diagnostic]:
    """Refuse the first line of a text or list that stands no deeper than the block that holds it.

    `depth` is the column of that block, from 0; a line that begins with one of `closing` may
    stand at it.
    """
    for line in _LINE.finditer(source.text, max(start - 2, 0), end):
        first = line[3]
        if line.end(1) < start or len(line[2]) > depth - (first in closing):
            continue
        if closing and first == "#":
            continue
        at = line.start(3)
        yield Diagnostic(
            code=YAML_SYNTAX,
            message="a continued line must be indented more than what it belongs to",
            primary=Label(span=Span(source, at, at + 1)),
            help="indent the line",
        )
        return


def _refuse(message: str, span: Span, help_text: str, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    return Diagnostic(
        code=YAML_SYNTAX, message=message, primary=Label(span=span), help=help_text, fixes=fixes
    )
