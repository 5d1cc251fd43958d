"""The words of a command: text, paths, and expressions that are evaluated for each point."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..codes import commands as codes
from ..codes.expressions import UNKNOWN_NAME
from ..diagnostic import Code, Diagnostic, Fix, Label
from ..document import Node, Scalar
from ..expression.expression import ROOTS, Expression, check_references, parse_expression
from ..expression.pieces import Hole, Words, hole_span, offset_of, pieces_of
from ..expression.scope import Names
from ..expression.value import written
from ..fixing.quoting import unwrap
from ..fixing.rename import rename, replace_word
from ..graph import reads_of
from ..plan import PathReference
from ..source import Span
from ..spec import CommandLine, Transformation
from ..suggest import closest
from .shell import Standing, standings

_PATH = re.compile(r"\s*(inputs|outputs)\s*\.\s*([^\W\d]\w*)\s*\Z")
_ARGUMENTS = re.compile(r"\s*arguments\s*\Z")
_PATHS = ("inputs", "outputs", "arguments")
_MENDS: dict[Standing, tuple[str, str]] = {
    "quotes": ("inside quotes of the shell", "take the quotes away: reprocc quotes it"),
    "backticks": ("inside backticks", "write `$(…)` in place of the backticks"),
    "braces": ("inside `${…}` of the shell", "give it to a variable first: `name=${…}`"),
    "arithmetic": ("inside `$((…))`", "compute it in the expression"),
    "comment": ("in a comment of the shell", "remove it from the comment"),
    "here-document": ("in a here-document", "pass it as an argument instead"),
    "backslash": ("behind a backslash", "remove the backslash, or write `$${` for a literal `${`"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpolated:
    """An expression in a command; `span` is where it is written, braces included."""

    expression: Expression
    span: Span = field(compare=False)


Part = str | PathReference | Interpolated


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCommand:
    """A command whose expressions are parsed, each word in its parts."""

    words: tuple[tuple[Part, ...], ...]
    is_shell: bool

    def holes(self) -> Iterator[Interpolated]:
        """Go through the expressions in the order written."""
        for word in self.words:
            yield from (part for part in word if isinstance(part, Interpolated))


def prepare_command(
    transformation: Transformation, body: CommandLine, names: Names
) -> tuple[PreparedCommand | None, tuple[Diagnostic, ...]]:
    """Parse a command; None where it can have no value, which has been reported."""
    reader = _Reader(transformation, names)
    words = tuple(reader.word(node, is_shell=body.is_shell) for node in body.words)
    found = list(reader.found)
    if reader.is_sound:
        found.extend(_unused(transformation, words))
    is_broken = any(
        reference.root == "parameters" and reference.name in names.broken
        for word in words
        for part in word
        if isinstance(part, Interpolated)
        for reference in part.expression.references
    )
    is_whole = reader.is_sound and not is_broken
    return PreparedCommand(words=words, is_shell=body.is_shell) if is_whole else None, tuple(found)


class _Reader:
    """Reads words; what is wrong gathers in `found`."""

    def __init__(self, transformation: Transformation, names: Names) -> None:
        self.found: list[Diagnostic] = []
        self.is_sound = True
        self._names = names
        self._known = {
            "inputs": [read.parameter.text for read in reads_of(transformation)],
            "outputs": [output.name.text for output in transformation.outputs],
        }
        self._owner = transformation.name.text

    def word(self, node: Node, *, is_shell: bool) -> tuple[Part, ...]:
        assert isinstance(node, Scalar), "the shape has been judged"
        text = written(node.value)
        pieces = pieces_of(text, node)
        if isinstance(pieces, Diagnostic):
            self.refuse(pieces)
            return ()
        if is_shell:
            self.judge_standing(pieces, text, node)
        parts: list[Part] = []
        for piece in pieces:
            if isinstance(piece, Hole):
                parts.extend(self.part(piece, text, node))
            elif parts and isinstance(parts[-1], str):
                parts[-1] += piece.text
            else:
                parts.append(piece.text)
        return tuple(parts)

    def judge_standing(self, pieces: tuple[Hole | Words, ...], text: str, node: Scalar) -> None:
        holes = [piece for piece in pieces if isinstance(piece, Hole)]
        places = standings([None if isinstance(p, Hole) else p.text for p in pieces])
        for hole, standing in zip(holes, places, strict=True):
            if standing != "plain":
                where, mend = _MENDS[standing]
                message = f"`{_shown(hole)}` stands {where}"
                span = hole_span(node, text, hole)
                fixes = unwrap(span, node.span, "'\"") if standing == "quotes" else ()
                self.say(codes.QUOTED_INTERPOLATION, message, span, mend, fixes)

    def part(self, hole: Hole, text: str, node: Scalar) -> Iterator[Part]:
        span = hole_span(node, text, hole)
        path = _PATH.match(hole.inner)
        if path is not None:
            yield from self.path(path[1], path[2], span)
            return
        if _ARGUMENTS.match(hole.inner):
            yield PathReference(of="arguments", name="")
            return
        offset = offset_of(node, text, hole.start, hole.end)
        expression = parse_expression(hole.inner, node.span, offset)
        if isinstance(expression, Diagnostic):
            self.refuse(expression)
            return
        stray = [r for r in expression.references if r.root in _PATHS]
        if stray:
            message = f"`{stray[0].root}` stands for paths, and no expression can use them"
            mend = "write the path alone between its braces, text outside of them"
            self.say(codes.PATH_IN_EXPRESSION, message, stray[0].span, mend)
            return
        for fault in check_references(expression, self._names):
            self.refuse(self.with_path(fault, expression))
        yield Interpolated(expression=expression, span=span)

    def path(self, of: str, name: str, span: Span) -> Iterator[Part]:
        known = self._known[of]
        if name in known:
            yield PathReference(of="input" if of == "inputs" else "output", name=name)
            return
        noun = of.removesuffix("s")
        other = "outputs" if of == "inputs" else "inputs"
        near = closest(name, known)
        hint = None if near is None else f"did you mean `${{{of}.{near}}}`?"
        message = f"`{self._owner}` has no {noun} `{name}`"
        if name in self._known[other]:
            hint = f"write `${{{other}.{name}}}`"
            self.say(codes.UNKNOWN_PATH, message, span, hint)
            return
        fixes = rename(span, name, near, known)
        self.say(codes.UNKNOWN_PATH, message, span, hint, fixes)

    def with_path(self, fault: Diagnostic, expression: Expression) -> Diagnostic:
        """Give a hint where a bare name is that of an input or an output."""
        word = expression.text
        for of in ("inputs", "outputs"):
            if fault.code is UNKNOWN_NAME and word in self._known[of]:
                return Diagnostic(
                    code=fault.code,
                    message=fault.message,
                    primary=fault.primary,
                    help=f"write `${{{of}.{word}}}`",
                    fixes=replace_word(fault.primary.span, word, f"{of}.{word}", is_certain=False),
                )
            root, _, name = word.partition(".")
            if fault.code is UNKNOWN_NAME and closest(root, [of]) is not None and name:
                return Diagnostic(
                    code=fault.code,
                    message=fault.message,
                    primary=fault.primary,
                    help=f"did you mean `${{{of}.{name}}}`?",
                    fixes=rename(fault.primary.span, root, of, (*_PATHS, *ROOTS), of_language=True),
                )
        return fault

    def say(
        self, code: Code, message: str, span: Span, mend: str | None, fixes: tuple[Fix, ...] = ()
    ) -> None:
        label = Label(span=span)
        self.refuse(Diagnostic(code=code, message=message, primary=label, help=mend, fixes=fixes))

    def refuse(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)
        self.is_sound = False


def _unused(
    transformation: Transformation, words: tuple[tuple[Part, ...], ...]
) -> Iterator[Diagnostic]:
    """Report outputs, inputs and arguments that no word names."""
    named = {part for word in words for part in word if isinstance(part, PathReference)}
    owner = transformation.name.text
    body = Label(span=_first_line(transformation.body.span), message="in this command")
    for output in transformation.outputs:
        name = output.name.text
        if PathReference(of="output", name=name) not in named:
            yield Diagnostic(
                code=codes.UNWRITTEN_OUTPUT,
                message=f"the command of `{owner}` never names its output `{name}`",
                primary=Label(span=output.name.span),
                related=(body,),
                help=f"pass the path to write to: `${{outputs.{name}}}`",
            )
    for read in reads_of(transformation):
        name = read.parameter.text
        if PathReference(of="input", name=name) not in named:
            yield Diagnostic(
                code=codes.UNUSED_INPUT,
                message=f"the command of `{owner}` never names its input `{name}`",
                primary=Label(span=read.parameter.span),
                related=(body,),
                help=f"pass its path: `${{inputs.{name}}}`",
            )
    if transformation.arguments and PathReference(of="arguments", name="") not in named:
        yield Diagnostic(
            code=codes.UNUSED_ARGUMENTS,
            message=f"the command of `{owner}` never reads its arguments",
            primary=Label(span=transformation.arguments[0][0].span),
            related=(body,),
            help="pass the file that holds them: `${arguments}`",
        )


def _first_line(span: Span) -> Span:
    """Return the beginning of a span, no further than its line."""
    line = span.text.split("\n", 1)[0].rstrip()
    return Span(span.source, span.start, span.start + max(len(line), 1))


def _shown(hole: Hole) -> str:
    text = " ".join(hole.inner.split())
    return f"${{{text if len(text) <= 30 else text[:29] + '…'}}}"
