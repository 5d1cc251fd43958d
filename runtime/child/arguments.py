"""Builds the keyword arguments of the user's function from what the worker has laid out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .request import Call, InputRequest
from .tables import read_table


def keyword_arguments(call: Call) -> dict[str, Any]:
    """Return every argument by name: those given, inputs, paths to write to, `seed` and `rng`."""
    found: dict[str, Any] = json.loads(call["arguments"])
    for bound in call["inputs"]:
        found[bound["parameter"]] = _input(bound)
    paths = {output["name"]: output["path"] for output in call["outputs"]}
    for name in call["written"]:
        found[name] = Path(paths[name])
    if call["receives_seed"]:
        found["seed"] = call["seed"]
    if call["receives_rng"]:
        found["rng"] = _generator(call["entropy"])
    return found


def _input(bound: InputRequest) -> Any:
    if bound["how"] == "table":
        return read_table(bound["path"], bound["form"])
    if bound["how"] == "metrics":
        return json.loads(bound["text"])
    if bound["how"] == "path":
        return Path(bound["path"])
    return {
        values[0] if len(values) == 1 else tuple(values): Path(path)
        for values, path in bound["points"]
    }


def _generator(entropy: str) -> Any:
    import numpy

    return numpy.random.default_rng(int(entropy, 16))
