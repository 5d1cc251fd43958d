"""Differences of metrics and of files."""

from __future__ import annotations

from typing import Any

import pytest

from reprocc.compiler.canonical import Digest
from reprocc.runtime.compare.files import compare_files
from reprocc.runtime.compare.metrics import MetricChange, compare_metrics
from reprocc.runtime.content import Content, Part


def changes(old: Any, new: Any) -> list[tuple[Any, ...]]:
    found = compare_metrics(old, new).changes
    return [(c.path, c.change, c.old, c.new, c.difference, c.relative) for c in found]


def test_a_change_has_an_amount_and_a_share_of_the_old_value() -> None:
    found = compare_metrics({"loss": {"a": 2.0, "b": 1}, "n": 3}, {"loss": {"a": 1.5, "b": 1}})
    assert found.same == 1
    assert found.changes == (
        MetricChange(
            path="loss.a", change="changed", old="2.0", new="1.5", difference=-0.5, relative=-0.25
        ),
        MetricChange(path="n", change="removed", old="3", new=None, difference=None, relative=None),
    )


@pytest.mark.parametrize(
    ("old", "new", "difference", "relative"),
    [
        (0.0, 2.0, 2.0, None),
        (-2.0, 2.0, 4.0, 2.0),
        (float("nan"), 1.0, None, None),
        (float("inf"), float("-inf"), None, None),
        (1.7e308, -1.7e308, None, None),
        (0.0, -0.0, 0.0, None),
        (1, 1.0, 0.0, 0.0),
        (True, 1, None, None),
        ("a", "b", None, None),
        (None, 0, None, None),
        (10**400, 1, None, None),
    ],
)
def test_what_is_no_pair_of_finite_numbers_has_no_amount(
    old: Any, new: Any, difference: float | None, relative: float | None
) -> None:
    ((_, change, _, _, found, share),) = changes({"x": old}, {"x": new})
    assert (change, found, share) == ("changed", difference, relative)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, None, {}, [], "ü", [1, [2]]])
def test_equal_values_are_no_change(value: Any) -> None:
    assert changes({"x": value}, {"x": value}) == []


def test_lists_are_compared_by_index_in_order_of_number() -> None:
    old, new = {"x": list(range(12))}, {"x": [*range(2), 7, *range(3, 10), 11]}
    assert [(path, change) for path, change, *_ in changes(old, new)] == [
        ("x.2", "changed"),
        ("x.10", "changed"),
        ("x.11", "removed"),
    ]
    assert [one[:2] for one in changes({"x": {}}, {"x": {"a": 1}})] == [
        ("x", "removed"),
        ("x.a", "added"),
    ]


def test_deep_metrics_are_compared() -> None:
    old: Any = 1
    new: Any = 2
    for _ in range(99):
        old, new = {"a": old}, {"a": new}
    assert len(changes(old, new)) == 1


def folder(*parts: tuple[str, str, int, bool]) -> Content:
    return Content(
        kind="directory",
        layout="folder",
        digest=Digest("tree1:" + "0" * 64),
        parts=tuple(
            Part(sha256=sha256, size=size, rows=None, path=path, executable=executable)
            for path, sha256, size, executable in parts
        ),
        rows=None,
        schema=None,
        suffix="",
    )


def test_files_are_compared_by_path_content_and_mode() -> None:
    old = folder(
        ("a", "1", 3, False), ("b", "2", 4, False), ("run", "3", 5, False), ("e", "", 0, False)
    )
    new = folder(("a", "1", 3, False), ("c", "2", 4, False), ("run", "3", 5, True))
    found = [(c.path, c.change, c.old_size, c.new_size) for c in compare_files(old, new)]
    assert found == [
        ("b", "removed", 4, None),
        ("c", "added", None, 4),
        ("e", "removed", None, None),
        ("run", "changed", 5, 5),
    ]
