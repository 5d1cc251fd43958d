"""CPUs shared between sessions through lock files."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from reprocc.cluster.engine.slots import held


def _hold(folder: str, wanted: float, entered: object, leave: object) -> None:
    with held(Path(folder), wanted=wanted, total=2):
        entered.set()  # type: ignore[attr-defined]
        leave.wait(30)  # type: ignore[attr-defined]


def test_a_slot_is_held_until_its_holder_leaves(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    entered, leave = context.Event(), context.Event()
    other_entered, other_leave = context.Event(), context.Event()
    first = context.Process(target=_hold, args=(str(tmp_path), 2, entered, leave))
    first.start()
    assert entered.wait(30)
    second = context.Process(target=_hold, args=(str(tmp_path), 1, other_entered, other_leave))
    second.start()
    assert not other_entered.wait(0.5)
    leave.set()
    assert other_entered.wait(30)
    other_leave.set()
    first.join(30)
    second.join(30)
    assert (first.exitcode, second.exitcode) == (0, 0)


def test_a_killed_holder_gives_its_slots_back(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    entered, leave = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(str(tmp_path), 2, entered, leave))
    process.start()
    assert entered.wait(30)
    process.kill()
    process.join(30)
    with held(tmp_path, wanted=2, total=2):
        pass


def test_less_than_one_cpu_holds_no_slot(tmp_path: Path) -> None:
    with held(tmp_path, wanted=2, total=2), held(tmp_path, wanted=0.5, total=2):
        pass
