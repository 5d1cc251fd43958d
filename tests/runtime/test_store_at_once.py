"""Many processes that publish at the same moment, on every kind of store that they can share."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from reprocc.runtime.store import versions
from reprocc.runtime.store.open import open_backend

TESTS = str(Path(__file__).parents[1])
PROCESSES, NAMES = 8, 8

# What all of them need is imported once; nothing is opened before they are apart.
PROGRAM = """
import json, os, sys
import gcsfs.core, s3fs
sys.path.insert(0, sys.argv[1])
from contracts import samples
from reprocc.runtime.store import versions
from reprocc.runtime.store.open import open_backend
address, count, processes, names = sys.argv[2], *map(int, sys.argv[3:])

def publish(backend, artifact, index, turn):
    version, is_new = versions.publish(
        backend, pipeline="p", artifact=artifact, point=(),
        content=samples.stored(backend, b"%d %d" % (index, turn)),
        run="r", task="t", fingerprint=samples.FINGERPRINT, reused_from=None, contract=None,
        created="",
    )
    assert is_new
    return [artifact, version.number, version.content.digest]

def work(index, answer):
    backend = open_backend(address)
    backend.stat("warm")
    os.write(ready[1], b"r")
    os.close(start[1])
    os.read(start[0], 1)
    said = []
    for turn in range(count):
        said.append(publish(backend, "one", index, turn))
        said.append(publish(backend, f"many{(index + turn) % names}", index, turn))
    with os.fdopen(answer, "w") as file:
        json.dump(said, file)

ready, start = os.pipe(), os.pipe()
answers = []
for index in range(processes):
    answer, theirs = os.pipe()
    if os.fork() == 0:
        try:
            work(index, theirs)
            os._exit(0)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
    os.close(theirs)
    answers.append(answer)
os.close(ready[1])
while processes and os.read(ready[0], 1):
    processes -= 1
os.close(start[1])
for answer in answers:
    with os.fdopen(answer) as file:
        print(file.read())
for answer in answers:
    assert os.wait()[1] == 0
"""


def counts(sample: int, soaked: int) -> list[object]:
    return [sample, pytest.param(soaked, marks=pytest.mark.soak)]


@pytest.mark.parametrize("count", counts(20, 200))
def test_on_disk_every_publication_is_there_once(count: int, store: str) -> None:
    publish_and_look(store, count)


@pytest.mark.parametrize("cloud", ["gs"], indirect=True)
@pytest.mark.parametrize("count", counts(20, 200))
def test_on_gcs_every_publication_is_there_once(count: int, cloud: str) -> None:
    publish_and_look(cloud, count)


@pytest.mark.parametrize("cloud", ["s3"], indirect=True)
@pytest.mark.parametrize("count", counts(2, 20))
def test_on_s3_every_publication_is_there_once(count: int, cloud: str) -> None:
    publish_and_look(cloud, count)


def publish_and_look(store: str, count: int) -> None:
    """Let processes publish `count` times to one name and to many; look at what there is then."""
    numbers = [str(number) for number in (count, PROCESSES, NAMES)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, TESTS, store, *numbers], stdout=subprocess.PIPE, text=True
    )
    assert done.returncode == 0
    said = [one for line in done.stdout.splitlines() for one in json.loads(line)]
    told = {(name, number): digest for name, number, digest in said}
    assert len(told) == len(said) == 2 * PROCESSES * count, "no two were told of one version"
    backend = open_backend(store)
    found = {
        (artifact, version.number): version.content.digest
        for _, artifact in versions.artifacts(backend, "p")
        for version in versions.history(backend, "p", artifact, ())
    }
    assert found == told
    most = Counter(artifact for artifact, _ in found)
    assert most["one"] == PROCESSES * count
    assert {(name, n) for name in most for n in range(1, most[name] + 1)} == set(found)
