"""Stores that are far away: calls made at once, and one listing for a whole run."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprocc.compiler.point import Point
from reprocc.runtime.store import reuse, versions
from reprocc.runtime.store.at_once import at_once, each
from reprocc.runtime.store.backend import Backend, Stat
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.open import open_backend
from reprocc.runtime.store.overlay import Overlay
from reprocc.runtime.store.survey import Survey, surveyed
from reprocc.runtime.store.view import View

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples


class Far(MemoryBackend):
    """A store in memory that is used like one far away, and counts what it is asked."""

    at_once = 8

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.asked: Counter[str] = Counter()

    def get(self, key: str) -> bytes:
        self.asked["get"] += 1
        return super().get(key)

    def list(self, prefix: str) -> Iterator[Stat]:
        self.asked["list"] += 1
        return super().list(prefix)

    def children(self, prefix: str) -> tuple[str, ...]:
        self.asked["children"] += 1
        return super().children(prefix)


@pytest.fixture
def far(tmp_path: Path) -> Far:
    return Far(str(tmp_path))


def publish(backend: Backend, artifact: str, data: bytes, point: Point = ()) -> int:
    version, _ = versions.publish(
        backend,
        pipeline="p",
        artifact=artifact,
        point=point,
        content=samples.stored(backend, data),
        run="r",
        task="t",
        fingerprint=samples.FINGERPRINT,
        reused_from=None,
        contract=None,
        created="",
    )
    return version.number


def test_what_is_done_at_once_keeps_its_order_and_its_first_error(far: Far) -> None:
    together = threading.Barrier(far.at_once)

    def meet(number: int) -> int:
        together.wait(timeout=30)
        return number * 2

    assert each(far, meet, range(16)) == [2 * number for number in range(16)]
    assert each(View(Overlay(far)), meet, range(8)) == [2 * number for number in range(8)]

    def fail(number: int) -> None:
        if number in (3, 5):
            raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError, match="3"):
        each(far, fail, range(8))


def test_what_is_done_within_what_is_done_at_once_shares_its_room(far: Far) -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def inner(_: int) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        with lock:
            now[0] -= 1

    each(far, lambda _: each(far, inner, range(20)), range(3))
    assert 1 <= most[0] <= far.at_once


def test_a_store_at_hand_is_asked_one_by_one_in_this_thread(tmp_path: Path) -> None:
    backend = MemoryBackend(str(tmp_path))
    assert at_once(backend) == 1
    here = threading.get_ident()
    assert each(backend, lambda _: threading.get_ident(), range(5)) == [here] * 5
    assert surveyed(backend, "p") is backend


def test_a_survey_knows_from_one_listing_what_the_store_would_say(far: Far) -> None:
    for number in range(3):
        publish(far, "a", b"%d" % number)
        publish(far, "b", b"%d" % number, (("width", number),))
    survey = surveyed(far, "p")
    assert isinstance(survey, Survey)
    found = [(name, versions.points(far, "p", name)) for _, name in versions.artifacts(far, "p")]
    far.asked.clear()
    for name, points in found:
        for point in points:
            assert versions.history(survey, "p", name, point) == versions.history(
                far, "p", name, point
            )
    assert versions.points(survey, "p", "b") == tuple((("width", n),) for n in range(3))
    assert versions.artifacts(survey, "p") == versions.artifacts(far, "p")
    assert far.asked["list"] == 1, "one listing for all that was asked of the survey"
    assert versions.newest_of_all(far) == versions.newest_of_all(open_backend(far.url))


def test_a_survey_counts_what_it_publishes_and_notices_who_was_faster(far: Far) -> None:
    publish(far, "a", b"1")
    survey = surveyed(far, "p")
    assert publish(survey, "a", b"2") == 2
    assert publish(survey, "a", b"3") == 3
    far.asked.clear()
    assert publish(survey, "new", b"1") == 1
    assert far.asked["children"] == far.asked["list"] == 0
    assert publish(far, "a", b"another run's") == 4
    assert publish(survey, "a", b"5") == 5
    assert [one.number for one in versions.history(far, "p", "a", ())] == [1, 2, 3, 4, 5]


def test_publishing_what_is_newest_already_reads_its_manifest_once(far: Far) -> None:
    publish(far, "a", b"1")
    survey = surveyed(far, "p")
    assert versions.newest(survey, "p", "a", ()) is not None
    far.asked.clear()
    assert publish(survey, "a", b"1") == 1
    assert far.asked["get"] == 0, "it was read ahead"


def test_of_reuse_records_the_newest_counts_though_nothing_is_listed(far: Far) -> None:
    near = open_backend(far.url)
    assert reuse.find(far, samples.FINGERPRINT) is None
    for number in range(1, 4):
        content = samples.stored(far, b"%d" % number)
        reuse.add(far, samples.reuse_record(content, nonce=f"{number:02d}"))
        far.asked.clear()
        found = reuse.find(far, samples.FINGERPRINT)
        assert found is not None
        assert found == reuse.find(near, samples.FINGERPRINT)
        assert far.asked["children"] == (0 if number == 1 else 1)
