"""Column types in one canonical spelling."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprocc.compiler.columns import COLUMN_TYPES, column_type


@pytest.mark.parametrize("text", COLUMN_TYPES)
def test_a_canonical_spelling_is_its_own(text: str) -> None:
    assert column_type(text) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" int64 ", "int64"),
        ("decimal( 10 , 2 )", "decimal(10,2)"),
        ("timestamp[us,UTC]", "timestamp[us, UTC]"),
        ("timestamp [ ns , Europe/Berlin ]", "timestamp[ns, Europe/Berlin]"),
        ("timestamp[s, +02:00]", "timestamp[s, +02:00]"),
        ("list< list<string> >", "list<list<string>>"),
        (
            "struct<a:int64,b : list<timestamp[ms,UTC]>>",
            "struct<a: int64, b: list<timestamp[ms, UTC]>>",
        ),
        ("map<string,struct<x: float32>>", "map<string, struct<x: float32>>"),
    ],
)
def test_spellings_of_one_type_become_one(text: str, canonical: str) -> None:
    assert column_type(text) == canonical
    assert column_type(canonical) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", "int", "Int64", "integer", "str", "timestamp", "timestamp[]", "timestamp[min]",
        "timestamp[us,]", "duration[us, UTC]", "decimal(10)", "decimal(2,3)", "decimal(0,0)",
        "decimal(77,0)", "decimal(10,2", "list", "list<>", "list<int64", "list<int64>>",
        "struct<>", "struct<a>", "struct<a: int64, a: int64>", "map<string>", "int64 int64",
        "list<" * 40 + "int64" + ">" * 40, "list<" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_column_type_is_refused(text: str) -> None:
    assert column_type(text) is None


_TYPES = st.recursive(
    st.sampled_from([text for text in COLUMN_TYPES if "<" not in text]),
    lambda inner: st.one_of(
        inner.map(lambda item: f"list<{item}>"),
        st.tuples(inner, inner).map(lambda pair: f"map<{pair[0]}, {pair[1]}>"),
        st.tuples(inner, inner).map(lambda pair: f"struct<x: {pair[0]}, y_1: {pair[1]}>"),
    ),
    max_leaves=5,
)


@given(_TYPES)
def test_nested_types_are_read_with_and_without_white_space(text: str) -> None:
    assert column_type(text) == text
    assert column_type(text.replace(" ", "")) == text


@given(st.text(alphabet="listruc<>()[],: 0164amp", max_size=30))
def test_any_text_is_answered(text: str) -> None:
    canonical = column_type(text)
    assert canonical is None or column_type(canonical) == canonical


def test_column_types_are_read_without_pyarrow() -> None:
    script = (
        "import sys; from reprocc.compiler.columns import column_type; column_type('int64'); "
        "sys.exit('pyarrow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
