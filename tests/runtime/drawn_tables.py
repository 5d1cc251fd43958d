"""Tables that hypothesis draws, with a column of each kind."""

from __future__ import annotations

import datetime
import decimal

import pyarrow as pa
from hypothesis import strategies as st

INTEGERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))
FLOATS = st.one_of(st.none(), st.floats())
TEXTS = st.one_of(st.none(), st.text(max_size=6))
BYTES = st.one_of(st.none(), st.binary(max_size=6))
BOOLEANS = st.one_of(st.none(), st.booleans())
LISTS = st.one_of(st.none(), st.lists(st.one_of(st.none(), st.integers(-9, 9)), max_size=3))
STRUCTS = st.one_of(st.none(), st.fixed_dictionaries({"x": INTEGERS, "y": TEXTS}))
MAPS = st.one_of(st.none(), st.lists(st.tuples(st.text(max_size=2), st.integers(0, 9)), max_size=2))
DATES = st.one_of(st.none(), st.dates())
TIMES = st.one_of(st.none(), st.times())
MOMENTS = st.one_of(st.none(), st.datetimes(datetime.datetime(1900, 1, 1)))
PRICES = st.one_of(
    st.none(), st.decimals(decimal.Decimal(-(10**9)), decimal.Decimal(10**9), places=3)
)
ZONED = st.one_of(
    st.none(), st.datetimes(datetime.datetime(1900, 1, 1), timezones=st.just(datetime.UTC))
)
DEEP = st.one_of(
    st.none(),
    st.lists(st.one_of(st.none(), st.fixed_dictionaries({"t": TEXTS, "m": MAPS})), max_size=2),
)

COLUMNS: dict[str, tuple[st.SearchStrategy[object], pa.DataType]] = {
    "integers": (INTEGERS, pa.int64()),
    "floats": (FLOATS, pa.float64()),
    "texts": (TEXTS, pa.string()),
    "bytes": (BYTES, pa.binary()),
    "booleans": (BOOLEANS, pa.bool_()),
    "lists": (LISTS, pa.list_(pa.int64())),
    "structs": (STRUCTS, pa.struct([("x", pa.int64()), ("y", pa.string())])),
    "maps": (MAPS, pa.map_(pa.string(), pa.int64())),
    "dates": (DATES, pa.date32()),
    "times": (TIMES, pa.time64("ns")),
    "moments": (MOMENTS, pa.timestamp("us")),
    "prices": (PRICES, pa.decimal128(20, 3)),
    "zoned": (ZONED, pa.timestamp("us", "UTC")),
    "deep": (
        DEEP,
        pa.list_(pa.struct([("t", pa.string()), ("m", pa.map_(pa.string(), pa.int64()))])),
    ),
}


@st.composite
def tables(draw: st.DrawFn, names: tuple[str, ...] = tuple(COLUMNS)) -> pa.Table:
    rows = draw(st.integers(0, 12))
    return pa.table(
        {
            name: pa.array(
                draw(st.lists(COLUMNS[name][0], min_size=rows, max_size=rows)), COLUMNS[name][1]
            )
            for name in names
        }
    )
