"""A local store with versions, runs and objects of any age, to check and to clean."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from reprocc.compiler.canonical import Digest, sha256_hex
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.runtime.content import Content
from reprocc.runtime.keeping.check import check
from reprocc.runtime.keeping.collect import Collected, collect
from reprocc.runtime.keeping.retention import Policy
from reprocc.runtime.store import reuse, tags, versions
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import put_bytes
from reprocc.runtime.store.records import TagTarget, Version
from reprocc.runtime.store.runs import RunRecords
from reprocc.runtime.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts import samples

DAY = 86_400.0
RUN = "20261122-172712-3f9a1c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A store in a folder."""

    root: Path
    backend: Backend

    def version(
        self,
        artifact: str,
        data: bytes,
        *,
        made_from: tuple[tuple[str, bytes], ...] = (),
        run: str = RUN,
        stored: bool = True,
    ) -> Version:
        """Publish a version with a record of reuse, as a task of `run` named as it is would."""
        content = samples.stored(self.backend, data) if stored else samples.content_of(data)
        fingerprint = Fingerprint("task1:" + sha256_hex(artifact.encode() + data))
        found, _ = versions.publish(
            self.backend,
            pipeline="p",
            artifact=artifact,
            point=(),
            content=content,
            run=run,
            task=artifact if made_from else "",
            fingerprint=fingerprint,
            reused_from=None,
            contract=None,
            created="2026-11-22T17:27:12.000Z",
            inputs=tuple((name, name, digest_of(read)) for name, read in made_from),
        )
        record = samples.reuse_record(content, nonce=os.urandom(4).hex())
        reuse.add(
            self.backend,
            replace(record, fingerprint=fingerprint, log=None, run=run, task=artifact),
        )
        return found

    def run(self, *transformations: str, run: str = RUN, ends: bool = True) -> None:
        """Record a run, with the code of its transformations."""
        code: tuple[tuple[str, Content], ...] = tuple(
            (name, samples.stored(self.backend, name.encode())) for name in transformations
        )
        start = replace(
            samples.run_start(run),
            plan_object=put_bytes(self.backend, b"plan"),
            spec_object=put_bytes(self.backend, b"spec"),
            code=code,
        )
        records = RunRecords(self.backend, run)
        records.start(start)
        if ends:
            records.end(samples.run_end(run))

    def tag(self, version: Version, tag: str) -> None:
        """Let a tag name a version."""
        tags.move(
            self.backend,
            pipeline=version.pipeline,
            artifact=version.artifact,
            tag=tag,
            targets=[TagTarget(point=(), number=version.number, digest=version.content.digest)],
            created="2026-11-22T17:27:12.000Z",
            host="here",
            note=None,
        )

    def age(self, seconds: float = DAY) -> None:
        """Make everything older."""
        for path in self.root.rglob("*"):
            if path.is_file():
                found = path.stat()
                os.utime(path, (found.st_atime - seconds, found.st_mtime - seconds))

    def object(self, data: bytes) -> Path:
        """Return where the object with these bytes lies, or would."""
        name = sha256_hex(data)
        return self.root / "objects/sha256" / name[:2] / name

    def manifest(self, version: Version, suffix: str = ".json") -> Path:
        """Return where the manifest of a version lies."""
        name = f"{version.number:010d}{suffix}"
        return self.root / "pipelines/p/artifacts" / version.artifact / name

    def collect(
        self, *, keep: int = 1, grace: float = 3600, logs: float = 0, deletes: bool = True
    ) -> Collected:
        """Remove what nobody needs."""
        policy = Policy(keep=keep, grace=grace, logs=logs)
        return collect(self.backend, policy, deletes=deletes)

    def files(self) -> dict[str, bytes]:
        """Return every file of the store."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


def open_kept(root: Path) -> Kept:
    """Open a new store in a folder."""
    return Kept(root=root, backend=Store.open(str(root)).backend)


def digest_of(data: bytes) -> Digest:
    """Return the digest of the content that `Kept.version` makes of these bytes."""
    return samples.content_of(data).digest


def damage(path: Path, data: bytes) -> None:
    """Write other bytes into a file that is read-only."""
    path.chmod(0o644)
    path.write_bytes(data)


def a_day_old(root: Path) -> Kept:
    """Make a store a day old: a source, six versions of `a` made from it, and of `b` from `a`."""
    made = open_kept(root)
    made.run("a", "b")
    made.version("raw", b"0")
    for number in range(1, 7):
        made.version("a", b"a%d" % number, made_from=(("raw", b"0"),))
        made.version("b", b"b%d" % number, made_from=(("a", b"a%d" % number),))
    made.age()
    return made


def numbers(kept: Kept, artifact: str) -> list[int]:
    return [one.number for one in versions.history(kept.backend, "p", artifact, ())]


def insist_on_wholeness(kept: Kept) -> None:
    checked = check(kept.backend, deep=True)
    assert (checked.findings, checked.orphans) == ((), 0)
