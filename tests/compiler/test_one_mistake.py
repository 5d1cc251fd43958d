"""One slip in a sound pipeline is one error: what follows from it is not said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprocc.compiler.document import Mapping, Node, Scalar, Sequence
from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.reading import decode, read
from reprocc.compiler.source import Source, Span
from reprocc.compiler.workspace import Workspace

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
SAMPLE = 7
"""One slip of so many is tried by `make test`."""

TWO = {
    # An axis that is renamed where it is declared is missed by what reads it at a point.
    ("unknown-axis", "unknown-axis"),
    # Values of two types are wrong where they are compared, and where they are gathered.
    ("axis-clash", "expression-type"),
}
"""What one slip may say as two: two places that name different things."""


def words(node: Node) -> Iterator[Span]:
    """Go through the keys and scalars of a tree."""
    match node:
        case Mapping():
            for entry in node.entries:
                yield entry.key_span
                yield from words(entry.value)
        case Sequence():
            for item in node.items:
                yield from words(item)
        case Scalar():
            yield node.span


def slips(text: str) -> Iterator[tuple[str, str]]:
    """Swap two letters of each word of a spec; return what was slipped on, and the text."""
    source = decode("pipeline.yaml", text.encode())
    assert isinstance(source, Source)
    document, _ = read(source)
    assert document is not None
    for span in dict.fromkeys(words(document.root)):
        word = span.text
        if len(word) > 2 and word[1] != word[2] and word.isascii():
            slip = word[0] + word[2] + word[1] + word[3:]
            yield word, text[: span.start] + slip + text[span.end :]


def compiled(folder: Path, text: str) -> Compiled:
    path = folder / "pipeline.yaml"
    workspace = Workspace(overlay={os.path.abspath(path): text.encode()})
    return compile_file(path, shown="pipeline.yaml", given={}, workspace=workspace)


def check(name: str, step: int) -> None:
    folder = GOLDEN / name
    text = (folder / "pipeline.yaml").read_text("utf-8")
    for number, (word, wrong) in enumerate(slips(text)):
        if number % step:
            continue
        said = compiled(folder, wrong).diagnostics
        errors = tuple(sorted(one.code.name for one in said if one.severity == "error"))
        assert len(errors) < 2 or errors in TWO, (
            f"a slip in `{word}`: {[one.message for one in said]}"
        )


SPECS = [
    path.parent.name
    for path in sorted(GOLDEN.glob("*/plan.json"))
    if not (path.parent / "given.json").exists()
]


@pytest.mark.parametrize("name", SPECS)
def test_a_slip_in_a_sound_pipeline_is_one_error(name: str) -> None:
    check(name, SAMPLE)


@pytest.mark.soak
@pytest.mark.parametrize("name", SPECS)
def test_every_slip_in_a_sound_pipeline_is_one_error(name: str) -> None:
    check(name, 1)


def test_there_are_slips() -> None:
    found = [list(slips((GOLDEN / name / "pipeline.yaml").read_text("utf-8"))) for name in SPECS]
    assert len(SPECS) >= 8
    assert sum(map(len, found)) >= 300
