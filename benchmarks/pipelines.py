"""Generated pipelines: chains of ten trivial transformations, or one at very many points."""

from __future__ import annotations

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
    artifacts: list[str] = []
    transformations: list[str] = []
    for index in range(count):
        artifacts.append(f"  m{index}: {{kind: metrics}}")
        transformations.append(f"  t{index}:")
        if index % CHAIN:
            transformations.append("    python: stages:add")
            transformations.append(f"    inputs: {{before: m{index - 1}}}")
        else:
            transformations.append("    python: stages:start")
            transformations.append('    arguments: {value: "${parameters.first}"}')
        transformations.append(f"    outputs: [m{index}]")
    text = ["reprocc: 1", "name: chains", "parameters: {first: 0}", "artifacts:", *artifacts]
    text += ["transformations:", *transformations, ""]
    return _write(folder, "\n".join(text))


def write_points(folder: Path, count: int) -> Path:
    """Write a pipeline of one transformation at `count` points, a multiple of 100; return the
    spec's path. Its arguments name both of its axes.
    """
    folder.mkdir(parents=True)
    (folder / "stages.py").write_text(POINTS_CODE, encoding="utf-8")
    return _write(folder, POINTS.format(rates=count // 100))


def _write(folder: Path, text: str) -> Path:
    spec = folder / "pipeline.yaml"
    spec.write_text(text, encoding="utf-8")
    return spec
