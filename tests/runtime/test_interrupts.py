"""Signals that wait until what they would disturb is done."""

from __future__ import annotations

import signal
import threading

import pytest

from reprocc.runtime.interrupts import held_back


def test_ctrl_c_waits_until_the_block_is_left() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        _press(done, "all of it")
    assert done == ["all of it"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_what_is_dropped_never_comes() -> None:
    with held_back(dropped=True):
        signal.raise_signal(signal.SIGINT)


def test_within_another_block_it_waits_for_the_outer_one() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held_back():
        _press_twice(done)
    assert done == ["the inner one", "the outer one"]


def test_what_is_ignored_stays_ignored() -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with held_back():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)


def test_other_threads_may_use_it() -> None:
    entered: list[bool] = []

    def enter() -> None:
        with held_back():
            entered.append(True)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert entered == [True]


def _press(done: list[str], what: str) -> None:
    with held_back():
        signal.raise_signal(signal.SIGINT)
        done.append(what)


def _press_twice(done: list[str]) -> None:
    _press(done, "the inner one")
    done.append("the outer one")
