"""Random mistakes: every one is explained at a place in the file, and nothing ever falls over."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.driver import compile_file
from reprocc.compiler.render.concise import render_concise
from reprocc.compiler.render.full import render_full
from reprocc.compiler.render.github import render_github
from reprocc.compiler.render.json import render_json
from reprocc.compiler.render.sarif import render_sarif
from reprocc.compiler.source import Span
from reprocc.compiler.workspace import Workspace

from .drawn_specs import Drawn, lay_files, pipelines
from .mutated_specs import mistyped, mutated
from .printed_yaml import printed

SLOW = list(HealthCheck)
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that a drawn pipeline may name."""
    made = tmp_path_factory.mktemp("mutated")
    lay_files(made)
    return made


def places(diagnostic: Diagnostic) -> list[Span]:
    edits = [edit.span for fix in diagnostic.fixes for edit in fix.edits]
    return [diagnostic.primary.span, *(label.span for label in diagnostic.related), *edits]


def judge(text: str, drawn: Drawn, folder: Path) -> None:
    """Compile a text, and assert that what is said of it can be shown and stands in a file."""
    path = folder / "pipeline.yaml"
    overlay = {
        str(path): text.encode("utf-8", "surrogatepass"),
        str(folder / "drawn.py"): drawn.code.encode(),
    }
    found = compile_file(path, shown="p.yaml", given={}, workspace=Workspace(overlay=overlay))
    errors = [d for d in found.diagnostics if d.severity == "error"]
    assert (found.plan is None) == bool(errors), "there is a plan, or an error says why not"
    for diagnostic in found.diagnostics:
        assert diagnostic.message.strip()
        for span in places(diagnostic):
            assert 0 <= span.start <= span.end <= len(span.source.text)
    render_full(found.diagnostics, colour=True)
    assert render_concise(found.diagnostics).count("\n") == len(found.diagnostics)
    for render in (render_json, render_sarif, render_github):
        render(found.diagnostics)


@pytest.mark.parametrize("examples", [150, pytest.param(6000, marks=pytest.mark.soak)])
def test_wrong_values_are_explained_at_their_place(folder: Path, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(pipelines(most=3), SEEDS)
    def run(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        judge(printed(mutated(drawn.spec, chance), chance), drawn, folder)

    run()


@pytest.mark.parametrize("examples", [150, pytest.param(6000, marks=pytest.mark.soak)])
def test_wrong_letters_are_explained_at_their_place(folder: Path, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(pipelines(most=3), SEEDS)
    def run(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        judge(mistyped(printed(drawn.spec, chance), chance), drawn, folder)

    run()


@pytest.mark.parametrize("examples", [60, pytest.param(3000, marks=pytest.mark.soak)])
def test_wrong_letters_in_the_code_are_explained_at_their_place(
    folder: Path, examples: int
) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(pipelines(most=3), SEEDS)
    def run(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        broken = Drawn(drawn.spec, mistyped(drawn.code, chance), drawn.made)
        judge(printed(drawn.spec, chance), broken, folder)

    run()
