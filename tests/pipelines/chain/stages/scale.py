"""Multiply values, by a helper three imports away."""

from .lib.first import times


def scale(table, factor: int):
    values = [times(value, factor) for value in table["value"].to_pylist()]
    return table.set_column(table.column_names.index("value"), "value", [values])
