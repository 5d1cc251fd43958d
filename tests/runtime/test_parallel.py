"""Work in a few threads: in order, never far ahead, and ended by the first failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from reprocc.runtime.parallel import in_threads


def test_results_come_in_the_order_of_the_items() -> None:
    first = threading.Event()

    def act(item: int) -> int:
        if item:
            first.set()
        else:
            assert first.wait(60)
        return item * item

    assert list(in_threads(act, range(50), threads=2)) == [n * n for n in range(50)]


def test_no_more_is_taken_than_the_threads_need() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    found = in_threads(lambda item: item, items(), threads=3)
    for count in range(5):
        assert next(found) == count
        assert len(taken) <= count + 5
    found.close()  # type: ignore[attr-defined]
    assert len(taken) < 12


@pytest.mark.parametrize("where", ["the work", "the items"])
def test_a_failure_is_raised_and_ends_it(where: str) -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield from range(10)
        if where == "the items":
            raise KeyError(where)
        yield from range(10, 1000)

    def act(item: int) -> None:
        if item == 10:
            raise KeyError(where)
        done.append(item)

    with pytest.raises(KeyError, match=where):
        list(in_threads(act, items(), threads=2))
    assert set(range(7)) <= set(done)
    assert len(done) < 20
