"""Random pipelines: however a spec is written, its plan is the same, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprocc.compiler.document import plain_value
from reprocc.compiler.driver import Compiled, compile_source
from reprocc.compiler.reading import read
from reprocc.compiler.render_plan import plan_bytes
from reprocc.compiler.source import Source
from reprocc.compiler.workspace import Workspace

from .drawn_specs import Drawn, lay_files, pipelines
from .printed_yaml import printed

SLOW = list(HealthCheck)  # a pipeline takes many draws, and the machine may be busy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that a drawn pipeline may name."""
    made = tmp_path_factory.mktemp("drawn")
    lay_files(made)
    return made


def compiled(text: str, drawn: Drawn, folder: Path) -> Compiled:
    """Compile a text beside the code of a drawn pipeline."""
    code = {str(folder / "drawn.py"): drawn.code.encode()}
    source = Source(path="pipeline.yaml", text=text)
    return compile_source(source, folder, given={}, workspace=Workspace(overlay=code))


def bytes_of(text: str, drawn: Drawn, folder: Path) -> bytes:
    found = compiled(text, drawn, folder)
    assert found.plan is not None, [(d.code.name, d.message) for d in found.diagnostics]
    return plan_bytes(found.plan)


@pytest.mark.parametrize("examples", [120, pytest.param(3000, marks=pytest.mark.soak)])
def test_a_plan_printed_in_any_style_compiles_to_the_same_bytes(
    folder: Path, examples: int
) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(pipelines(), st.integers(0, 2**32))
    def judge(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        first = printed(drawn.spec, chance)
        plan = bytes_of(first, drawn, folder)
        document, said = read(Source(path="pipeline.yaml", text=first))
        assert document is not None
        assert said == ()
        value = plain_value(document.root)
        assert value == drawn.spec, "what was printed is what is read"
        assert bytes_of(printed(value, chance), drawn, folder) == plan

    judge()


@pytest.mark.parametrize("examples", [60, pytest.param(1500, marks=pytest.mark.soak)])
def test_what_differs_in_meaning_differs_in_bytes(folder: Path, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(pipelines(), st.integers(0, 2**31 - 1))
    def judge(drawn: Drawn, seed: int) -> None:
        chance = random.Random(seed)
        before = bytes_of(printed(drawn.spec, chance), drawn, folder)
        other = {**drawn.spec, "seed": (drawn.spec.get("seed", 0) + 1 + seed) % 2**31}
        same = other["seed"] == drawn.spec.get("seed", 0)
        assert (bytes_of(printed(other, chance), drawn, folder) == before) == same

    judge()
