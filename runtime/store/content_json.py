"""Contents, points and contract reports out of the fields of a record."""

from __future__ import annotations

from typing import cast, get_args

from ...compiler.canonical import CanonicalValue, Digest
from ...compiler.diagnostic import Severity
from ...compiler.point import AxisValue, Point, point_of
from ...compiler.spec import ArtifactKind
from ..content import Content, Layout, Part
from ..contracts.report import ContractReport, Violation
from .fields import Fields

_KINDS = frozenset(get_args(ArtifactKind))
_LAYOUTS = frozenset(get_args(Layout))
_SEVERITIES = frozenset(get_args(Severity))


def read_content(fields: Fields) -> Content:
    """Return what `content_record` wrote. Raises ValueError."""
    return Content(
        kind=cast("ArtifactKind", _word(fields, "kind", _KINDS)),
        layout=cast("Layout", _word(fields, "layout", _LAYOUTS)),
        digest=read_digest(fields, "digest"),
        parts=fields.many("parts", _part),
        rows=fields.whole_or_none("rows"),
        schema=fields.pairs_or_none("schema"),
        suffix=fields.text("suffix"),
    )


def read_report(fields: Fields) -> ContractReport:
    """Return what `report_record` wrote. Raises ValueError."""
    return ContractReport(
        contract=read_digest(fields, "contract"),
        content=read_digest(fields, "content"),
        violations=fields.many("violations", _violation),
    )


def read_digest(fields: Fields, name: str) -> Digest:
    """Return a digest, `scheme:hex`. Raises ValueError."""
    text = fields.text(name)
    scheme, colon, rest = text.partition(":")
    if not (scheme and colon and rest):
        raise ValueError(f"`{name}` is no digest")
    return Digest(text)


def point_record(point: Point) -> dict[str, CanonicalValue]:
    """Return a point as a mapping of axes to values."""
    return dict(point)


def read_point(fields: Fields, name: str) -> Point:
    """Return what `point_record` wrote. Raises ValueError."""
    values: dict[str, AxisValue] = {}
    for axis, value in fields.values(name).items():
        if not isinstance(value, bool | int | float | str):
            raise ValueError(f"`{axis}` is no value of an axis")
        values[axis] = value
    return point_of(values)


def _part(fields: Fields) -> Part:
    return Part(
        sha256=fields.text("object"),
        size=fields.whole("size"),
        rows=fields.whole_or_none("rows"),
        path=fields.text_or_none("path") or "",
        executable=fields.flag("executable"),
    )


def _violation(fields: Fields) -> Violation:
    return Violation(
        subject=fields.text("subject"),
        message=fields.text("message"),
        severity=cast("Severity", _word(fields, "severity", _SEVERITIES)),
        count=fields.whole("count"),
        rows=fields.texts("rows"),
    )


def _word(fields: Fields, name: str, words: frozenset[str]) -> str:
    word = fields.text(name)
    if word not in words:
        raise ValueError(f"`{name}` is none of the words known")
    return word
