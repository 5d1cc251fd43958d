"""What keeps a run from starting: modules that the code surely imports and nobody installed."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reprocc.compiler.driver import compile_file
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.prepare import Bindings, Problem, lock_of, missing_problems, prepare
from reprocc.runtime.store.memory import MemoryBackend

SPEC = """\
reprocc: 1
name: fit
parameters: {n: 1}
artifacts: {scores: {kind: metrics}}
transformations:
  fit: {python: "model:fit", arguments: {n: "${parameters.n}"}, outputs: [scores]}
"""
FIT = "def fit(n): return {'n': n}\n"
GUARDED = f"try:\n    import no_such_module\nexcept ImportError:\n    no_such_module = None\n{FIT}"


def laid_out(folder: Path, code: str, **others: str) -> Path:
    (folder / "pipeline.yaml").write_text(SPEC)
    for name, text in {"model": code, **others}.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def prepared(folder: Path) -> Bindings | tuple[Problem, ...]:
    workspace = Workspace()
    spec = folder / "pipeline.yaml"
    compiled = compile_file(spec, shown="pipeline.yaml", given={}, workspace=workspace)
    assert compiled.plan is not None, compiled.diagnostics
    return prepare(
        compiled.plan,
        backend=MemoryBackend(secrets.token_hex(8)),
        folder=folder,
        code_folder=folder,
        workspace=workspace,
    )


@pytest.mark.parametrize(
    "code",
    [
        f"import no_such_module\n{FIT}",
        f"from no_such_module.part import thing\n{FIT}",
        f"class A:\n    import no_such_module\n{FIT}",
        f"import helper\n{FIT}",
        f"try:\n    import no_such_module\nfinally:\n    pass\n{FIT}",
    ],
)
def test_a_module_that_is_surely_imported_and_absent_is_a_problem(
    tmp_path: Path, code: str
) -> None:
    found = prepared(laid_out(tmp_path, code, helper="import no_such_module\n"))
    assert isinstance(found, tuple)
    assert [problem.subject for problem in found] == ["fit"]
    assert "imports `no_such_module`, which is not installed" in found[0].message


@pytest.mark.parametrize(
    "code",
    [
        GUARDED,
        f"if False:\n    import no_such_module\n{FIT}",
        "def fit(n):\n    if n > 1:\n        import no_such_module\n    return {'n': n}\n",
        f"try:\n    import helper\nexcept ImportError:\n    pass\n{FIT}",
    ],
)
def test_a_module_that_need_not_be_imported_is_left_to_the_code(tmp_path: Path, code: str) -> None:
    found = prepared(laid_out(tmp_path, code, helper="import no_such_module\n"))
    assert isinstance(found, Bindings)
    assert found.locks["fit"].missing == ("no_such_module",)


def test_a_module_that_only_unreached_code_imports_is_no_part_of_the_environment(
    tmp_path: Path,
) -> None:
    code = f"def other():\n    import helper\n{FIT}"
    found = prepared(laid_out(tmp_path, code, helper="import no_such_module\n"))
    assert isinstance(found, Bindings)
    assert found.locks["fit"].missing == ()


def test_code_that_guards_against_an_absent_module_runs(tmp_path: Path) -> None:
    laid_out(tmp_path, GUARDED)
    command = [sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml", "--json"]
    done = subprocess.run(
        [*command, "--executor", "inline"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["state"] == "succeeded"


class Counted(tuple[Any, ...]):
    """A tuple that counts how often it is walked through."""

    walks = 0

    def __iter__(self) -> Iterator[Any]:
        type(self).walks += 1
        return super().__iter__()


def test_the_artifacts_are_not_walked_through_for_each_transformation_and_source(
    tmp_path: Path,
) -> None:
    count = 30
    lines = ["reprocc: 1", "name: wide", "artifacts:"]
    for index in range(count):
        (tmp_path / f"{index}.json").write_text("{}")
        lines.append(f"  s{index}: {{kind: metrics, source: {index}.json}}")
        lines.append(f"  m{index}: {{kind: metrics}}")
    lines.append("transformations:")
    for index in range(count):
        lines.append(
            f"  t{index}: {{python: 'model:fit', inputs: {{n: s{index}}}, outputs: [m{index}]}}"
        )
    (tmp_path / "pipeline.yaml").write_text("\n".join(lines))
    (tmp_path / "model.py").write_text(FIT)
    workspace = Workspace()
    compiled = compile_file(
        tmp_path / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=workspace
    )
    assert compiled.plan is not None, compiled.diagnostics
    Counted.walks = 0
    found = prepare(
        replace(compiled.plan, artifacts=Counted(compiled.plan.artifacts)),
        backend=MemoryBackend(secrets.token_hex(8)),
        folder=tmp_path,
        code_folder=tmp_path,
        workspace=workspace,
    )
    assert isinstance(found, Bindings)
    assert Counted.walks < count


MIXED = """\
reprocc: 1
name: mixed
artifacts:
  made: {kind: table}
  counted: {kind: table}
transformations:
  make: {command: "python make.py ${outputs.made}", outputs: [made]}
  count: {sql: SELECT count(*) AS n FROM made, inputs: [made], outputs: [counted]}
"""


def test_a_command_runs_in_all_that_is_installed_and_a_query_in_its_engine(tmp_path: Path) -> None:
    laid_out(tmp_path, "", make="")
    (tmp_path / "pipeline.yaml").write_text(MIXED)
    found = prepared(tmp_path)
    assert isinstance(found, Bindings)
    assert [name for name, _ in found.locks["count"].distributions] == ["duckdb", "pyarrow"]
    installed = dict(found.locks["make"].distributions)
    assert {"duckdb", "pyarrow", "pytest", "ray"} <= set(installed)


def test_a_query_without_its_engine_says_what_to_install(tmp_path: Path) -> None:
    laid_out(tmp_path, "")
    (tmp_path / "pipeline.yaml").write_text(MIXED)
    (tmp_path / "make.py").write_text("")
    compiled = compile_file(
        tmp_path / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=Workspace()
    )
    assert compiled.plan is not None
    (count,) = (each for each in compiled.plan.transformations if each.name == "count")
    without = replace(lock_of(count, tables=True), distributions=(), missing=("duckdb",))
    (problem,) = missing_problems(count, without)
    assert problem.message == "`count` is a query, for which `duckdb` is not installed"
    assert problem.help == f"install `duckdb` into {sys.prefix}"


@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_a_script_that_may_be_run_stays_so(tmp_path: Path, mode: int) -> None:
    laid_out(tmp_path, "")
    spec = MIXED.replace("python make.py", "./make.sh")
    (tmp_path / "pipeline.yaml").write_text(spec)
    (tmp_path / "make.sh").write_text("#!/bin/sh\n")
    (tmp_path / "make.sh").chmod(mode)
    found = prepared(tmp_path)
    assert isinstance(found, Bindings)
    (part,) = found.snapshots["make"].parts
    assert (part.path, part.executable) == ("make.sh", mode == 0o755)
