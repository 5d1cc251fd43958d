"""Assignments and outcomes cross to Ray's workers and back as they are."""

from __future__ import annotations

import sys
from pathlib import Path

from reprocc.cluster.engine.executor import lost
from reprocc.cluster.engine.packing import pack, unpack
from reprocc.compiler.plan import TaskId
from reprocc.runtime.events import Failure
from reprocc.runtime.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "runtime"))

from attempts import assignment


def test_an_assignment_comes_back_equal(tmp_path: Path) -> None:
    backend = Store.open(str(tmp_path / "store")).backend
    given = assignment(
        backend, tmp_path / "code", "def fit():\n    return {}\n", arguments={"n": 1}
    )
    packed = pack((given, "folder", None, 2))
    assert unpack(packed) == (given, "folder", None, 2)


def test_an_outcome_comes_back_equal() -> None:
    failure = Failure(
        reason="error", message="it is late", detail="…", help=None, query_offset=None
    )
    given = lost(TaskId("fit"), 2, failure)
    assert unpack(pack(given)) == given


def test_what_is_no_value_of_ours_is_pickled_as_ever() -> None:
    assert unpack(pack({"path": Path("a"), "many": {1, 2}})) == {"path": Path("a"), "many": {1, 2}}
