"""What the function gives for its outputs: what is taken, and what is said of the rest."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attempts import Fit, artifact, single

from reprocc.runtime.codecs.files import lay_tree, put_tree
from reprocc.runtime.codecs.metrics import read_metrics
from reprocc.runtime.store.backend import Backend

LIBRARIES = ("numpy", "pandas", "polars", "pyarrow")
PREAMBLE = """
    from pathlib import Path
    import numpy as np, os
    def made(name, text="x"):
        path = Path(name)
        path.write_text(text)
        return path
    def fit(**given):
        return """

A_TABLE = (
    "a `pyarrow.Table`, `RecordBatch` or `RecordBatchReader`, a pandas or polars table, "
    "an iterator of those, or a `pathlib.Path` to "
)
A_MAPPING = "a mapping from names to numbers, text, booleans, `None`, lists and mappings"

# kind of the output, what is returned, headline, detail (None: not compared), help
WRONG = {
    "None for a table": (
        "table",
        "None",
        "`fit` returned `None` for `out`, not a table",
        f"Output `out` is of kind table. Expected {A_TABLE}Parquet; came `None`.",
        None,
    ),
    "a list for a table": (
        "table",
        "[1]",
        "`fit` returned `list` for `out`, not a table",
        f"Output `out` is of kind table. Expected {A_TABLE}Parquet; came `list`.",
        None,
    ),
    "a path as text for a table": (
        "table",
        "'t.parquet'",
        "`fit` returned `str` for `out`, not a table",
        f"Output `out` is of kind table. Expected {A_TABLE}Parquet; came `str`.",
        "return `pathlib.Path(…)`, not text",
    ),
    "a series for a table": (
        "table",
        "__import__('pandas').Series([1])",
        "`fit` returned `pandas.Series` for `out`, not a table",
        None,
        None,
    ),
    "a named index": (
        "table",
        "__import__('pandas').DataFrame({'a': [1]}).set_index('a')",
        "`fit` returned a pandas table with an index for `out`",
        "Its index is a `Index` named `a`. A stored table has columns only, so an index other "
        "than 0, 1, 2, … would be lost.",
        "`.reset_index()` keeps the index as a column, `.reset_index(drop=True)` drops it",
    ),
    "a filtered index": (
        "table",
        "__import__('pandas').DataFrame({'a': [1, 2]})[1:]",
        "`fit` returned a pandas table with an index for `out`",
        "Its index is a `RangeIndex`. A stored table has columns only, so an index other "
        "than 0, 1, 2, … would be lost.",
        "`.reset_index()` keeps the index as a column, `.reset_index(drop=True)` drops it",
    ),
    "a column that is no text": (
        "table",
        "__import__('pandas').DataFrame({0: [1]})",
        "`fit` returned a column named `0` in `out`",
        "The names of a table's columns are text. Columns: [0]",
        "rename the column",
    ),
    "two columns of one name": (
        "table",
        "__import__('pyarrow').table([[1], [2]], names=['a', 'a'])",
        "`fit` returned two columns `a` in `out`",
        "The names of a table's columns are unique. More than once: `a`",
        "rename or drop one of them",
    ),
    "mixed types": (
        "table",
        "__import__('pandas').DataFrame({'good': [1, 2], 'bad': [1, 'x']})",
        "`fit` returned mixed or unknown types in `out`, column `bad`",
        None,
        "give the column one type, for instance with `.astype`",
    ),
    "a path without Parquet": (
        "table",
        "Path('nothing')",
        "`fit` returned a path for `out` where there is no Parquet",
        "Expected a Parquet file, or a folder of files that end in .parquet: nothing",
        None,
    ),
    "a path to text": (
        "table",
        "made('t.parquet')",
        "`fit` returned a path for `out` that is no Parquet",
        None,
        None,
    ),
    "a number for metrics": (
        "metrics",
        "0.5",
        "`fit` returned `float` for `out`, not a mapping",
        f"Output `out` is of kind metrics. Expected {A_MAPPING}; came `float`.",
        None,
    ),
    "an array among metrics": (
        "metrics",
        "{'a': {'b': np.ones(2)}}",
        "`fit` returned `numpy.ndarray` at `out.a.b`, not JSON",
        f"Output `out` is of kind metrics. Expected {A_MAPPING}.",
        "write it as a list with `.tolist()`",
    ),
    "a key that is no text": (
        "metrics",
        "{'a': [{1: 2}]}",
        "`fit` returned the key `1` at `out.a[0]`, not JSON",
        f"Output `out` is of kind metrics. Expected {A_MAPPING}.",
        "write the keys as text",
    ),
    "a complex number": (
        "metrics",
        "{'a': np.complex128(1)}",
        "`fit` returned `complex` at `out.a`, not JSON",
        f"Output `out` is of kind metrics. Expected {A_MAPPING}.",
        None,
    ),
    "metrics without an end": (
        "metrics",
        "(lambda d: d.update(d=d) or d)({})",
        "`fit` returned more than 100 levels at `out" + ".d" * 101 + "`, not JSON",
        None,
        None,
    ),
    "text for a checkpoint": (
        "checkpoint",
        "'model'",
        "`fit` returned `str` for `out`, not a path",
        "Output `out` is of kind checkpoint. Expected a `pathlib.Path` to a file or folder; "
        "came `str`.",
        "return `pathlib.Path(…)`, not text",
    ),
    "bytes for a directory": (
        "directory",
        "b''",
        "`fit` returned `bytes` for `out`, not a path",
        "Output `out` is of kind directory. Expected a `pathlib.Path` to a folder; came `bytes`.",
        None,
    ),
    "a number for a figure": (
        "figure",
        "1",
        "`fit` returned `int` for `out`, not a path, bytes or text",
        "Output `out` is of kind figure. Expected a `pathlib.Path` to a file, bytes, or text; "
        "came `int`.",
        None,
    ),
    "a file for a directory": (
        "directory",
        "made('f')",
        "`fit` returned a path for `out` where there is a file",
        None,
        None,
    ),
    "a folder for a file": (
        "file",
        "(os.mkdir('d'), Path('d'))[1]",
        "`fit` returned a path for `out` where there is a folder",
        None,
        None,
    ),
    "a pipe for a file": (
        "file",
        "(os.mkfifo('p'), Path('p'))[1]",
        "`fit` returned a path for `out` where there is neither file nor folder",
        None,
        None,
    ),
    "a path to nothing": (
        "checkpoint",
        "Path('/nothing/here')",
        "`fit` returned a path for `out` where there is nothing",
        "Output `out` is of kind checkpoint. Expected a `pathlib.Path` to a file or folder. "
        "There is nothing at: /nothing/here",
        None,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_type_names_all_that_there_is_to_say(fit: Fit, name: str) -> None:
    kind, value, message, detail, action = WRONG[name]
    found = fit(PREAMBLE + value, outputs={"out": kind}, preload=LIBRARIES).failure
    assert found is not None
    assert (found.reason, found.message, found.help) == ("wrong-output", message, action)
    assert detail is None or found.detail == detail


TWO = {"a": "metrics", "b": "metrics"}
SHAPES = {
    "a list for a tuple": (
        "tuple",
        "[{}, {}]",
        "`fit` returned `list` for 2 outputs, not a tuple",
        "Expected a tuple of 2, in this order: `a`, `b`.",
    ),
    "three for two": (
        "tuple",
        "({}, {}, {})",
        "`fit` returned 3 values for 2 outputs",
        "Expected a tuple of 2, in this order: `a`, `b`.",
    ),
    "nothing for two": (
        "tuple",
        "None",
        "`fit` returned `None` for 2 outputs, not a tuple",
        "Expected a tuple of 2, in this order: `a`, `b`.",
    ),
    "a tuple for a mapping": (
        "mapping",
        "({}, {})",
        "`fit` returned `tuple`, not a mapping by output name",
        "Expected a mapping with exactly these keys: `a`, `b`.",
    ),
    "a missing name": (
        "mapping",
        "{'a': {}}",
        "`fit` returned a mapping without `b`",
        "Expected a mapping with exactly these keys: `a`, `b`.",
    ),
    "an unknown name": (
        "mapping",
        "{'a': {}, 'b': {}, 'c': {}}",
        "`fit` returned a mapping with the unknown `c`",
        "Expected a mapping with exactly these keys: `a`, `b`.",
    ),
    "a misspelt name": (
        "mapping",
        "{'a': {}, 'B': {}}",
        "`fit` returned a mapping without `b` and with the unknown `B`",
        "Expected a mapping with exactly these keys: `a`, `b`.",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_wrong_shape_names_what_is_expected(fit: Fit, name: str) -> None:
    returns, value, message, detail = SHAPES[name]
    found = fit(PREAMBLE + value, outputs=TWO, returns=returns, preload=LIBRARIES).failure
    assert found is not None
    assert (found.reason, found.message, found.detail) == ("wrong-output", message, detail)


def test_something_returned_where_all_is_written_is_refused(fit: Fit) -> None:
    found = fit(
        "def fit(model):\n    model.write_text('')\n    return 1",
        outputs={"model": "checkpoint"},
        written=("model",),
        returns="nothing",
    ).failure
    assert found is not None
    assert found.message == "`fit` returned `int`, but all its outputs are written"
    assert found.detail == ("Expected `None`: `model` arrive as parameters, as paths to write to.")


def test_a_path_that_was_not_written_is_refused(fit: Fit) -> None:
    found = fit(
        "def fit(model): pass",
        outputs={"model": "checkpoint"},
        written=("model",),
        returns="nothing",
    ).failure
    assert found is not None
    assert found.message == "`fit` was given a path for `model` where there is nothing"


def test_written_and_returned_outputs_go_together(
    fit: Fit, local_store: Backend, tmp_path: Path
) -> None:
    outcome = fit(
        """
        def fit(model, plot):
            model.mkdir()
            (model / "weights").write_bytes(b"123")
            plot.write_text(plot.suffix)
            return {"a": 1}, "text"
        """,
        outputs={
            "model": "checkpoint",
            "scores": "metrics",
            "plot": artifact("plot", "figure", suffix=".svg"),
            "notes": artifact("notes", "file", suffix=".txt"),
        },
        written=("model", "plot"),
        returns="tuple",
    )
    assert outcome.state == "succeeded", outcome.failure
    contents = dict(outcome.contents)
    assert list(contents) == ["model", "notes", "plot", "scores"]
    for name in ("model", "plot", "notes"):
        lay_tree(local_store, contents[name], tmp_path / name)
    assert (tmp_path / "model" / "weights").read_bytes() == b"123"
    assert (tmp_path / "plot").read_text() == ".svg"
    assert (tmp_path / "notes").read_text() == "text"
    assert contents["plot"].suffix == ".svg"
    assert read_metrics(local_store, contents["scores"]) == {"a": 1}


def test_numbers_of_numpy_are_numbers_and_nan_is_one(metrics: Callable[..., Any]) -> None:
    found = metrics("""
        import numpy as np
        from collections import OrderedDict
        def fit():
            return OrderedDict(
                b=np.bool_(True), i=np.int8(3), f=np.float32(0.5), l=np.longdouble(2),
                nan=float("nan"), s=np.str_("s"), t=(1, 2), none=None,
            )
        """)
    assert math.isnan(found.pop("nan"))
    assert found == {
        "b": True,
        "i": 3,
        "f": 0.5,
        "l": 2.0,
        "s": "s",
        "t": [1, 2],
        "none": None,
    }
    assert found["b"] is True
    assert type(found["i"]) is int


def test_a_path_inside_an_input_may_be_returned(
    fit: Fit, local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "best").write_text("w")
    models = put_tree(local_store, tmp_path / "models", kind="directory", suffix="")
    outcome = fit(
        "def fit(models): return models / 'best'",
        inputs=(single("models", "directory", models),),
        outputs={"out": "checkpoint"},
    )
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.contents[0][1].parts[0].sha256 == models.parts[0].sha256


def test_a_relative_path_starts_where_the_function_ended(fit: Fit) -> None:
    outcome = fit(
        """
        import os, pathlib
        def fit():
            os.makedirs("deep/er")
            os.chdir("deep/er")
            pathlib.Path("here").write_text("x")
            return pathlib.Path("here")
        """,
        outputs={"out": "file"},
    )
    assert outcome.state == "succeeded", outcome.failure


def test_a_table_that_the_language_has_no_type_for_is_refused(fit: Fit) -> None:
    found = fit(
        """
        import pyarrow as pa
        def fit():
            return pa.table({"u": pa.array([(1, 2, 3)], pa.month_day_nano_interval())})
        """,
        outputs={"out": "table"},
    ).failure
    assert found is not None
    assert found.reason == "wrong-output"
    assert found.message == "`fit` made a `out` that cannot be stored"
