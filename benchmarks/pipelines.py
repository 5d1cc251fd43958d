"""Generated pipelines: chains of ten trivial transformations."""

from __future__ import annotations

from pathlib import Path

CHAIN = 10
CODE = '''"""A trivial stage: add one."""


def start() -> dict[str, int]:
    return {"value": 0}


def add(before: dict[str, int]) -> dict[str, int]:
    return {"value": before["value"] + 1}
'''


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
        transformations.append(f"    outputs: [m{index}]")
    text = ["reprocc: 1", "name: chains", "artifacts:", *artifacts]
    text += ["transformations:", *transformations, ""]
    spec = folder / "pipeline.yaml"
    spec.write_text("\n".join(text), encoding="utf-8")
    return spec
