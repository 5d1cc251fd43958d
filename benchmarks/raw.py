"""The same chains on Ray alone: each task reads the file before its own and writes its own.

What it does: one Ray task a stage, chained by references; each reads the JSON file of the stage
before, adds one, and writes the same bytes that reprocc stores. What it does not: hash, keep
versions, isolate the code, fix seeds, flush to the disk, remember anything.
"""

from __future__ import annotations

import time
from pathlib import Path
from types import ModuleType

from .engine import Lap
from .pipelines import CHAIN
from .tree import cpu_of_tree


def run_raw(ray: ModuleType, folder: Path, count: int) -> Lap:
    """Run `count` stages in chains of ten in a new folder, on a Ray that is connected."""
    folder.mkdir(parents=True)
    stage = ray.remote(max_retries=0)(_stage)
    cpu, began = cpu_of_tree(), time.perf_counter()
    references = []
    before = None
    for index in range(count):
        source = str(folder / f"m{index - 1}.json") if index % CHAIN else None
        before = stage.remote(before if index % CHAIN else None, source, f"{folder}/m{index}.json")
        references.append(before)
    ray.get(references)
    wall = time.perf_counter() - began
    return Lap(whole=wall, wall=wall, cpu=cpu_of_tree() - cpu, states={"succeeded": count})


def _stage(before: None, source: str | None, target: str) -> None:  # noqa: ARG001
    import json

    value = 0
    if source is not None:
        with open(source, "rb") as file:
            value = json.load(file)["value"] + 1
    with open(target, "wb") as file:
        file.write(json.dumps({"value": value}, separators=(",", ":")).encode())
