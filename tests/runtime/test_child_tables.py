"""Tables, metrics and files as user code receives them, and the seed, the generator and paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attempts import Fit, failure, gathered, single

from reprocc.compiler.plan import TableForm
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.codecs.metrics import put_metrics
from reprocc.runtime.codecs.table import read_table, write_table
from reprocc.runtime.content import Content
from reprocc.runtime.store.backend import Backend

TABLE = pa.table({"n": [1, 2, 3], "x": [0.5, None, 2.0], "s": ["a", None, "店"]})

RECEIVED: dict[TableForm, str] = {
    "arrow": "type(t).__module__.split('.')[0], t.to_pydict()",
    "pandas": "type(t).__module__.split('.')[0], t.astype(object).where(t.notna(), None)"
    ".to_dict('list')",
    "polars": "type(t).__name__, t.to_dict(as_series=False)",
    "polars-lazy": "type(t).__name__, t.collect().to_dict(as_series=False)",
    "path": "sorted(p.suffix for p in t.iterdir())[0], pq.read_table(t).to_pydict()",
}
NAMES: dict[TableForm, str] = {
    "arrow": "pyarrow",
    "pandas": "pandas",
    "polars": "DataFrame",
    "polars-lazy": "LazyFrame",
    "path": ".parquet",
}


@pytest.fixture
def table(local_store: Backend) -> Content:
    return write_table(local_store, TABLE, key=())


def test_the_forms_are_all_tested() -> None:
    assert set(RECEIVED) == set(TableForm.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", RECEIVED)
def test_a_table_arrives_in_every_form(
    metrics: Callable[..., Any], table: Content, form: TableForm
) -> None:
    found = metrics(
        f"""
        import pyarrow.parquet as pq
        def fit(t):
            return {{"found": [{RECEIVED[form]}]}}
        """,
        inputs=(single("t", "table", table, form),),
    )
    assert found == {"found": [NAMES[form], TABLE.to_pydict()]}


@pytest.mark.parametrize("form", ["arrow", "pandas", "polars", "polars-lazy", "path"])
def test_a_table_without_rows_arrives_and_returns_in_every_form(
    fit: Fit, local_store: Backend, form: TableForm
) -> None:
    empty = write_table(local_store, TABLE.slice(0, 0), key=())
    outcome = fit(
        "def fit(t): return t",
        inputs=(single("t", "table", empty, form),),
        outputs={"out": "table"},
        preload=("numpy", "pandas", "polars", "pyarrow"),
    )
    assert outcome.state == "succeeded", outcome.failure
    assert outcome.contents[0][1].rows == 0
    # pandas has no null text: a column without values has no type to tell.
    if form != "pandas":
        assert outcome.contents[0][1].digest == empty.digest


def test_a_pandas_table_is_the_functions_own(metrics: Callable[..., Any], table: Content) -> None:
    source = """
        def fit(t):
            before = t["n"].tolist()
            t.loc[0, "n"] = 9
            t["n"].to_numpy(copy=True)[1] = 8
            t["new"] = 1
            return {"before": before, "after": t["n"].tolist()}
        """
    inputs = (single("t", "table", table, "pandas"),)
    for _ in range(2):
        assert metrics(source, inputs=inputs) == {"before": [1, 2, 3], "after": [9, 2, 3]}


RETURNED = {
    "arrow": "pa.table(t)",
    "a batch": "pa.record_batch(t)",
    "pandas": "pd.DataFrame(t)",
    "pandas, its index dropped": "pd.DataFrame(t).iloc[::-1].iloc[::-1].reset_index(drop=True)",
    "polars": "pl.DataFrame(t)",
    "polars, lazy": "pl.LazyFrame(t)",
    "a Parquet file": "to_file()",
    "a folder of Parquet": "to_folder()",
    "a reader": "pa.table(t).to_reader(max_chunksize=1)",
    "what is yielded": "yielded()",
}


@pytest.mark.parametrize("form", RETURNED)
def test_every_form_returned_is_the_same_table(fit: Fit, local_store: Backend, form: str) -> None:
    outcome = fit(
        f"""
        from pathlib import Path
        import pandas as pd, polars as pl, pyarrow as pa, pyarrow.parquet as pq
        t = {{"n": [1, 2, 3], "s": ["a", "b", "c"]}}
        def to_file():
            pq.write_table(pa.table(t), "t.parquet")
            return Path("t.parquet")
        def to_folder():
            Path("parts").mkdir()
            for i in range(3):
                pq.write_table(pa.table(t).slice(i, 1), f"parts/part-{{i}}.parquet")
            return Path("parts")
        def yielded():
            yield pd.DataFrame(t).head(0).astype({{"n": "int64", "s": "str"}})
            other = pa.schema([("n", "int64"), ("s", "large_string")])
            for i in range(3):
                yield pa.table(t).slice(i, 1).cast(other)
        def fit():
            return {RETURNED[form]}
        """,
        outputs={"out": "table"},
        preload=("numpy", "pandas", "polars", "pyarrow"),
    )
    assert outcome.state == "succeeded", outcome.failure
    expected = write_table(local_store, pa.table({"n": [1, 2, 3], "s": ["a", "b", "c"]}), key=())
    assert outcome.contents[0][1].digest == expected.digest
    assert read_table(local_store, outcome.contents[0][1]).schema.metadata is None


def test_categories_that_differ_from_part_to_part_are_one_column(
    fit: Fit, local_store: Backend
) -> None:
    outcome = fit(
        """
        import pyarrow as pa
        def fit():
            for each in (["a", "b"], ["c"], ["b"]):
                yield pa.table({"s": pa.array(each).dictionary_encode()})
        """,
        outputs={"out": "table"},
        preload=("pyarrow",),
    )
    assert outcome.state == "succeeded", outcome.failure
    back = read_table(local_store, outcome.contents[0][1])
    assert back.to_pydict() == {"s": ["a", "b", "c", "b"]}


@pytest.mark.parametrize(
    ("value", "message", "help_"),
    [
        ("iter([])", "`fit` yielded nothing for `out`", "yield an empty table"),
        ("iter([1])", "`fit` yielded `int` for `out`, not a table", None),
        (
            "(pa.table({'a': [each]}) for each in (1, 'x'))",
            "`fit` gave parts of `out` with different columns",
            "give each part the same columns, in the same order, with the same types",
        ),
    ],
)
def test_what_is_yielded_and_no_part_of_a_table_is_named(
    fit: Fit, value: str, message: str, help_: str | None
) -> None:
    source = f"import pyarrow as pa\ndef fit(): return {value}"
    outcome = fit(source, outputs={"out": "table"}, preload=("pyarrow",))
    assert outcome.failure is not None
    assert (outcome.failure.message, outcome.failure.help) == (message, help_)


def test_an_error_between_parts_is_the_function_s_own(fit: Fit) -> None:
    source = """
        import pyarrow as pa
        def fit():
            yield pa.table({"n": [1]})
            raise ValueError("no more")
        """
    outcome = fit(source, outputs={"out": "table"}, preload=("pyarrow",))
    assert outcome.failure is not None
    assert outcome.failure.message == "`fit` raised ValueError: no more"


def test_gathered_tables_are_one_table_with_the_axes_as_columns(
    metrics: Callable[..., Any], local_store: Backend
) -> None:
    contents = tuple(
        ((("depth", depth), ("name", name)), write_table(local_store, pa.table({"y": [y]}), key=()))
        for depth, name, y in ((1, "a", 10), (2, "b", 20))
    )
    found = metrics(
        "def fit(t): return t.to_pydict()", inputs=(gathered("t", "table", contents, "arrow"),)
    )
    assert found == {"y": [10, 20], "depth": [1, 2], "name": ["a", "b"]}


@pytest.mark.parametrize("form", ["pandas", "polars", "path"])
def test_gathered_tables_come_in_the_other_forms_too(
    metrics: Callable[..., Any], local_store: Backend, form: TableForm
) -> None:
    contents = tuple(
        ((("fold", fold),), write_table(local_store, pa.table({"y": [fold]}), key=()))
        for fold in (1, 2)
    )
    found = metrics(
        f"import pyarrow.parquet as pq\ndef fit(t):\n    return {{'f': [{RECEIVED[form]}]}}",
        inputs=(gathered("t", "table", contents, form),),
    )
    assert found == {"f": [NAMES[form], {"y": [1, 2], "fold": [1, 2]}]}


def test_gathered_metrics_are_a_row_per_point(
    metrics: Callable[..., Any], local_store: Backend
) -> None:
    contents = tuple(
        (
            (("depth", depth),),
            put_metrics(local_store, {"accuracy": value, "by": {"class": depth}}),
        )
        for depth, value in ((2, 0.5), (4, 0.75))
    )
    found = metrics(
        "def fit(scores): return scores.to_dict('list')",
        inputs=(gathered("scores", "metrics", contents, "pandas"),),
    )
    assert found == {"depth": [2, 4], "accuracy": [0.5, 0.75], "by.class": [2, 4]}


def test_gathered_tables_that_do_not_go_together_fail_before_the_call(
    fit: Fit, local_store: Backend
) -> None:
    contents = tuple(
        ((("depth", depth),), write_table(local_store, pa.table({"depth": [3]}), key=()))
        for depth in (3, 4)
    )
    outcome = fit(
        "def fit(t): print('ran'); return {}", inputs=(gathered("t", "table", contents, "arrow"),)
    )
    assert failure(outcome) == ("error", "the inputs of `fit` do not go together")
    assert outcome.failure is not None
    assert "`depth`" in outcome.failure.detail
    assert outcome.log is None


def test_gathered_files_are_keyed_by_the_axis_or_by_a_tuple(
    metrics: Callable[..., Any], local_store: Backend, tmp_path: Path
) -> None:
    def stored(text: str) -> Content:
        (tmp_path / "file").write_text(text)
        return put_tree(local_store, tmp_path / "file", kind="checkpoint", suffix="")

    one = tuple((((("depth", depth),)), stored(f"d{depth}")) for depth in (2, 4))
    two = tuple(
        ((("depth", depth), ("fold", fold)), stored(f"d{depth}f{fold}"))
        for depth in (2, 4)
        for fold in ("a", "b")
    )
    found = metrics(
        """
        def fit(one, two):
            return {
                "one": [[key, path.read_text()] for key, path in one.items()],
                "two": [[list(key), path.read_text()] for key, path in two.items()],
            }
        """,
        inputs=(gathered("one", "checkpoint", one), gathered("two", "checkpoint", two)),
    )
    assert found == {
        "one": [[2, "d2"], [4, "d4"]],
        "two": [
            [[2, "a"], "d2fa"],
            [[2, "b"], "d2fb"],
            [[4, "a"], "d4fa"],
            [[4, "b"], "d4fb"],
        ],
    }


def test_files_and_folders_arrive_read_only_with_their_suffix(
    metrics: Callable[..., Any], local_store: Backend, tmp_path: Path
) -> None:
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "empty").mkdir()
    (tmp_path / "tree" / "sub" / "run.sh").write_text("#!")
    (tmp_path / "tree" / "sub" / "run.sh").chmod(0o755)
    (tmp_path / "tree" / "data").write_text("x")
    found = metrics(
        """
        import os, stat
        def mode(path): return oct(stat.S_IMODE(os.stat(path).st_mode))
        def fit(folder, file):
            return {
                "tree": [[str(p.relative_to(folder)), mode(p)] for p in sorted(folder.rglob("*"))],
                "folder": mode(folder),
                "file": [file.name, mode(file), file.read_text()],
            }
        """,
        inputs=(
            single(
                "folder",
                "directory",
                put_tree(local_store, tmp_path / "tree", kind="directory", suffix=""),
            ),
            single(
                "file",
                "file",
                put_tree(local_store, tmp_path / "tree" / "data", kind="file", suffix=".txt"),
            ),
        ),
    )
    assert found == {
        "tree": [
            ["data", "0o444"],
            ["empty", "0o555"],
            ["sub", "0o555"],
            ["sub/run.sh", "0o555"],
        ],
        "folder": "0o555",
        "file": ["file.txt", "0o444", "x"],
    }


def test_metrics_arrive_as_a_dict(metrics: Callable[..., Any], local_store: Backend) -> None:
    value = {"a": {"b": [1, 2.5, None, True]}, "nan": float("nan")}
    found = metrics(
        "def fit(m): return {'type': type(m).__name__, 'a': m['a'], 'nan': str(m['nan'])}",
        inputs=(single("m", "metrics", put_metrics(local_store, value)),),
    )
    assert found == {"type": "dict", "a": value["a"], "nan": "nan"}
