"""The parameters with their values; those that are not their default are marked."""

from __future__ import annotations

from ...runtime.description.description import Description, Parameter
from .markup import Markup, element, join
from .pieces import code, listing, section

_LONGEST = 2000


def parameters_section(description: Description) -> Markup:
    """Return the section, or nothing where there are no parameters."""
    if not description.parameters:
        return Markup("")
    return section(
        "parameters",
        "Parameters",
        listing(
            ("parameter", "value", "default", "type", "description"),
            [_row(one) for one in description.parameters],
            caption="Values of this run",
        ),
    )


def _row(one: Parameter) -> tuple[str, ...]:
    is_changed = one.default is not None and one.default != one.value
    value: str = code(_cut(one.value))
    if is_changed:
        value = join([element("b", value), " ", element("span", "not the default", class_="mark")])
    return (
        one.name,
        value,
        code(_cut(one.default)) if one.default is not None else "",
        one.type,
        one.description,
    )


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
