"""A choice between shapes, told apart before anything is validated, so that one mistake is one."""

from __future__ import annotations

from typing import Any

from pydantic import Discriminator

TEXT = "(text)"
LIST = "(list)"
MAPPING = "(mapping)"
TAGS = frozenset({TEXT, LIST, MAPPING})
"""Tags of shapes; the brackets keep them apart from keys in the place of a mistake."""


def by_shape(expected: str) -> Discriminator:
    """Return what picks the alternative tagged `TEXT`, `LIST` or `MAPPING` by a value's type."""
    return Discriminator(
        _shape,
        custom_error_type="wrong-type",
        custom_error_message=expected,
    )


def _shape(value: Any) -> str:
    if isinstance(value, str):
        return TEXT
    if isinstance(value, list):
        return LIST
    if isinstance(value, dict):
        return MAPPING
    return "(other)"
