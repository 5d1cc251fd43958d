"""A Python file with what the rules find in it, worked out once for each content."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from .allowances import allowances_of
from .finding import Finding
from .outline import Import, Piece
from .rules import findings_of
from .view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class LintedPiece:
    """A piece of a module, and what is found in it and not allowed by a comment."""

    piece: Piece
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """A module: its pieces, its imports, and the comments that allow what there is not."""

    pieces: tuple[LintedPiece, ...]
    imports: dict[str, Import]
    mistakes: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        return not self.mistakes and not any(piece.findings for piece in self.pieces)


@lru_cache(maxsize=4096)
def linted(tree: ast.Module, text: str) -> Linted:
    """Apply the rules to a module."""
    view = View(tree, text)
    allowances = allowances_of(text)
    pieces = tuple(
        LintedPiece(
            piece=piece,
            findings=tuple(
                found for found in findings_of(view, piece) if not allowances.allow(found)
            ),
        )
        for piece in view.outline.pieces
    )
    return Linted(pieces=pieces, imports=view.outline.imports, mistakes=allowances.mistakes)
