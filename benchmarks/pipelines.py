"""Generated pipelines: chains of ten trivial transformations, or one at very many points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

CHAIN = 10
CODE = '''"""A trivial stage: add one."""


def start(value: int) -> dict[str, int]:
    return {"value": value}


def add(before: dict[str, int]) -> dict[str, int]:
    return {"value": before["value"] + 1}
'''

POINTS_CODE = '''"""Something at a point."""


def fit(scale: int, rate: int, depth: int) -> dict[str, int]:
    return {"value": scale * rate * depth}
'''
POINTS = """\
reprocc: 1
name: points
parameters: {{scale: 2}}
artifacts:
  scores: {{kind: metrics}}
transformations:
  fit:
    python: stages:fit
    arguments:
      scale: "${{parameters.scale}}"
      rate: "${{matrix.rate}}"
      depth: "${{matrix.depth}}"
    matrix: {{rate: "${{range({rates})}}", depth: "${{range(100)}}"}}
    outputs: [scores]
"""


def write_chains(folder: Path, count: int) -> Path:
    """Write a pipeline of `count` transformations into a new folder; return the spec's path."""
    folder.mkdir(parents=True)
    (folder / "stages.py").write_text(CODE, encoding="utf-8")
    return _write(folder, _chains(count))


def _chains(count: int) -> Iterator[str]:
    yield "reprocc: 1\nname: chains\nparameters: {first: 0}\nartifacts:\n"
    for index in range(count):
        yield f"  m{index}: {{kind: metrics}}\n"
    yield "transformations:\n"
    for index in range(count):
        if index % CHAIN:
            takes = f"    python: stages:add\n    inputs: {{before: m{index - 1}}}\n"
        else:
            takes = '    python: stages:start\n    arguments: {value: "${parameters.first}"}\n'
        yield f"  t{index}:\n{takes}    outputs: [m{index}]\n"


def write_points(folder: Path, count: int) -> Path:
    """Write a pipeline of one transformation at `count` points, a multiple of 100; return the
    spec's path. Its arguments name both of its axes.
    """
    folder.mkdir(parents=True)
    (folder / "stages.py").write_text(POINTS_CODE, encoding="utf-8")
    return _write(folder, [POINTS.format(rates=count // 100)])


def _write(folder: Path, text: Iterable[str]) -> Path:
    # Piece by piece: what is measured next would count this process's memory as its own.
    spec = folder / "pipeline.yaml"
    with spec.open("w", encoding="utf-8") as file:
        file.writelines(text)
    return spec
