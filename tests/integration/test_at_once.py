"""Two submits at once: into one store, and on one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .chain import copy_chain, digests, stored, write_pipeline
from .watched import Moment, Place, Submit


@pytest.fixture
def place() -> Iterator[Place]:
    with Place() as made:
        yield made


@pytest.mark.parametrize("round", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(9))])
def test_submits_at_once_into_one_store_are_equal_and_leave_no_gap(
    round: int, place: Place, tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    store = tmp_path / f"store{round}"
    factors = (2, 3, 2)
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "reprocc.cli", "submit", "pipeline.yaml", "--json"),
                *("--executor", "inline", "--store", str(store), "-p", f"factor={factor}"),
            ],
            cwd=copy_chain(tmp_path / f"chain{number}", reprocc).folder,
            env=place.variables,
            stdout=subprocess.PIPE,
        )
        for number, factor in enumerate(factors)
    ]
    results = [json.loads(process.communicate(timeout=120)[0]) for process in running]
    assert [result["state"] for result in results] == ["succeeded"] * 3
    assert digests(results[0]) == digests(results[2]) != digests(results[1])
    versions = stored(store)
    assert {key.rpartition("/")[2] for key in versions if "/raw/" in key} == {"0000000001"}
    assert set(digests(results[1]).values()) <= set(versions.values())
    assert place.files() == []


SPEC = """
artifacts: {one: {kind: metrics}}
transformations:
  hold: {python: "work:hold", outputs: [one], resources: {cpus: CPUS}}
"""
CODE = """
import time

def hold():
    with open(OUTSIDE + "/began", "w") as file:
        file.write("began")
    with open(OUTSIDE + "/go", "rb", buffering=0) as file:
        file.read(1)
    with open(OUTSIDE + "/times", "a") as file:
        file.write(f"{NAME} began {time.monotonic()}\\n")
        file.flush()
        time.sleep(2)
        file.write(f"{NAME} ended {time.monotonic()}\\n")
    return {}
"""


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_two_embedded_rays_share_the_cpus_and_say_so(
    place: Place, tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    began, go = Moment(tmp_path / "began"), Moment(tmp_path / "go")
    chains = [
        write_pipeline(
            tmp_path / name,
            reprocc,
            spec=SPEC.replace("CPUS", cpus),
            code=CODE.replace("OUTSIDE", repr(str(tmp_path))).replace("{NAME}", name),
        )
        for name, cpus in (("first", str(os.cpu_count())), ("second", "1"))
    ]
    first = Submit(chains[0].folder, place)
    assert began.wait() == "began"
    second = Submit(chains[1].folder, place)
    second.until("TaskStarted")
    go.open()
    assert (first.finish(), second.finish()) == (0, 0), first.errors() + second.errors()
    assert "1 other reprocc run uses this machine" in second.errors()
    assert "shared" not in first.errors()
    lines = [line.split() for line in (tmp_path / "times").read_text().splitlines()]
    assert [(name, what) for name, what, _ in sorted(lines, key=lambda line: float(line[2]))] == [
        ("first", "began"),
        ("first", "ended"),
        ("second", "began"),
        ("second", "ended"),
    ]
    assert place.await_end(10) == {}
    assert place.files() == []
