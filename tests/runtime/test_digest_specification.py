"""The logical digest against its specification, computed in another way, and for ever."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import math
import re
import struct
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from drawn_tables import tables
from hypothesis import given, settings

from reprocc.compiler.canonical import digest_of
from reprocc.runtime.codecs.types import type_text
from reprocc.runtime.digest import table_digest


def reference_digest(table: pa.Table) -> str:
    """Compute the digest from the words of the specification, value by value."""
    columns = []
    for field in table.schema:
        streams = reference_streams(table.column(field.name).to_pylist(), field.type)
        hashed = [hashlib.sha256(stream).hexdigest() for stream in streams]
        columns.append({"name": field.name, "type": type_text(field.type), "streams": hashed})
    return digest_of("table1", {"columns": columns, "rows": table.num_rows})


def reference_streams(values: list[Any], type_: pa.DataType) -> list[bytes]:
    nulls = b"".join(struct.pack("<q", i) for i, value in enumerate(values) if value is None)
    kept = [value for value in values if value is not None]
    if pa.types.is_struct(type_):
        inner = [reference_streams([v[f.name] for v in kept], f.type) for f in type_]
        return [nulls, *(stream for streams in inner for stream in streams)]
    if pa.types.is_map(type_):
        entry = pa.struct([("key", type_.key_type), ("value", type_.item_type)])
        kept = [[{"key": key, "value": item} for key, item in value] for value in kept]
        lengths = b"".join(struct.pack("<q", len(value)) for value in kept)
        items = reference_streams([item for value in kept for item in value], entry)
        return [nulls, lengths, *items]
    if pa.types.is_list(type_):
        lengths = b"".join(struct.pack("<q", len(value)) for value in kept)
        items = reference_streams([item for value in kept for item in value], type_.value_type)
        return [nulls, lengths, *items]
    if pa.types.is_string(type_) or pa.types.is_binary(type_):
        data = [value.encode() if isinstance(value, str) else value for value in kept]
        lengths = b"".join(struct.pack("<q", len(value)) for value in data)
        return [nulls, lengths, b"".join(data)]
    return [nulls, b"".join(reference_bytes(value, type_) for value in kept)]


def reference_bytes(value: Any, type_: pa.DataType) -> bytes:
    epoch = datetime.datetime(1970, 1, 1)
    match value:
        case bool():
            return bytes([value])
        case int():
            return value.to_bytes(type_.bit_width // 8, "little", signed=True)
        case float():
            quiet = bytes.fromhex("000000000000f87f")
            return quiet if math.isnan(value) else struct.pack("<d", value)
        case decimal.Decimal():
            unscaled = int(value.scaleb(type_.scale, decimal.Context(prec=80)))
            return unscaled.to_bytes(16, "little", signed=True)
        case datetime.datetime():
            value = value.replace(tzinfo=None)
            return struct.pack("<q", (value - epoch) // datetime.timedelta(microseconds=1))
        case datetime.date():
            return struct.pack("<i", (value - epoch.date()).days)
        case datetime.time():
            moment = datetime.datetime.combine(epoch, value) - epoch
            return struct.pack("<q", moment // datetime.timedelta(microseconds=1) * 1000)
        case _:
            raise AssertionError(f"{type_} is not among the tables drawn")


@settings(max_examples=50)
@given(table=tables())
def test_the_digest_is_what_the_specification_says(table: pa.Table) -> None:
    assert table_digest(table) == reference_digest(table)


WORKED = Path(__file__).parents[2] / "docs" / "store-format.md"


def worked_table() -> pa.Table:
    return pa.table(
        {
            "n": pa.array([1, None, -3], pa.int16()),
            "x": pa.array([-0.0, math.nan, None], pa.float64()),
            "s": pa.array(["ä", "", None], pa.string()),
            "l": pa.array([[1, None], None, []], pa.list_(pa.int8())),
        }
    )


def test_the_worked_bytes_of_the_specification_are_right() -> None:
    text = WORKED.read_text(encoding="utf-8").partition("#### Worked bytes")[2]
    lines = [re.split(r"  +", line) for line in text.split("```")[1].strip().splitlines()]
    table = worked_table()
    columns = []
    for field in table.schema:
        said = [bytes.fromhex(data) for name, _, data in lines if name == field.name]
        assert said == reference_streams(table.column(field.name).to_pylist(), field.type)
        hashed = [hashlib.sha256(stream).hexdigest() for stream in said]
        columns.append({"name": field.name, "streams": hashed, "type": type_text(field.type)})
    digest = digest_of("table1", {"columns": columns, "rows": 3})  # type: ignore[dict-item]
    assert digest == table_digest(table)
    assert f"`{digest}`" in text


def golden_table(name: str) -> pa.Table:
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
    flat = {
        "i": pa.array([1, None, -3], pa.int16()),
        "f": pa.array([-0.0, math.nan, None], pa.float64()),
        "h": pa.array([1.5, None, -2.0], pa.float16()),
        "s": pa.array(["ä", "", None], pa.string()),
        "b": pa.array([True, None, False], pa.bool_()),
        "n": pa.nulls(3),
        "d": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-7")], pa.decimal128(9, 2)),
        "day": pa.array([moment.date(), None, None], pa.date32()),
        "time": pa.array([moment.time(), None, None], pa.time64("us")),
        "moment": pa.array([moment, None, None], pa.timestamp("us", "UTC")),
    }
    nested = {
        "l": pa.array([[1, None], None, []], pa.list_(pa.int64())),
        "m": pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int8())),
        "t": pa.array([{"x": [{"y": "z"}]}, None, {"x": None}]),
    }
    return pa.table({"empty": {}, "flat": flat, "nested": nested, "types": every_type()}[name])


def every_type() -> dict[str, pa.Array]:
    """Return a column of each type of the language that has a width, unit or zone of its own."""
    integers = [pa.int8(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()]
    units = ("s", "ms", "us", "ns")
    types = [
        *integers,
        pa.uint64(),
        *(pa.timestamp(unit) for unit in units),
        *(pa.timestamp(unit, "Europe/Berlin") for unit in units),
        *(pa.duration(unit) for unit in units),
    ]
    columns = {type_text(type_): pa.array([3, None, 1], type_) for type_ in types}
    wide = decimal.Decimal(10) ** 50
    columns["float32"] = pa.array([0.1, None, -math.inf], pa.float32())
    columns["binary"] = pa.array([b"\xff", None, b""], pa.binary())
    columns["decimal(60,2)"] = pa.array([wide, None, -wide], pa.decimal256(60, 2))
    inner = pa.list_(pa.map_(pa.int8(), pa.struct([("x y", pa.date32()), ("z", pa.null())])))
    day = datetime.date(2026, 1, 2)
    columns["deep"] = pa.array([[[(1, {"x y": day, "z": None}), (2, None)]], None, [None]], inner)
    return columns


@pytest.mark.parametrize(("name", "digest"), [
    ("empty", "table1:06121cc98f82c547da744e219719956cba442c42722f1045280df34477ed1552"),
    ("flat", "table1:99c6476622bc2841b99bebac53c8f9dcc8a771c0b013d40a7e75e8a10d955be6"),
    ("nested", "table1:c7db8a67617aa03dfb2dff2a87faf6ae8aae4e82b10a6034c9af3dee594af411"),
    ("types", "table1:fd099588c4232a2d8e1669d1ecaefd2c5dfe45d1fcdce44e46446f2390aba4dc"),
])  # fmt: skip
def test_the_digest_of_a_table_is_this_for_ever(name: str, digest: str) -> None:
    assert table_digest(golden_table(name)) == digest
