"""Sources and contracts as planned, and those that cannot hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprocc.compiler.driver import Compiled
from reprocc.compiler.plan import ColumnContract, Contract, MetricContract, RowsContract, Tolerance

FILES = {"verbs.py": "def make(**given): return {}\n", "raw.json": "{}", "data.csv": "a\n1\n"}


def spec(data: str, top: str = "", m: str = "{kind: metrics}") -> str:
    return f"""\
reprocc: 1
name: sources
{top}
artifacts:
  raw: {{kind: metrics, source: raw.json}}
  data: {data}
  m: {m}
transformations:
  fit: {{python: "verbs:make", inputs: [raw, data], outputs: [m]}}
"""


@pytest.mark.parametrize(
    ("declared", "file", "told", "suffix"),
    [
        ("{kind: table, source: ./x//y.parquet}", "x/y.parquet", "parquet", ""),
        ("{kind: table, source: y.dat, format: csv}", "y.dat", "csv", ""),
        ("{kind: table, source: y.CSV.gz}", "y.CSV.gz", "csv", ""),
        ('{kind: table, source: "parts/*.jsonl"}', "parts/1.jsonl", "jsonl", ""),
        ("{kind: table, source: parts}", "parts/1.csv", None, ""),
        ("{kind: checkpoint, source: m.PT}", "m.PT", None, ".PT"),
        ("{kind: file, source: m.tar.gz}", "m.tar.gz", None, ".gz"),
        ("{kind: directory, source: parts}", "parts/1.csv", None, ""),
    ],
)
def test_a_source_has_a_format_and_a_suffix(
    compile_pipeline: Callable[..., Compiled],
    declared: str,
    file: str,
    told: str | None,
    suffix: str,
) -> None:
    result = compile_pipeline(spec(declared), {**FILES, file: "a\n1\n"})
    assert result.plan is not None, [found.message for found in result.diagnostics]
    artifact = next(artifact for artifact in result.plan.artifacts if artifact.id == "data")
    assert (artifact.format, artifact.suffix) == (told, suffix)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("{kind: table, source: dat.csv}", "missing-source"),
        ('{kind: table, source: "none/*.csv"}', "missing-source"),
        ("{kind: table, source: /etc/passwd}", "absolute-source"),
        ("{kind: table, source: raw.json}", "unknown-table-format"),
        ('{kind: table, source: "${1}"}', "wrong-type"),
        ('{kind: table, source: "${seed}.csv"}', "name-not-here"),
    ],
)
def test_a_source_that_cannot_be_read_is_one_error(
    compile_pipeline: Callable[..., Compiled], declared: str, code: str
) -> None:
    result = compile_pipeline(spec(declared), FILES)
    assert [diagnostic.code.name for diagnostic in result.diagnostics] == [code]


def test_a_contract_is_planned_with_its_bounds_evaluated(
    compile_pipeline: Callable[..., Compiled],
) -> None:
    data = """
    kind: table
    source: data.csv
    columns:
      b: {type: string, values: [x, y], nullable: false, severity: warning}
      a: {type: float64, minimum: "${parameters.low}", maximum: 3, unique: true}
    additional_columns: refuse
    rows: {minimum: 1, maximum: "${parameters.low * 10}"}
    key: [b, a]
    tolerance: {relative: 1.0e-6}"""
    m = "{kind: metrics, require: {y: {maximum: 1}, x.z: {minimum: 0.5}}}"
    result = compile_pipeline(spec(data, "parameters: {low: 2}", m), FILES)
    assert result.plan is not None, [found.message for found in result.diagnostics]
    by_name = {str(artifact.id): artifact for artifact in result.plan.artifacts}
    assert by_name["data"].contract == Contract(
        columns=(
            ColumnContract(
                name="a",
                type="float64",
                nullable=True,
                unique=True,
                minimum=2,
                maximum=3,
                values=None,
                pattern=None,
                severity="error",
            ),
            ColumnContract(
                name="b",
                type="string",
                nullable=False,
                unique=False,
                minimum=None,
                maximum=None,
                values=("x", "y"),
                pattern=None,
                severity="warning",
            ),
        ),
        additional_columns="refuse",
        rows=RowsContract(minimum=1, maximum=20, severity="error"),
        key=("b", "a"),
        require=(),
    )
    assert by_name["data"].tolerance == Tolerance(relative=1e-6, absolute=0.0)
    assert by_name["m"].contract.require == (
        MetricContract(path="x.z", minimum=0.5, maximum=None, severity="error"),
        MetricContract(path="y", minimum=None, maximum=1, severity="error"),
    )


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        ("columns: {a: {minimum: 5, maximum: 1}}", "contradictory-bounds"),
        ("rows: {minimum: 5, maximum: 1}", "contradictory-bounds"),
        ("columns: {a: {type: int64, minimum: low}}", "unsuitable-bound"),
        ("columns: {a: {type: string, maximum: 3}}", "unsuitable-bound"),
        ("columns: {a: {type: int64, values: [a]}}", "unsuitable-bound"),
        ('columns: {a: {minimum: "${matrix.x}"}}', "name-not-here"),
        ('rows: {minimum: "${-1}"}', "wrong-value"),
        ("additional_columns: refuse, key: [b], columns: {a: {}}", "impossible-key"),
    ],
)
def test_a_contract_that_cannot_hold_is_one_error(
    compile_pipeline: Callable[..., Compiled], contract: str, code: str
) -> None:
    result = compile_pipeline(spec(f"{{kind: table, source: data.csv, {contract}}}"), FILES)
    assert [found.code.name for found in result.diagnostics] == [code]
