"""A file that a verb was asked to write is there whole, or as it was before."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPROCC = shlex.join([sys.executable, "-m", "reprocc.cli"])


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")}
    return subprocess.run(
        ["/bin/sh", "-c", script.replace("reprocc", REPROCC)],
        cwd=folder,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """A pipeline whose plan is larger than any pipe holds."""
    (tmp_path / "verbs.py").write_text("def make(a, b, n): ...\n")
    (tmp_path / "pipeline.yaml").write_text(
        "reprocc: 1\nname: points\nparameters: {n: 1}\nartifacts: {m: {kind: metrics}}\n"
        "transformations:\n"
        "  make:\n    python: verbs:make\n    outputs: [m]\n"
        "    arguments: {a: '${matrix.a}', b: '${matrix.b}', n: '${parameters.n}'}\n"
        "    matrix: {a: '${range(30)}', b: '${range(100)}'}\n"
    )
    return tmp_path


@pytest.mark.parametrize("former", [None, "kept"])
def test_a_full_disk_leaves_no_part_of_a_plan(points: Path, former: str | None) -> None:
    if former is not None:
        (points / "plan.json").write_text(former)
    before = sorted(points.iterdir())
    done = shell("ulimit -f 100; exec reprocc compile pipeline.yaml -o plan.json", points)
    assert done.returncode == 3
    assert done.stderr == (
        "error: cannot write `plan.json`: the file is larger than is allowed here\n"
        "  = help: name another path\n"
    )
    assert [path for path in sorted(points.iterdir()) if path.name != "__pycache__"] == before
    if former is not None:
        assert (points / "plan.json").read_text() == former


def test_a_plan_whose_reader_has_gone_is_no_error(points: Path) -> None:
    done = shell("{ reprocc compile pipeline.yaml; echo $? >&2; } | head -c 10", points)
    assert done.stdout == '{"artifact'
    told, status = done.stderr.splitlines()
    assert told.startswith("points: 3000 tasks, plan sha256:")
    assert status == "0"


def test_a_plan_is_the_same_wherever_it_is_written(
    points: Path, reprocc: Callable[..., Any]
) -> None:
    to_file = reprocc("compile", "pipeline.yaml", "-o", "plan.json", cwd=points)
    data = (points / "plan.json").read_bytes()
    assert to_file.stderr.endswith(f" plan sha256:{hashlib.sha256(data).hexdigest()}\n")
    printed = reprocc("compile", "pipeline.yaml", cwd=points)
    assert (printed.stdout.encode(), printed.stderr) == (data, to_file.stderr)
    told = reprocc("compile", "pipeline.yaml", "-o", "/dev/stdout", cwd=points)
    assert told.stdout == printed.stdout
    assert reprocc("compile", "pipeline.yaml", "-o", "/dev/null", cwd=points).rc == 0


def test_what_is_written_over_keeps_its_permissions_and_links(
    points: Path, reprocc: Callable[..., Any]
) -> None:
    (points / "kept.json").write_text("before")
    (points / "kept.json").chmod(0o640)
    (points / "plan.json").symlink_to("kept.json")
    assert reprocc("compile", "pipeline.yaml", "-o", "plan.json", cwd=points).rc == 0
    assert (points / "plan.json").is_symlink()
    assert (points / "kept.json").read_text().startswith('{"artifacts":[')
    assert stat.S_IMODE((points / "kept.json").stat().st_mode) == 0o640


def test_what_others_write_to_is_not_replaced(points: Path) -> None:
    (points / "log").write_text("before\n")
    done = shell("reprocc compile pipeline.yaml -q -o /dev/stdout >> log", points)
    assert (done.returncode, done.stderr) == (0, "")
    assert (points / "log").read_text().startswith('before\n{"artifacts":[')
