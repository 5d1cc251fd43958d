"""A Python file with what the rules find in it, worked out once for each content."""

from __future__ import annotations

import ast
import marshal
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .allowances import BY_NAME, allowances_of
from .draws import seeded_packages
from .finding import Change, Finding, Need
from .outline import Import
from .rules import findings_of
from .view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class LintedPiece:
    """A definition or a statement of a module, and what is found in it and not allowed.

    `names` are what it binds: none for a statement that only has an effect. `loads` and
    `attributes` are the names that it uses, `imports` what it binds by imports of its own.
    """

    names: tuple[str, ...]
    loads: frozenset[str]
    attributes: frozenset[str]
    imports: dict[str, Import]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """A module: its pieces, its imports, and the comments that allow what there is not.

    `seeds` are the packages whose global generators it seeds somewhere; `is_clean` says that
    nothing is found in it.
    """

    pieces: tuple[LintedPiece, ...]
    imports: dict[str, Import]
    mistakes: tuple[Finding, ...]
    seeds: frozenset[str]
    is_clean: bool


@lru_cache(maxsize=4096)
def linted(tree: ast.Module, text: str, is_script: bool = False) -> Linted:
    """Apply the rules to a module; `is_script` says that it is run as a program."""
    view = View(tree, text, is_script=is_script)
    allowances = allowances_of(text)
    pieces = tuple(
        LintedPiece(
            names=piece.names,
            loads=frozenset(piece.loads),
            attributes=frozenset(piece.attributes),
            imports=piece.imports,
            findings=tuple(
                found for found in findings_of(view, piece) if not allowances.allow(found)
            ),
        )
        for piece in view.outline.pieces
    )
    return Linted(
        pieces=pieces,
        imports=view.outline.imports,
        mistakes=allowances.mistakes,
        seeds=seeded_packages(view),
        is_clean=not allowances.mistakes and not any(piece.findings for piece in pieces),
    )


def packed_linted(file: Linted) -> bytes:
    """Return it as bytes that this version of Python reads back."""
    pieces = tuple(
        (
            (piece.names, piece.loads, piece.attributes, _imports(piece.imports)),
            tuple(map(_finding, piece.findings)),
        )
        for piece in file.pieces
    )
    mistakes = tuple(map(_finding, file.mistakes))
    return marshal.dumps((pieces, _imports(file.imports), mistakes, file.seeds))


def unpacked_linted(data: bytes) -> Linted:
    """Return what `packed_linted` wrote."""
    pieces, imports, mistakes, seeds = marshal.loads(data)
    is_clean = not mistakes and not any(findings for _, findings in pieces)
    return Linted(
        pieces=tuple(
            LintedPiece(
                names=names,
                loads=loads,
                attributes=attributes,
                imports=_imports_back(own),
                findings=tuple(map(_finding_back, findings)),
            )
            for (names, loads, attributes, own), findings in pieces
        ),
        imports=_imports_back(imports),
        mistakes=tuple(map(_finding_back, mistakes)),
        seeds=seeds,
        is_clean=is_clean,
    )


def _imports(imports: dict[str, Import]) -> Any:
    return tuple((name, one.module, one.level, one.name) for name, one in imports.items())


def _imports_back(plain: Any) -> dict[str, Import]:
    return {
        name: Import(module=module, level=level, name=taken) for name, module, level, taken in plain
    }


def _finding(one: Finding) -> Any:
    changes = tuple((change.start, change.end, change.text) for change in one.changes)
    need = None if one.need is None else (one.need.kind, one.need.name)
    return (one.code.name, one.message, one.mend), (one.start, one.end, one.lines), changes, need


def _finding_back(plain: Any) -> Finding:
    (code, message, mend), (start, end, lines), changes, need = plain
    return Finding(
        code=BY_NAME[code],
        message=message,
        start=start,
        end=end,
        lines=lines,
        mend=mend,
        changes=tuple(Change(start=start, end=end, text=text) for start, end, text in changes),
        need=None if need is None else Need(kind=need[0], name=need[1]),
    )
