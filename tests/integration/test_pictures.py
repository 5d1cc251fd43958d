"""Pictures that matplotlib draws as SVG, whose parts it would else name by chance, are equal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

SPEC = """
reprocc: 1
name: pictures
artifacts:
  by_function: {kind: figure, format: svg}
  by_command: {kind: figure, format: svg}
transformations:
  function: {python: "plot:draw", outputs: {out: by_function}}
  command: {command: [python, plot.py, "${outputs.by_command}"], outputs: [by_command]}
"""
PLOT = """
import sys

from matplotlib.figure import Figure


def draw(out):
    figure = Figure()
    figure.subplots().plot([1, 2, 3], marker="o")
    figure.savefig(out)


if __name__ == "__main__":
    draw(sys.argv[1])
"""


def test_an_svg_of_matplotlib_is_the_same_bytes_each_time(
    tmp_path: Path, reprocc: Callable[..., Any]
) -> None:
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    (tmp_path / "plot.py").write_text(PLOT)
    found = set()
    for store in ("a", "b"):
        submit = ("submit", "pipeline.yaml", "--executor", "inline", "--json", "-q")
        done = reprocc(*submit, "--store", tmp_path / store)
        assert done.rc == 0, done.stderr
        outputs = {k: v for task in done.json["tasks"] for k, v in task["outputs"].items()}
        found.add((outputs["out"]["digest"], outputs["by_command"]["digest"]))
    assert len(found) == 1
    (digests,) = found
    assert len(set(digests)) == 1, "a command draws what a function does"
