"""What the tool says about a spec or its code: one type for all messages, without any drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .source import Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The kind of a diagnostic: its name has one meaning for ever.

    `title` is a line; `explanation` says what it is and why it is bad; `example` is a spec or
    code that shows it; `mend` says what to do. The documentation is generated from these.
    """

    name: str
    severity: Severity
    title: str
    explanation: str
    example: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A place and, where it helps, a few words beside it."""

    span: Span
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replacement of the text of a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A mend as text edits, all of them or none.

    `is_certain` says that nothing else can be meant: `validate --fix` applies it, and an editor
    may do so without asking. Any other is an offer.
    """

    title: str
    edits: tuple[Edit, ...]
    is_certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One mistake, said once.

    `message` is a headline that stands alone: at most 80 characters where names allow it, no
    full stop, literals in backticks. `primary` is where the mistake is; `related` are the other
    ends of it ("declared here"). `help` is an action and nothing else.
    """

    code: Code
    message: str
    primary: Label
    related: tuple[Label, ...] = ()
    help: str | None = None
    fixes: tuple[Fix, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.code.severity


def in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort diagnostics by file, place and code, and drop exact repetitions."""
    unique = dict.fromkeys(diagnostics)
    return tuple(
        sorted(
            unique,
            key=lambda d: (
                d.primary.span.source.path,
                d.primary.span.start,
                d.primary.span.end,
                d.code.name,
                d.message,
            ),
        )
    )
