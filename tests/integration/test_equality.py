"""Equal digests from equal pipelines: wherever, whenever, and by whatever executor they run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .chain import TASKS, Chain, copy_chain, digests, ran, stored

ON_A_MACHINE = """
import sys
from pathlib import Path
from reprocc.cli.compiling import compile_spec
from reprocc.cluster.engine.executor import embedded_executor
from reprocc.cluster.engine.session import Machine
from reprocc.compiler.workspace import Workspace
from reprocc.runtime.perform import Request, perform
from reprocc.runtime.store.store import Store

spec, store, cpus = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
workspace = Workspace()
perform(
    Request(
        compiled=compile_spec(str(spec), None, None, workspace=workspace),
        folder=spec.parent,
        workspace=workspace,
        keep_going=False,
        in_order=False,
        command=(),
    ),
    store=Store.open(store, create=True),
    open_executor=lambda wanted: embedded_executor(Machine(cpus=cpus), print, wanted),
    emit=lambda event: None,
)
"""


@pytest.fixture
def chain(tmp_path: Path, reprocc: Callable[..., Any]) -> Chain:
    return copy_chain(tmp_path / "chain", reprocc)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The versions of one inline run in a folder of its own."""
    chain = copy_chain(tmp_path_factory.mktemp("expected") / "chain", print)
    command = [sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml"]
    subprocess.run([*command, "--executor", "inline", "-q"], cwd=chain.folder, check=True)
    return stored(chain.folder / ".reprocc")


def test_two_inline_submits_into_empty_stores_are_equal(
    chain: Chain, expected: dict[str, str]
) -> None:
    result = chain.submit()
    assert ran(result) == set(TASKS)
    assert len(expected) == 10, "nine outputs and a source"
    assert stored(chain.folder / ".reprocc") == expected
    assert {key.split(":")[0] for key in digests(result)} == set(TASKS)


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LANG": None, "LC_ALL": "C"},
        {"OMP_NUM_THREADS": "7", "PYTHONOPTIMIZE": "1", "HOME": None, "RANDOM": "1"},
    ],
    ids=["one", "two", "three"],
)
def test_surroundings_do_not_show(
    variables: dict[str, str | None],
    tmp_path: Path,
    reprocc: Callable[..., Any],
    expected: dict[str, str],
) -> None:
    home = tmp_path / "a home"
    home.mkdir()
    chain = copy_chain(tmp_path / "ein Ordner, größer" / "chain", reprocc)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = reprocc(
        *("submit", chain.spec, "--executor", "inline", "--store", tmp_path / "st ore"),
        cwd=elsewhere,
        env={"HOME": str(home)} | variables,
    )
    assert done.rc == 0, done.stderr
    assert stored(tmp_path / "st ore") == expected


def test_the_order_of_tasks_does_not_show(chain: Chain, expected: dict[str, str]) -> None:
    result = chain.submit("--in-order")
    assert [task["task"] for task in result["tasks"]] == _plan_order(chain)
    assert stored(chain.folder / ".reprocc") == expected


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_ray_and_inline_are_equal(chain: Chain, expected: dict[str, str]) -> None:
    result = chain.submit("--executor", "ray", "--in-order")
    assert ran(result) == set(TASKS)
    assert stored(chain.folder / ".reprocc") == expected


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize("cpus", [1, pytest.param(3, marks=pytest.mark.soak)])
def test_the_number_of_cpus_does_not_show(
    cpus: int, chain: Chain, tmp_path: Path, expected: dict[str, str]
) -> None:
    subprocess.run(
        [sys.executable, "-c", ON_A_MACHINE, chain.spec, tmp_path / "store", str(cpus)],
        check=True,
        timeout=120,
    )
    assert stored(tmp_path / "store") == expected


def _plan_order(chain: Chain) -> list[str]:
    done = chain.reprocc("compile", "pipeline.yaml", cwd=chain.folder)
    return [task["task"] for task in json.loads(done.stdout)["tasks"]]
