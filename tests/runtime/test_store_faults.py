"""What the local store does when the disk is full, read only, or the writer is killed."""

from __future__ import annotations

import os
import random
import resource
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reprocc.runtime.store import objects, versions
from reprocc.runtime.store.backend import StoreError
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples

TESTS = str(Path(__file__).parents[1])
UNSHARE = ("unshare", "--mount", "--map-root-user", "sh", "-ec")
PROLOGUE = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {TESTS!r})
from contracts import samples
from reprocc.runtime.store import objects, versions
from reprocc.runtime.store.backend import StoreError
from reprocc.runtime.store.local import LocalBackend
from reprocc.runtime.store.store import Store
here = Path(sys.argv[1])

def error_of(act):
    try:
        act()
    except StoreError as error:
        return error
    raise SystemExit(f"{{act}} did not fail")
"""


def run_mounted(mounts: str, program: str, here: Path) -> str:
    """Return what a program printed in a mount namespace of its own; skip where none may be had.

    `mounts` is shell with `$1` for `here`, a folder, which the program has as a Path.
    """
    arguments = ["sh", str(here), sys.executable, PROLOGUE + program]
    try:
        probe = subprocess.run([*UNSHARE, mounts, *arguments[:2]], capture_output=True)
    except FileNotFoundError:
        pytest.skip("this machine has no unshare")
    if probe.returncode:
        pytest.skip("this machine lets nobody mount: " + probe.stderr.decode().strip())
    script = f'{mounts}\nexec "$2" -c "$3" "$1"'
    done = subprocess.run([*UNSHARE, script, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


FULL = """
backend = LocalBackend(here / "store")
kept = objects.put_bytes(backend, b"k" * 300_000)

large = here.parent / "large"
large.write_bytes(b"x" * 5_000_000)
attempts = {
    "create": lambda: backend.create("a/b", b"x" * 2_000_000),
    "put": lambda: backend.put("a/b", b"x" * 2_000_000),
    "put_file": lambda: backend.put_file("a/b", large),
    "put_path": lambda: objects.put_path(backend, large),
}
for name, act in attempts.items():
    error = error_of(act)
    assert error.message == "no space is left on the disk", (name, error.message)
    assert error.remedy == "free some space there, or choose another store with `--store`"
    assert error.place.startswith(f"{here}/store"), error.place
    assert backend.stat("a/b") is None
    assert os.listdir(here / "store" / "tmp") == []
assert [stat.key[-64:] for stat in backend.list("")] == [kept]
assert objects.get_bytes(backend, kept) == b"k" * 300_000
backend.put("a/b", b"fits")
print("all as it should be")
"""


def test_a_full_disk_is_named_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    mounts = 'mount -t tmpfs -o size=1m none "$1"'
    assert run_mounted(mounts, FULL, tmp_path / "disk") == "all as it should be\n"


FULL_SCRATCH = """
backend = LocalBackend(here.parent / "store")
name = objects.put_bytes(backend, b"x" * 2_000_000)
error = error_of(lambda: objects.fetch(backend, name, here / "copy"))
assert error.message == "no space is left on the disk", error.message
assert error.remedy == "free some space there, or set `TMPDIR` to another disk"
assert error.place == str(here / "copy"), error.place
assert list(here.iterdir()) == []
print("all as it should be")
"""


def test_a_full_scratch_disk_is_not_taken_for_a_full_store(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    mounts = 'mount -t tmpfs -o size=1m none "$1"'
    assert run_mounted(mounts, FULL_SCRATCH, tmp_path / "scratch") == "all as it should be\n"


READ_ONLY = """
(here.parent / "file").write_bytes(b"x" * 5_000_000)
store = Store.find(str(here))
backend = store.backend
content = samples.content_of(b"1")
before = sorted(str(path) for path in here.rglob("*"))
attempts = {
    "open": lambda: Store.open(str(here / "another")),
    "put_bytes": lambda: objects.put_bytes(backend, b"new"),
    "put_path": lambda: objects.put_path(backend, here.parent / "file"),
    "delete": lambda: backend.delete("store.json"),
}
for name, act in attempts.items():
    error = error_of(act)
    assert error.message == "the disk is read only", (name, error.message)
    assert error.remedy == "make it writable, or choose another store with `--store`"
    assert error.place.startswith(str(here)), error.place
assert objects.get_bytes(backend, content.parts[0].sha256) == b"1"
assert objects.put_bytes(backend, b"1") == content.parts[0].sha256
assert versions.newest(backend, "p", "a", ()).content == content
assert Store.open(str(here)).url == store.url
assert sorted(str(path) for path in here.rglob("*")) == before
print("all as it should be")
"""


def test_a_read_only_store_is_read_and_named_when_written(tmp_path: Path) -> None:
    backend = Store.open(str(tmp_path / "store")).backend
    publish(backend, b"1")
    mounts = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
    assert run_mounted(mounts, READ_ONLY, tmp_path / "store") == "all as it should be\n"


OTHER_FILE_SYSTEM = """
(here / "file").write_bytes(os.urandom(5_000_000))
backend = LocalBackend(here.parent / "store")
name, size = objects.put_path(backend, here / "file")
objects.fetch(backend, name, here / "copy")
backend.put_file("a/b", here / "file")
assert (here / "copy").read_bytes() == (here / "file").read_bytes() == backend.get("a/b")
print("all as it should be")
"""


def test_a_store_may_lie_on_another_file_system_than_the_files(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    mounts = 'mount -t tmpfs none "$1"'
    assert run_mounted(mounts, OTHER_FILE_SYSTEM, tmp_path / "scratch") == "all as it should be\n"


def publish(backend: object, data: bytes) -> None:
    assert isinstance(backend, LocalBackend)
    versions.publish(
        backend,
        pipeline="p",
        artifact="a",
        point=(),
        content=samples.stored(backend, data),
        run="r",
        task="t",
        fingerprint=samples.FINGERPRINT,
        reused_from=None,
        contract=None,
        created="",
    )


@contextmanager
def nobody() -> Iterator[None]:
    """Act as a user without rights, where this process has any to give up."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_without_permission_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o555)
        with nobody(), pytest.raises(StoreError, match="no permission to write") as caught:
            LocalBackend(Path(name) / "store").put("a", b"")
        assert caught.value.remedy == "make it writable, or choose another store with `--store`"
        os.chmod(name, 0o700)
        LocalBackend(Path(name)).put("a", b"")
        (Path(name) / "a").chmod(0o000)
        os.chmod(name, 0o755)
        with nobody(), pytest.raises(StoreError, match="no permission to read") as caught:
            LocalBackend(Path(name)).get("a")
        assert caught.value.place == f"{name}/a"


def test_what_another_user_stored_is_touched_all_the_same() -> None:
    # Where anyone may enter: the folder of this session of tests is its user's own.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        backend = LocalBackend(Path(name))
        objects.put_bytes(backend, b"1")
        (found,) = backend.list("objects/")
        os.utime(f"{name}/{found.key}", (0, 0))
        os.chmod(f"{name}/{found.key}", 0o444)
        for folder in (name, *(str(path) for path in Path(name).rglob("*") if path.is_dir())):
            os.chmod(folder, 0o777)
        with nobody():
            touched = backend.touch(found.key)
        assert touched is not None
        assert touched.modified > found.modified - 60
        assert backend.get(found.key) == b"1"


def test_a_file_size_limit_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreError, match="larger than is allowed"):
            backend.put("a", b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(backend.list("")) == []
    assert list((tmp_path / "store" / "tmp").iterdir()) == []


WRITER = """
import random
backend = LocalBackend(here / "store")
print("ready", flush=True)
turn = 0
while True:
    turn += 1
    size = random.choice((10, 100_000, 3_000_000))
    objects.put_bytes(backend, os.urandom(size))
    content = samples.stored(backend, b"%d %d" % (os.getpid(), turn))
    versions.publish(
        backend, pipeline="p", artifact="a", point=(), content=content, run="r", task="t",
        fingerprint=samples.FINGERPRINT, reused_from=None, contract=None, created="",
    )
    path = here / f"file{random.choice((0, 1))}"
    path.write_bytes(os.urandom(5_000_000))
    objects.put_path(backend, path)
    backend.put_file("files/" + path.name, path)
"""


def kill_at_a_random_moment(here: Path, chance: random.Random) -> None:
    program = [sys.executable, "-c", PROLOGUE + WRITER, str(here)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        # Nothing is awaited here: the moment is to fall anywhere within the writer's work.
        assert select.select([process.stdout], [], [], chance.uniform(0, 0.08)) == ([], [], [])
        process.kill()
        assert process.wait() == -signal.SIGKILL


def test_a_killed_writer_leaves_nothing_half_under_a_final_name(tmp_path: Path) -> None:
    backend = LocalBackend(tmp_path / "store")
    chance = random.Random(20)
    for _ in range(20):
        kill_at_a_random_moment(tmp_path, chance)
    stored = [stat.key.rpartition("/")[2] for stat in backend.list("objects/")]
    assert len(stored) > 5
    for name in stored:
        objects.verify(backend, name)
    history = versions.history(backend, "p", "a", ())
    assert [version.number for version in history] == list(range(1, len(history) + 1))
    assert all(objects.is_content_whole(backend, version.content) for version in history)
    assert {stat.size for stat in backend.list("files/")} <= {5_000_000}
    publish(backend, b"the writer after the last")
    newest = versions.newest(backend, "p", "a", ())
    assert newest is not None
    assert newest.number == len(history) + 1
