"""Checks what the function gave against the outputs declared, and writes it for the worker."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from typing import Any

from .failure import WrongOutputError, type_name
from .metrics import NotPlainError, plain_metrics
from .request import Call, OutputRequest, Produced
from .tables import write_table

_SHORT = {
    "table": "a table",
    "metrics": "a mapping",
    "checkpoint": "a path",
    "directory": "a path",
    "figure": "a path, bytes or text",
    "file": "a path, bytes or text",
}
_LONG = {
    "table": "a `pyarrow.Table`, `RecordBatch` or `RecordBatchReader`, a pandas or polars table, "
    "an iterator of those, or a `pathlib.Path` to Parquet",
    "metrics": "a mapping from names to numbers, text, booleans, `None`, lists and mappings",
    "checkpoint": "a `pathlib.Path` to a file or folder",
    "directory": "a `pathlib.Path` to a folder",
    "figure": "a `pathlib.Path` to a file, bytes, or text",
    "file": "a `pathlib.Path` to a file, bytes, or text",
}


def produced_outputs(call: Call, value: Any) -> list[Produced]:
    """Return every output as the worker finds it. Raises WrongOutputError."""
    outputs = {output["name"]: output for output in call["outputs"]}
    found = [_returned(call, outputs[name], each) for name, each in _by_name(call, value)]
    return found + [_written(call, outputs[name]) for name in call["written"]]


def _by_name(call: Call, value: Any) -> list[tuple[str, Any]]:
    """Return what was returned for each output, in the shape that is expected."""
    names, verb = call["returned"], f"`{call['transformation']}` returned"
    match call["returns"]:
        case "nothing":
            if value is not None:
                raise WrongOutputError(
                    f"{verb} `{type_name(value)}`, but all its outputs are written",
                    detail=f"Expected `None`: {_listed(call['written'])} arrive as parameters, "
                    "as paths to write to.",
                )
            return []
        case "one":
            return [(names[0], value)]
        case "tuple":
            return _unpacked(call, value)
        case "mapping":
            return _looked_up(call, value)


def _unpacked(call: Call, value: Any) -> list[tuple[str, Any]]:
    names, verb = call["returned"], f"`{call['transformation']}` returned"
    expected = f"Expected a tuple of {len(names)}, in this order: {_listed(names)}."
    if not isinstance(value, tuple):
        raise WrongOutputError(
            f"{verb} `{type_name(value)}` for {len(names)} outputs, not a tuple", detail=expected
        )
    if len(value) != len(names):
        raise WrongOutputError(
            f"{verb} {len(value)} values for {len(names)} outputs", detail=expected
        )
    return list(zip(names, value, strict=True))


def _looked_up(call: Call, value: Any) -> list[tuple[str, Any]]:
    names, verb = call["returned"], f"`{call['transformation']}` returned"
    expected = f"Expected a mapping with exactly these keys: {_listed(names)}."
    if not isinstance(value, Mapping):
        raise WrongOutputError(
            f"{verb} `{type_name(value)}`, not a mapping by output name", detail=expected
        )
    missing = [name for name in names if name not in value]
    unknown = [str(key) for key in value if key not in names]
    if missing or unknown:
        said = [f"without {_listed(missing)}"] if missing else []
        said += [f"with the unknown {_listed(unknown)}"] if unknown else []
        raise WrongOutputError(f"{verb} a mapping {' and '.join(said)}", detail=expected)
    return [(name, value[name]) for name in names]


def _returned(call: Call, output: OutputRequest, value: Any) -> Produced:
    name, kind = output["name"], output["kind"]
    if kind == "table":
        path = os.path.join(os.path.dirname(output["path"]), f"{name}.arrow")
        if write_table(call, name, value, path):
            return {"name": name, "how": "arrow", "value": path}
    elif kind == "metrics":
        if isinstance(value, Mapping):
            return {"name": name, "how": "metrics", "value": _metrics(call, name, value)}
    elif isinstance(value, os.PathLike):
        path = os.path.abspath(os.fspath(value))
        _check_path(call, output, path, "returned a path for")
        return {"name": name, "how": "path", "value": path}
    elif kind in ("figure", "file") and isinstance(value, str | bytes | bytearray):
        data = value.encode("utf-8") if isinstance(value, str) else value
        with open(output["path"], "wb") as file:
            file.write(data)
        return {"name": name, "how": "path", "value": output["path"]}
    raise _wrong_type(call, output, value)


def _written(call: Call, output: OutputRequest) -> Produced:
    _check_path(call, output, output["path"], "was given a path for")
    return {"name": output["name"], "how": "path", "value": output["path"]}


def _check_path(call: Call, output: OutputRequest, path: str, verb: str) -> None:
    """Refuse a path where there is nothing, or not what the kind of the output asks for."""
    name, kind = output["name"], output["kind"]
    said = f"`{call['transformation']}` {verb} `{name}`"
    expected = f"Output `{name}` is of kind {kind}. Expected {_LONG[kind]}."
    try:
        mode = os.stat(path).st_mode
    except OSError:
        raise WrongOutputError(
            f"{said} where there is nothing", detail=f"{expected} There is nothing at: {path}"
        ) from None
    wanted = {"directory": "a folder", "checkpoint": ""}.get(kind, "a file")
    came = "a folder" if stat.S_ISDIR(mode) else "a file" if stat.S_ISREG(mode) else "neither"
    if came == "neither" or wanted not in ("", came):
        there = "neither file nor folder" if came == "neither" else came
        raise WrongOutputError(
            f"{said} where there is {there}", detail=f"{expected} Came {there}: {path}"
        )


def _metrics(call: Call, name: str, value: Any) -> str:
    try:
        return json.dumps(plain_metrics(value, name))
    except NotPlainError as error:
        raise WrongOutputError(
            f"`{call['transformation']}` returned {error.what} at `{error.path}`, not JSON",
            detail=f"Output `{name}` is of kind metrics. Expected {_LONG['metrics']}.",
            action=error.action,
        ) from None


def _wrong_type(call: Call, output: OutputRequest, value: Any) -> WrongOutputError:
    name, kind, came = output["name"], output["kind"], type_name(value)
    return WrongOutputError(
        f"`{call['transformation']}` returned `{came}` for `{name}`, not {_SHORT[kind]}",
        detail=f"Output `{name}` is of kind {kind}. Expected {_LONG[kind]}; came `{came}`.",
        action="return `pathlib.Path(…)`, not text"
        if isinstance(value, str) and kind in ("checkpoint", "directory", "table")
        else None,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
