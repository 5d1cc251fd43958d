"""The chapters under tests/language: every case is a spec and all that is said about it.

A case is a fenced `yaml` block, then files beside it (a fence with `file="name"`), then a fenced
`text` block: the rendered diagnostics, or `valid`. A fence with `shared` before the first case of a
chapter gives a file to all of its cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reprocc.compiler.driver import compile_file
from reprocc.compiler.render.full import render_full
from reprocc.compiler.workspace import Workspace

CHAPTERS = Path(__file__).parents[1] / "language"

_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$|^#+ ([^\n]+)$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r'file="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One spec of a chapter."""

    name: str
    spec: str
    files: tuple[tuple[str, str], ...]
    expected: str


def cases_of(chapter: Path) -> Iterator[Case]:
    """Go through the cases of a chapter. Raises ValueError for a block that is out of place."""
    text = chapter.read_text(encoding="utf-8")
    shared: list[tuple[str, str]] = []
    files: list[tuple[str, str]] = []
    spec: str | None = None
    heading, number = "", 0
    for match in _BLOCK.finditer(text):
        language, options, body, title = match.groups()
        file = _FILE.search(options or "")
        if title is not None:
            heading, number = title, 0
        elif file is not None:
            (shared if "shared" in options else files).append((file[1], body))
        elif language == "yaml" and spec is None:
            spec = body
        elif language == "text" and spec is not None:
            number += 1
            yield Case(
                name=f"{chapter.stem}: {heading} {number}",
                spec=spec,
                files=(*shared, *files),
                expected=body,
            )
            spec, files = None, []
        else:
            line = text.count("\n", 0, match.start()) + 1
            raise ValueError(f"{chapter.name}:{line}: a block that belongs to no case")
    if spec is not None:
        raise ValueError(f"{chapter.name}: the last case has no expectation")


def rendered(case: Case, folder: Path) -> str:
    """Compile a case in a folder of its own and return what is said."""
    for name, text in (("pipeline.yaml", case.spec), *case.files):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    compiled = compile_file(
        folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=Workspace()
    )
    said = render_full(compiled.diagnostics, colour=False)
    has_error = any(diagnostic.severity == "error" for diagnostic in compiled.diagnostics)
    assert (compiled.plan is None) == has_error
    return said if compiled.plan is None else f"{said}valid\n"


CASES = [case for chapter in sorted(CHAPTERS.glob("*.md")) for case in cases_of(chapter)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_spec_is_answered_as_its_chapter_says(case: Case, tmp_path: Path) -> None:
    assert rendered(case, tmp_path) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_headlines_are_short_and_stand_alone(case: Case) -> None:
    for line in case.expected.split("\n"):
        headline = re.match(r"(?:error|warning)\[[a-z0-9-]+\]: (.*)", line)
        if headline is not None:
            assert len(headline[1]) <= 100, line
            assert not headline[1].endswith("."), line


def test_the_chapters_are_there() -> None:
    assert len(CASES) >= 60
