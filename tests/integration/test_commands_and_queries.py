"""Commands and queries end to end: equal digests wherever they run, and what runs again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import Chain, copy_pipeline, ran, stored

TASKS = {
    "prepare",
    "train[width=1]",
    "train[width=2]",
    "score[width=1]",
    "score[width=2]",
    "collect",
    "join",
    "rank",
}
TRAINED = TASKS - {"prepare", "collect"}


@pytest.fixture
def mixed(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_pipeline("mixed", tmp_path / "mixed", reprocc)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the pipeline was submitted once."""
    mixed = copy_pipeline("mixed", tmp_path_factory.mktemp("expected") / "mixed", print)
    command = [sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml"]
    subprocess.run([*command, "--executor", "inline", "-q"], cwd=mixed.folder, check=True)
    return mixed.folder


@pytest.fixture
def submitted(tmp_path: Path, reprocc: Callable[..., Any], ready: Path) -> Chain:
    """A copy of the folder with its store."""
    shutil.copytree(ready, tmp_path / "submitted")
    return Chain(folder=tmp_path / "submitted", reprocc=reprocc)


@pytest.fixture
def expected(ready: Path) -> dict[str, str]:
    """The versions of the one submit."""
    return stored(ready / ".reprocc")


def test_other_surroundings_give_equal_digests(
    tmp_path: Path, reprocc: Callable[..., Any], expected: dict[str, str]
) -> None:
    mixed = copy_pipeline("mixed", tmp_path / "an odd $folder", reprocc)
    (tmp_path / "home").mkdir()
    result = mixed.submit(
        env={
            "PYTHONHASHSEED": "4242",
            "TZ": "America/St_Johns",
            "LC_ALL": "C",
            "HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(mixed.folder / "lib"),
            "REPROCC_SEED": "1",
        }
    )
    assert ran(result) == TASKS
    assert len(expected) == 11, "ten outputs and a source"
    assert stored(mixed.folder / ".reprocc") == expected


@pytest.mark.ray
def test_embedded_ray_gives_the_digests_of_the_inline_executor(
    mixed: Chain, expected: dict[str, str]
) -> None:
    assert ran(mixed.submit("--executor", "ray")) == TASKS
    assert stored(mixed.folder / ".reprocc") == expected


def test_an_unchanged_submit_and_comments_run_nothing(submitted: Chain) -> None:
    assert ran(submitted.submit()) == set()
    submitted.edit("train.py", "import argparse", "# what it is given\nimport argparse")
    submitted.edit("lib/scale.py", "return n * 10", "return (n*10)  # tens")
    assert ran(submitted.submit()) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("train.py", "values) / width", "values) / (width + 1)", TRAINED),
        ("params.json", "0.5", "0.75", TRAINED),
        ("pipeline.yaml", "width: [1, 2]", "width: [2, 1]", set()),
        (
            "pipeline.yaml",
            "it's done",
            "it is done",
            {"score[width=1]", "score[width=2]", "collect"},
        ),
        ("pipeline.yaml", "s.score, sum", "s.score + 0 AS score, sum", {"join"}),
        ("pipeline.yaml", "least: 2", "least: 5", {"join"}),
        ("rank.sql", "BY score", "BY score DESC", {"rank"}),
        ("lib/scale.py", "n * 10", "10 * n", {"prepare"}),
    ],
)
def test_a_change_runs_what_depends_on_it(
    submitted: Chain, file: str, old: str, new: str, expected: set[str]
) -> None:
    submitted.edit(file, old, new)
    assert ran(submitted.submit()) == expected


def test_a_changed_argument_runs_its_points_alone(submitted: Chain) -> None:
    submitted.edit("pipeline.yaml", "width: [1, 2]", "width: [1, 2, 3]")
    assert ran(submitted.submit()) == {
        "train[width=3]",
        "score[width=3]",
        "collect",
        "join",
        "rank",
    }


def test_an_undeclared_file_fails_and_the_mend_is_said(mixed: Chain) -> None:
    mixed.edit("pipeline.yaml", "    code: [params.json]\n", "")
    done = mixed.reprocc("submit", "pipeline.yaml", "--executor", "inline", cwd=mixed.folder)
    assert done.rc == 1
    assert "ended with status 1" in done.stderr
    assert "declare it: `code: [params.json]`, or make it an input" in done.stderr
    assert "FileNotFoundError" in done.stderr


def test_a_query_that_fails_names_the_column_and_its_place(mixed: Chain) -> None:
    mixed.edit("pipeline.yaml", "sum(c.n)", "sum(c.m)")
    done = mixed.reprocc("submit", "pipeline.yaml", "--executor", "inline", cwd=mixed.folder)
    assert done.rc == 1
    assert "`join`" in done.stderr
    assert "sum(c.m)" in done.stderr
