"""Contracts: every broken rule is found, counted, put into words and shown."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.plan import ColumnContract, Contract, MetricContract, RowsContract
from reprocc.runtime.contracts.check import check_metrics, check_table, contract_digest
from reprocc.runtime.contracts.report import Violation

OUTSIDE = "`c` has 1 value outside the declared values"
NOTHING = Contract(columns=(), additional_columns="allow", rows=None, key=(), require=())


def column(name: str, **rules: Any) -> ColumnContract:
    defaults: dict[str, Any] = {
        "type": None, "nullable": True, "unique": False, "minimum": None, "maximum": None,
        "values": None, "pattern": None, "severity": "error",
    }  # fmt: skip
    return ColumnContract(name=name, **{**defaults, **rules})


def check(values: Any, type_: pa.DataType | None = None, /, **rules: Any) -> tuple[Violation, ...]:
    table = pa.table({"c": pa.array(values, type_)})
    return check_table(table, replace(NOTHING, columns=(column("c", **rules),)))


def messages(found: tuple[Violation, ...]) -> list[str]:
    return [violation.message for violation in found]


def rows(violation: Violation) -> list[int]:
    return [json.loads(row)["row"] for row in violation.rows]


def test_a_table_that_holds_what_was_promised_has_no_violations() -> None:
    rules = {"type": "int64", "nullable": False, "unique": True, "minimum": 1, "maximum": 3}
    assert check([1, 2, 3], **rules, values=(1, 2, 3)) == ()


def test_all_broken_rules_of_all_columns_are_in_one_report() -> None:
    table = pa.table({"a": [1, -1, None], "b": ["x", "y", "z"], "c": [1, 1, 1]})
    contract = Contract(
        columns=(
            column("a", minimum=0, nullable=False),
            column("b", type="int64"),
            column("z", severity="warning"),
        ),
        additional_columns="refuse",
        rows=RowsContract(minimum=10, maximum=None, severity="warning"),
        key=("c",),
        require=(),
    )
    found = check_table(table, contract)
    assert messages(found) == [
        "`a` has 1 null",
        "`a` has 1 value below 0",
        "`b` is `string`, not `int64`",
        "`z` is missing",
        "the table has 3 rows, fewer than 10",
        "2 rows repeat the key (`c`) of an earlier row",
    ]
    assert [violation.severity for violation in found] == [
        "error", "error", "error", "warning", "warning", "error",
    ]  # fmt: skip


def test_offending_rows_are_counted_and_the_first_five_are_shown() -> None:
    (found,) = check([-1, 5, -2, -3, -4, -5, -6], minimum=0)
    assert (found.count, rows(found)) == (6, [0, 2, 3, 4, 5])
    assert found.message == "`c` has 6 values below 0"
    assert json.loads(found.rows[1]) == {"c": -2, "row": 2}


def test_positions_do_not_depend_on_chunks() -> None:
    table = pa.table({"c": pa.chunked_array([[1, 2], [3, -1], [-2]])})
    (found,) = check_table(table, replace(NOTHING, columns=(column("c", minimum=0),)))
    assert rows(found) == [3, 4]


@pytest.mark.parametrize(
    ("values", "type_", "rules", "wanted"),
    [
        ([1, 9, None], pa.int8(), {"maximum": 8.5}, ["`c` has 1 value above 8.5"]),
        ([1, 255], pa.uint8(), {"minimum": -5, "maximum": 10**30}, []),
        ([1, 255], pa.uint8(), {"minimum": 300}, ["`c` has 2 values below 300"]),
        ([2**53, 2**53 + 1], pa.int64(), {"maximum": 2**53}, [f"`c` has 1 value above {2**53}"]),
        ([0.1, 0.2], pa.float32(), {"maximum": 0.1}, ["`c` has 1 value above 0.1"]),
        ([0.1, 0.3], pa.float16(), {"minimum": 0.1, "maximum": 0.2}, ["`c` has 1 value above 0.2"]),
        ([math.nan, 1.0, math.inf], None, {"minimum": 0}, ["`c` has 1 NaN value"]),
        ([math.nan], None, {}, []),
        (["b", "ä"], None, {"maximum": "c"}, ["`c` has 1 value above c"]),
        ([decimal.Decimal("4.01"), decimal.Decimal("4.00")], None, {"maximum": "4.005"},
         ["`c` has 1 value above 4.005"]),
        ([decimal.Decimal("4.01")], None, {"minimum": 4.02}, ["`c` has 1 value below 4.02"]),
        ([datetime.date(2020, 1, 1)], None, {"minimum": "2020-01-02"},
         ["`c` has 1 value below 2020-01-02"]),
        ([datetime.time(1), datetime.time(2)], None, {"minimum": "01:30"},
         ["`c` has 1 value below 01:30"]),
        ([datetime.datetime(2020, 1, 1)], pa.timestamp("ns"), {"maximum": "2019-12-31T23:59:59"},
         ["`c` has 1 value above 2019-12-31T23:59:59"]),
        ([datetime.datetime(2020, 1, 1)], pa.timestamp("ms", "UTC"),
         {"minimum": "2020-01-01T02:00:00+01:00"},
         ["`c` has 1 value below 2020-01-01T02:00:00+01:00"]),
        ([datetime.timedelta(seconds=4)], pa.duration("s"), {"maximum": 3},
         ["`c` has 1 value above 3"]),
        ([1, 2, 3, None], None, {"values": (1, 2)}, [OUTSIDE]),
        (["a", "b"], None, {"values": ("a",)}, [OUTSIDE]),
        ([True, False], None, {"values": (True,)}, [OUTSIDE]),
        ([1.5, 2.0], pa.float16(), {"values": (2,)}, [OUTSIDE]),
        ([1, 2], None, {"values": ("x", 1)}, [OUTSIDE]),
        (["ab", "xab", "ab\n", "a\nb", None], None, {"pattern": "a.?b|c"},
         ["`c` has 3 values unlike `a.?b|c`"]),
        ([1, 1, 2, None, None], None, {"unique": True}, ["`c` has 1 value that occurs before"]),
        ([[1], [1], [1]], None, {"unique": True}, ["`c` has 2 values that occur before"]),
        ([None, None], pa.int64(), {"nullable": False}, ["`c` has 2 nulls"]),
    ],
)  # fmt: skip
def test_each_rule_finds_what_breaks_it(
    values: list[Any], type_: pa.DataType | None, rules: dict[str, Any], wanted: list[str]
) -> None:
    assert messages(check(values, type_, **rules)) == wanted


@pytest.mark.parametrize(
    ("type_", "declared"),
    [
        (pa.large_string(), "string"),
        (pa.string_view(), "string"),
        (pa.dictionary(pa.int8(), pa.string()), "string"),
        (pa.large_list(pa.int64()), "list<int64>"),
        (pa.time32("s"), "time"),
        (pa.decimal256(5, 2), "decimal(5,2)"),
    ],
)
def test_a_layout_is_no_type(type_: pa.DataType, declared: str) -> None:
    assert check([], type_, type=declared) == ()


def test_rules_hold_for_dictionaries_too() -> None:
    coded = pa.array(["a", "b", "a"]).dictionary_encode()
    table = pa.table({"c": coded})
    contract = replace(NOTHING, columns=(column("c", values=("a",), unique=True),))
    assert messages(check_table(table, contract)) == [
        "`c` has 1 value that occurs before",
        "`c` has 1 value outside the declared values",
    ]


def test_a_wrong_type_is_one_violation_and_no_cascade() -> None:
    assert messages(check(["x", None], type="int64", minimum=0, nullable=False)) == [
        "`c` is `string`, not `int64`"
    ]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"minimum": "soon"}, "`c` cannot be checked: `soon` is no value of type `int64`"),
        ({"maximum": True}, "`c` cannot be checked: `True` is no value of type `int64`"),
    ],
)
def test_a_bound_that_does_not_fit_the_column_is_a_violation(
    rules: dict[str, Any], message: str
) -> None:
    assert messages(check([1], pa.int64(), **rules)) == [message]


def test_a_pattern_that_re2_refuses_is_a_violation() -> None:
    assert messages(check(["a"], pattern="(?=a)")) == [
        "`c` cannot be checked: `(?=a)` is no RE2 pattern"
    ]


def test_a_pattern_is_matched_by_the_whole_value_also_where_it_has_alternatives() -> None:
    assert check(["a", "b"], pattern="a|b") == ()
    assert len(check(["ab", "ba"], pattern="a|b")) == 1


def test_undeclared_columns_are_refused_where_the_contract_says_so() -> None:
    table = pa.table({name: [1] for name in "abcdefgh"})
    contract = Contract(
        columns=(column("a"),), additional_columns="refuse", rows=None, key=("b",), require=()
    )
    (found,) = check_table(table, contract)
    assert found.message == "the table has 6 undeclared columns: `c`, `d`, `e`, `f`, `g`, …"
    assert found.count == 6


@pytest.mark.parametrize(
    ("count", "bounds", "wanted"),
    [
        (1, (2, None), ["the table has 1 row, fewer than 2"]),
        (3, (None, 2), ["the table has 3 rows, more than 2"]),
        (2, (2, 2), []),
    ],
)
def test_rows_are_counted(
    count: int, bounds: tuple[int | None, int | None], wanted: list[str]
) -> None:
    rule = RowsContract(minimum=bounds[0], maximum=bounds[1], severity="error")
    table = pa.table({"a": list(range(count))})
    assert messages(check_table(table, replace(NOTHING, rows=rule))) == wanted


def test_a_key_is_unique_together_and_its_nulls_are_equal() -> None:
    table = pa.table({"a": [1, 1, None, None, 1], "b": ["x", "y", "x", "x", "x"], "c": range(5)})
    (found,) = check_table(table, replace(NOTHING, key=("a", "b")))
    assert found.message == "2 rows repeat the key (`a`, `b`) of an earlier row"
    assert rows(found) == [3, 4]


def test_a_missing_key_column_is_said_once() -> None:
    table = pa.table({"a": [1]})
    assert messages(check_table(table, replace(NOTHING, key=("a", "z")))) == [
        "the key column `z` is missing"
    ]
    contract = replace(NOTHING, columns=(column("z"),), key=("a", "z"))
    assert messages(check_table(table, contract)) == ["`z` is missing"]


def test_an_empty_table_breaks_no_rule_of_values() -> None:
    rules = {"nullable": False, "unique": True, "minimum": 0, "values": (1,)}
    table = pa.table({"c": pa.array([], pa.int64())})
    assert check_table(table, replace(NOTHING, columns=(column("c", **rules),), key=("c",))) == ()


def test_samples_show_the_whole_row_as_json() -> None:
    table = pa.table(
        {
            "bad": [-1],
            "long": ["x" * 500],
            "bytes": [b"\xff"],
            "nan": [math.nan],
            "when": pa.array([1], pa.timestamp("ns", "UTC")),
            "list": [[1, None]],
            "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        }
    )
    (found,) = check_table(table, replace(NOTHING, columns=(column("bad", minimum=0),)))
    assert json.loads(found.rows[0]) == {
        "bad": -1,
        "bytes": "/w==",
        "list": [1, None],
        "long": "x" * 200 + "…",
        "map": [["a", 1]],
        "nan": "nan",
        "row": 0,
        "when": "1970-01-01 00:00:00.000000001Z",
    }


@given(st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=30), st.integers(-6, 6))
def test_counts_are_those_of_plain_python(values: list[int | None], bound: int) -> None:
    found = check(values, pa.int64(), minimum=bound, unique=True, nullable=False)
    counts = {violation.message.partition(" has ")[2]: violation.count for violation in found}
    known = [value for value in values if value is not None]
    expected = [
        len(values) - len(known),
        len(known) - len(set(known)),
        sum(value < bound for value in known),
    ]
    assert list(counts.values()) == [count for count in expected if count]


METRICS = {
    "accuracy": 0.85,
    "loss": math.nan,
    "note": "x",
    "ok": True,
    "none": None,
    "by": {"class.a": {"f1": 0.5}, "list": [1, 2]},
}


@pytest.mark.parametrize(
    ("path", "minimum", "maximum", "wanted"),
    [
        ("accuracy", 0.9, None, "`accuracy` is 0.85, below 0.9"),
        ("accuracy", None, 0.8, "`accuracy` is 0.85, above 0.8"),
        ("accuracy", 0.85, 0.85, None),
        ("loss", None, None, "`loss` is NaN"),
        ("loss", 0, 1, "`loss` is NaN"),
        ("recall", 0, None, "`recall` is missing"),
        ("by.class.a.f1", 0.6, None, "`by.class.a.f1` is 0.5, below 0.6"),
        ("by.class.b.f1", 0.6, None, "`by.class.b.f1` is missing"),
        ("by.list.1", 3, None, "`by.list.1` is 2, below 3"),
        ("by.list.2", 3, None, "`by.list.2` is missing"),
        ("note", 0, None, "`note` is text, not a number"),
        ("ok", 0, None, "`ok` is a boolean, not a number"),
        ("none", 0, None, "`none` is null, not a number"),
        ("by", 0, None, "`by` is a mapping, not a number"),
    ],
)
def test_a_required_metric_is_looked_up_by_its_dotted_path(
    path: str, minimum: float | None, maximum: float | None, wanted: str | None
) -> None:
    rule = MetricContract(path=path, minimum=minimum, maximum=maximum, severity="warning")
    found = check_metrics(METRICS, replace(NOTHING, require=(rule,)))
    assert messages(found) == ([] if wanted is None else [wanted])
    assert all(violation.severity == "warning" for violation in found)


def test_a_contract_digest_counts_every_rule() -> None:
    contracts = [
        NOTHING,
        replace(NOTHING, additional_columns="refuse"),
        replace(NOTHING, key=("a",)),
        replace(NOTHING, rows=RowsContract(minimum=1, maximum=None, severity="error")),
        replace(NOTHING, rows=RowsContract(minimum=1, maximum=None, severity="warning")),
        replace(NOTHING, columns=(column("a"),)),
        replace(NOTHING, columns=(column("a", minimum=1),)),
        replace(NOTHING, columns=(column("a", minimum=1.0),)),
        replace(NOTHING, columns=(column("a", maximum=1),)),
        replace(NOTHING, columns=(column("a", values=()),)),
        replace(NOTHING, columns=(column("a", severity="warning"),)),
        replace(
            NOTHING,
            require=(MetricContract(path="a", minimum=0, maximum=None, severity="error"),),
        ),
    ]
    assert len({contract_digest(contract) for contract in contracts}) == len(contracts)
    assert contract_digest(NOTHING).startswith("contract1:")


def test_a_contract_digest_needs_no_arrow() -> None:
    code = (
        "import sys, reprocc.runtime.contracts.check, reprocc.runtime.sources.ingest;"
        "import reprocc.runtime.codecs.files;"
        "sys.exit('pyarrow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
