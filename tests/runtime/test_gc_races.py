"""What goes on while a store is cleaned: nothing that is named at the end is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reprocc.runtime.content import Content
from reprocc.runtime.keeping.check import check
from reprocc.runtime.keeping.collect import collect
from reprocc.runtime.keeping.retention import Policy
from reprocc.runtime.store import reuse, versions
from reprocc.runtime.store.backend import Backend, Missing, Stat
from reprocc.runtime.store.view import View

sys.path.insert(0, str(Path(__file__).parent))

from kept import RUN, Kept, a_day_old, insist_on_wholeness, numbers, samples

SOURCE = (("raw", b"0"),)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return a_day_old(tmp_path / "store")


class Meanwhile(View):
    """A store in which something happens when it is asked to do a certain thing."""

    def __init__(self, below: Backend, when: str, act: Callable[[], object]) -> None:
        super().__init__(below)
        self._when = when
        self._act: Callable[[], object] | None = act

    def _happen(self, what: str) -> None:
        act = self._act
        if what.startswith(self._when) and act is not None:
            self._act = None
            act()

    def discard(self, found: Stat) -> bool:
        self._happen(f"discard {found.key}")
        return super().discard(found)

    def delete(self, key: str) -> None:
        self._happen(f"delete {key}")
        super().delete(key)


MOMENTS = ("delete pipelines/p/artifacts/a/0000000001.json", "discard reuse/", "discard objects/")


def collected_while(kept: Kept, moment: str, act: Callable[[], object]) -> None:
    store = Meanwhile(kept.backend, moment, act)
    collect(store, Policy(keep=1, grace=3600, logs=0), deletes=True)
    assert store._act is None, "the moment came"


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_a_writer_stores_again_meanwhile_is_not_lost(kept: Kept, moment: str) -> None:
    collected_while(kept, moment, lambda: kept.version("a", b"a1", made_from=SOURCE))
    assert numbers(kept, "a")[-1] == 7
    assert kept.object(b"a1").read_bytes() == b"a1"
    insist_on_wholeness(kept)


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_a_writer_reuses_meanwhile_is_whole_or_made_again(kept: Kept, moment: str) -> None:
    first = versions.history(kept.backend, "p", "a", ())[0]

    def reuse_it() -> None:
        found = reuse.find(kept.backend, first.fingerprint)
        if found is None:
            kept.version("a", b"a1", made_from=SOURCE)
            return
        publish_again(kept, found.outputs[0][1])

    collected_while(kept, moment, reuse_it)
    assert numbers(kept, "a")[-1] == 7
    insist_on_wholeness(kept)


def publish_again(kept: Kept, content: Content) -> None:
    versions.publish(
        kept.backend,
        pipeline="p",
        artifact="a",
        point=(),
        content=content,
        run=RUN,
        task="a",
        fingerprint=samples.FINGERPRINT,
        reused_from=RUN,
        contract=None,
        created="2026-11-22T17:27:12.000Z",
        was_stored=True,
    )


def test_what_is_gone_is_not_named_anew(kept: Kept) -> None:
    first = versions.history(kept.backend, "p", "a", ())[0]
    kept.collect(keep=1)
    with pytest.raises(Missing):
        publish_again(kept, first.content)
    assert numbers(kept, "a") == [6]


def test_a_tag_that_is_set_meanwhile_brings_its_version_back(kept: Kept) -> None:
    first = versions.history(kept.backend, "p", "a", ())[0]
    collected_while(kept, MOMENTS[0], lambda: kept.tag(first, "best"))
    assert numbers(kept, "a") == [1, 6]
    assert kept.object(b"a1").exists()
    insist_on_wholeness(kept)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_collection_that_is_killed_is_finished_by_the_next(kept: Kept, moment: str) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        collected_while(kept, moment, die)
    assert check(kept.backend, deep=True).findings == ()
    kept.collect(keep=1)
    assert numbers(kept, "a") == numbers(kept, "b") == [6]
    insist_on_wholeness(kept)


def test_a_touch_between_the_look_and_the_removal_is_noticed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename

    def touched_first(old: str, new: str) -> None:
        os.utime(old)
        rename(old, new)

    (found,) = (one for one in kept.backend.list("") if one.key == "store.json")
    monkeypatch.setattr(os, "rename", touched_first)
    assert not kept.backend.discard(found)
    assert kept.backend.get("store.json")
    assert os.listdir(kept.root / "tmp") == []
