"""Checking and cleaning a store in a bucket, on real servers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reprocc.runtime.keeping.check import check
from reprocc.runtime.keeping.collect import collect
from reprocc.runtime.keeping.repair import repair
from reprocc.runtime.keeping.retention import Policy
from reprocc.runtime.store import versions
from reprocc.runtime.store.layout import object_key
from reprocc.runtime.store.open import open_backend
from reprocc.runtime.store.store import Store

sys.path.insert(0, str(Path(__file__).parent))

from kept import Kept

CLOUDS = pytest.mark.parametrize("cloud", ["gs", "s3"], indirect=True)


@CLOUDS
def test_a_store_in_a_bucket_is_checked_mended_and_cleaned(cloud: str, tmp_path: Path) -> None:
    kept = Kept(root=tmp_path, backend=Store.open(cloud).backend)
    kept.run("a")
    for data in (b"1", b"2", b"3"):
        kept.version("a", data, made_from=(("raw", b"0"),))
    assert check(kept.backend, deep=True).findings == ()
    part = versions.history(kept.backend, "p", "a", ())[2].content.parts[0]
    kept.backend.put(object_key(part.sha256), b"4")
    mended = repair(kept.backend, check(kept.backend, deep=True))
    assert [(one.kind, one.act) for one in mended.findings] == [("damaged-object", "removed")]
    kept.version("a", b"3", made_from=(("raw", b"0"),))
    everything_is_old = Policy(keep=1, grace=-3600, logs=0)
    said = collect(kept.backend, everything_is_old, deletes=False)
    done = collect(kept.backend, everything_is_old, deletes=True)
    assert done == said
    assert [one.version.number for one in done.versions] == [1, 2]
    assert done.freed["objects"].count == 2
    assert [one.number for one in versions.history(kept.backend, "p", "a", ())] == [3]
    checked = check(kept.backend, deep=True)
    assert (checked.findings, checked.orphans) == ((), 0)


@CLOUDS
def test_a_large_object_is_touched_in_pieces(cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprocc.runtime.store.remote.TOUCHED_WITHIN", 0)
    monkeypatch.setattr("reprocc.runtime.store.s3._LARGEST_COPY", 1 << 20)
    monkeypatch.setattr("reprocc.runtime.store.s3._COPIED_PIECE", 5 << 20)
    backend = open_backend(cloud)
    data = bytes(range(256)) * (11 << 12)
    backend.put("some/key", data)
    touched = backend.touch("some/key")
    assert touched is not None
    assert touched == backend.stat("some/key")
    assert touched.size == len(data)
    assert backend.get("some/key") == data
