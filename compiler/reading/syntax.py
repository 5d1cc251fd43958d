"""What is wrong with a text that no YAML parser reads, in our own words."""

from __future__ import annotations

import re

from ..codes.yaml import UNKNOWN_ALIAS, UNQUOTED_EXPRESSION, YAML_SYNTAX
from ..diagnostic import Diagnostic, Label
from ..fixing.quoting import quote_expression, quote_pattern
from ..source import Source, Span
from .disputed import block_that_begins_before, comment_without_space, glued_value, tab
from .events import NotYamlError

_EXPRESSION = re.compile(r"\$\{[^{}\n]*\}?")
_WORD = re.compile(r"[^\s,\[\]{}]+")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\n]|\'\')*\'')

# What the last parser says, and what we say instead; the first that is found in its words counts.
_WORDS: tuple[tuple[str, str, str | None], ...] = (
    ("',' or ']'", "this list needs `,` or `]` here", None),
    ("',' or '}'", "this mapping needs `,` or `}` here", None),
    (
        "mapping values are not allowed",
        "a `:` cannot stand here",
        "quote a text that holds `: `, or mend the indentation",
    ),
    ("mapping keys are not allowed", "a `?` cannot stand here", "quote the text that it begins"),
    ("expected ':'", "this line needs a `:` after its key", None),
    ("found unexpected ':'", "a `:` cannot stand here", "quote the text that holds it"),
    ("sequence entries are not allowed", "a list cannot begin here", "begin it on its own line"),
    ("document separator", "a quoted text runs into the end of the document", None),
    ("end of stream", "this quoted text is never closed", None),
    ("escape", "this escape is unknown in double quotes", "use single quotes, or double the `\\`"),
    ("cannot start any token", "this character cannot begin a plain text", "quote the text"),
    (
        "a block scalar",
        "the line of a `|` or `>` holds `+`, `-` or a digit from 1 and no more",
        "begin the text on the next line",
    ),
    ("an anchor", "an anchor needs a name of letters, digits, `_` and `-`", None),
    ("an alias", "an alias needs a name of letters, digits, `_` and `-`", None),
    ("tag", "a YAML tag cannot stand here", "remove it"),
    ("expected <block end>", "this does not fit the lines above it", None),
    ("<document start>", "this does not fit the lines above it", None),
    ("document end marker", "nothing can stand behind the end of the document", None),
    ("node content", "a value is missing here", None),
)
_COMMAND = re.compile(r"(?:^|[\s{,])(command|sql):[ \t]+(?=[^\s'\"|>\[{&*!#])")
_BLAMES_BEGINNING = ("end of stream", "document separator")


def explain_syntax(source: Source, problem: NotYamlError) -> Diagnostic:
    """Translate a parser's complaint; traps of YAML are recognised by the text around the place."""
    at = len(source.text) if problem.offset is None else min(problem.offset, len(source.text))
    return (
        _tab(source, at)
        or _leading_blanks(source, problem, at)
        or _comment(source, problem, at)
        or _pair(source, problem, at)
        or _glob(source, at)
        or _expression(source, at)
        or _command(source, problem, at)
        or _translation(source, problem, at)
    )


def _tab(source: Source, at: int) -> Diagnostic | None:
    start = source.text.rfind("\n", 0, at) + 1
    indentation = re.compile(r"[ \t]*").match(source.text, start)
    assert indentation is not None, "the pattern matches the empty text"
    at = source.text.find("\t", start, indentation.end())
    return None if at < 0 else tab(Span(source, at, at + 1), indents=True)


def _leading_blanks(source: Source, problem: NotYamlError, at: int) -> Diagnostic | None:
    if "more indented follow up line" not in problem.words:
        return None
    return block_that_begins_before(source, at)


def _comment(source: Source, problem: NotYamlError, at: int) -> Diagnostic | None:
    if "a block scalar" not in problem.words or source.text[at : at + 1] != "#":
        return None
    return comment_without_space(Span(source, at, at + 1))


def _pair(source: Source, problem: NotYamlError, at: int) -> Diagnostic | None:
    before = source.text[:at].rstrip(" ")[-1:]
    if "',' or ']'" not in problem.words or source.text[at : at + 1] != ":" or before not in "\"'":
        return None
    return glued_value(Span(source, at, at + 1))


def _glob(source: Source, at: int) -> Diagnostic | None:
    text = source.text
    start = at if text[at : at + 1] == "*" else at - 1
    if start < 0 or text[start] != "*":
        return None
    while text[start - 1 : start] == "*":
        start -= 1
    if start > 0 and text[start - 1] not in " \t\n\r[{,":
        return None
    word = _WORD.match(text, start)
    assert word is not None, "a star is part of a word"
    return glob_as_alias(Span(source, start, word.end()))


def glob_as_alias(span: Span) -> Diagnostic:
    """Say that a plain value that begins with `*` is an alias of nothing."""
    return Diagnostic(
        code=UNKNOWN_ALIAS,
        message=f"`{span.text}` is read as an alias, and no anchor has that name",
        primary=Label(span=span),
        help=f'quote it if it is a pattern or text: `"{span.text}"`',
        fixes=quote_pattern(span),
    )


def _expression(source: Source, at: int) -> Diagnostic | None:
    text = source.text
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), line)
    found = [
        match
        for match in _EXPRESSION.finditer(bare)
        if match.start() + start <= at <= match.end() + start
    ]
    if not found:
        return None
    span = Span(source, start + found[0].start(), start + found[0].end())
    stands_alone = (
        text[span.start - 1 : span.start] in tuple(" [{,")
        and text[span.end : span.end + 1] in tuple(" ]},\n\r")
        and span.text.endswith("}")
        and '"' not in span.text
    )
    return Diagnostic(
        code=UNQUOTED_EXPRESSION,
        message="an expression inside `[…]` or `{…}` must be quoted",
        primary=Label(span=span),
        help=f'write `"{span.text}"`' if stands_alone else "quote the text that holds it",
        fixes=quote_expression(span),
    )


def _command(source: Source, problem: NotYamlError, at: int) -> Diagnostic | None:
    """Say that `: ` ends a command or query that is written without quotes."""
    if "mapping values" not in problem.words and "found unexpected ':'" not in problem.words:
        return None
    start = source.text.rfind("\n", 0, at) + 1
    found = list(_COMMAND.finditer(source.text, start, at))
    if not found:
        return None
    key = found[-1][1]
    return Diagnostic(
        code=YAML_SYNTAX,
        message=f"`: ` cannot stand in a `{key}` without quotes",
        primary=Label(span=Span(source, at, min(at + 1, len(source.text)))),
        related=(Label(span=Span(source, *found[-1].span(1))),),
        help=f"write it in a block after `{key}: |`, or quote it",
    )


def _translation(source: Source, problem: NotYamlError, at: int) -> Diagnostic:
    words, message, help_text = next(
        (entry for entry in _WORDS if entry[0] in problem.words),
        ("", "this cannot be read as YAML", None),
    )
    if words in _BLAMES_BEGINNING and problem.began is not None:
        at = problem.began
    related: tuple[Label, ...] = ()
    if words.startswith("',' or") and problem.began is not None:
        began = Span(source, problem.began, problem.began + 1)
        related = (Label(span=began, message="opened here"),)
    return Diagnostic(
        code=YAML_SYNTAX,
        message=message,
        primary=Label(span=Span(source, at, min(at + 1, len(source.text)))),
        related=related,
        help=help_text,
    )
