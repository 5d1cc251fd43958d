"""Versions: gapless numbers, one for each change of content."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reprocc.compiler.point import Point
from reprocc.runtime.content import Content
from reprocc.runtime.store import layout, versions
from reprocc.runtime.store.backend import Backend, Damaged
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.memory import MemoryBackend
from reprocc.runtime.store.records import Version

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples
from contracts.races import race, race_processes

RUN = "20261122-172712-3f9a1c"


@pytest.fixture(params=["local", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "local":
        return LocalBackend(tmp_path / "store")
    return MemoryBackend(str(tmp_path))


def publish(
    backend: Backend,
    content: Content,
    *,
    artifact: str = "clean",
    point: Point = (),
    reused_from: str | None = None,
) -> tuple[Version, bool]:
    return versions.publish(
        backend,
        pipeline="penguins",
        artifact=artifact,
        point=point,
        content=content,
        run=RUN,
        task="clean",
        fingerprint=samples.FINGERPRINT,
        reused_from=reused_from,
        contract=samples.REPORT,
        created="2026-11-22T17:27:12.000Z",
    )


def test_nothing_is_the_newest_where_nothing_was_published(backend: Backend) -> None:
    assert versions.newest(backend, "penguins", "clean", ()) is None
    assert versions.find(backend, "penguins", "clean", (), 1) is None
    assert versions.history(backend, "penguins", "clean", ()) == ()
    assert versions.artifacts(backend) == ()
    assert versions.artifacts(backend, "penguins") == ()
    assert versions.points(backend, "penguins", "clean") == ()


def test_a_changed_content_is_a_new_version(backend: Backend) -> None:
    first, is_new = publish(backend, samples.stored(backend, b"1"))
    assert (first.number, is_new) == (1, True)
    second, is_new = publish(backend, samples.stored(backend, b"2"), reused_from="earlier")
    assert (second.number, second.reused_from, is_new) == (2, "earlier", True)
    assert versions.newest(backend, "penguins", "clean", ()) == second
    assert versions.find(backend, "penguins", "clean", (), 1) == first
    assert versions.history(backend, "penguins", "clean", ()) == (first, second)


def test_the_same_content_is_no_new_version(backend: Backend) -> None:
    content = samples.stored(backend, b"1")
    first, _ = publish(backend, content)
    again, is_new = publish(backend, content)
    assert (again, is_new) == (first, False)
    assert versions.history(backend, "penguins", "clean", ()) == (first,)


def test_an_earlier_content_that_returns_is_a_new_version(backend: Backend) -> None:
    for data in (b"1", b"2", b"1"):
        publish(backend, samples.stored(backend, data))
    history = versions.history(backend, "penguins", "clean", ())
    assert [version.number for version in history] == [1, 2, 3]
    assert history[0].content == history[2].content


def test_other_bytes_of_the_same_digest_are_no_new_version_while_the_old_are_there(
    backend: Backend,
) -> None:
    old = samples.stored(backend, b"encoded one way")
    new = replace(samples.stored(backend, b"encoded another way"), digest=old.digest)
    first, _ = publish(backend, old)
    assert publish(backend, new) == (first, False)
    backend.delete(layout.object_key(old.parts[0].sha256))
    second, is_new = publish(backend, new)
    assert (second.number, is_new) == (2, True)


def test_a_damaged_manifest_is_an_error_to_readers_and_none_to_publishers(
    backend: Backend,
) -> None:
    content = samples.stored(backend, b"1")
    publish(backend, content)
    key = layout.version_key("penguins", "clean", (), 1)
    backend.put(key, b"{}")
    with pytest.raises(Damaged) as caught:
        versions.newest(backend, "penguins", "clean", ())
    assert caught.value.place == f"{backend.url}/{key}"
    second, is_new = publish(backend, content)
    assert (second.number, is_new) == (2, True)
    assert versions.newest(backend, "penguins", "clean", ()) == second


def test_a_manifest_in_anothers_place_is_damaged(backend: Backend) -> None:
    publish(backend, samples.stored(backend, b"1"))
    data = backend.get(layout.version_key("penguins", "clean", (), 1))
    backend.put(layout.version_key("penguins", "other", (), 1), data)
    backend.put(layout.version_key("penguins", "clean", (), 2), data)
    for artifact in ("other", "clean"):
        with pytest.raises(Damaged):
            versions.newest(backend, "penguins", artifact, ())


def test_files_that_are_no_manifests_are_passed_over(backend: Backend) -> None:
    first, _ = publish(backend, samples.stored(backend, b"1"))
    folder = layout.versions_of("penguins", "clean", ())
    for name in (".DS_Store", "0000000002.json~", "2.json", "٠٠٠٠٠٠٠٠٠٢.json", "zz"):
        backend.put(folder + name, b"")
    assert versions.newest(backend, "penguins", "clean", ()) == first


POINTS: tuple[Point, ...] = (
    (),
    (("depth", 2),),
    (("depth", 10),),
    (("kind", "Ridge"),),
    (("kind", "ridge"),),
    (("kind", "x" * 400),),
    (("kind", 'größe "a,b=c/d"'),),
    (("depth", 2), ("kind", "ridge")),
)


def test_every_point_has_numbers_of_its_own(backend: Backend) -> None:
    for point in POINTS:
        assert publish(backend, samples.stored(backend, b"1"), point=point)[0].number == 1
        assert publish(backend, samples.stored(backend, b"2"), point=point)[0].number == 2
    for point in POINTS:
        newest = versions.newest(backend, "penguins", "clean", point)
        assert newest is not None
        assert (newest.point, newest.number) == (point, 2)
    found = versions.points(backend, "penguins", "clean")
    assert set(found) == set(POINTS)
    assert found[:4] == ((), (("depth", 2),), (("depth", 2), ("kind", "ridge")), (("depth", 10),))


def test_artifacts_are_listed_by_pipeline(backend: Backend) -> None:
    content = samples.stored(backend, b"1")
    for artifact in ("raw", "fit"):
        publish(backend, content, artifact=artifact, point=(("depth", 1),))
    expected = (("penguins", "fit"), ("penguins", "raw"))
    assert versions.artifacts(backend) == expected
    assert versions.artifacts(backend, "penguins") == expected
    assert versions.artifacts(backend, "other") == ()


def test_racing_threads_number_without_gaps(backend: Backend) -> None:
    contents = [samples.stored(backend, b"%d" % index) for index in range(8)]
    told = race(8, lambda index: publish(backend, contents[index]))
    assert sorted(version.number for version, _ in told) == list(range(1, 9))
    assert all(is_new for _, is_new in told)
    assert len(versions.history(backend, "penguins", "clean", ())) == 8


def test_racing_writers_of_one_content_make_one_version(backend: Backend) -> None:
    content = samples.stored(backend, b"1")
    told = race(8, lambda _index: publish(backend, content))
    assert [is_new for _, is_new in told].count(True) == 1
    assert {version.number for version, _ in told} == {1}
    assert len({version.nonce for version, _ in told}) == 1


PROGRAM = """
sys.path.insert(0, arguments[1])
from contracts import samples
from reprocc.runtime.store import versions
from reprocc.runtime.store.open import open_backend
backend = open_backend(arguments[0]); begin()
for turn in range(25):
    version, is_new = versions.publish(
        backend, pipeline="penguins", artifact="clean", point=(), run="r", task="t",
        fingerprint=samples.FINGERPRINT,
        content=samples.stored(backend, b"%d %d" % (index, turn)), reused_from=None,
        contract=None, created="",
    )
    print(version.number, version.content.digest, is_new)
"""


def test_racing_processes_number_without_gaps(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")
    tests = str(Path(__file__).parents[1])
    outputs = race_processes(4, PROGRAM, [backend.url, tests])
    told = [line.split() for text in outputs for line in text.splitlines()]
    assert sorted(int(number) for number, _, _ in told) == list(range(1, 101))
    assert {is_new for _, _, is_new in told} == {"True"}
    history = versions.history(backend, "penguins", "clean", ())
    assert {(str(v.number), v.content.digest) for v in history} == {(n, d) for n, d, _ in told}
