"""Records and contents to test the store with."""

from __future__ import annotations

from reprocc.compiler.canonical import Digest, Json, sha256_hex
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.runtime.content import Content, Part
from reprocc.runtime.contracts.report import ContractReport, Violation
from reprocc.runtime.store.backend import Backend
from reprocc.runtime.store.objects import put_bytes
from reprocc.runtime.store.records import ReuseRecord, RunEnd, RunStart, TaskRecord, Version

FINGERPRINT = Fingerprint("task1:" + sha256_hex(b"a task"))
REPORT = ContractReport(
    contract=Digest("contract1:" + "c" * 64),
    content=Digest("table1:" + "d" * 64),
    violations=(
        Violation(
            subject="mass", message="`mass` is low", severity="error", count=2, rows=('{"row":7}',)
        ),
        Violation(subject="rows", message="few rows", severity="warning", count=1, rows=()),
    ),
)


def content_of(*datas: bytes) -> Content:
    """Return a content of these parts; nothing is stored."""
    return Content(
        kind="directory",
        layout="folder",
        digest=Digest("tree1:" + sha256_hex(b"\0".join(datas))),
        parts=tuple(
            Part(sha256=sha256_hex(data), size=len(data), rows=None, path=f"p{n}", executable=n > 0)
            for n, data in enumerate(datas)
        ),
        rows=None,
        schema=None,
        suffix="",
    )


def stored(backend: Backend, *datas: bytes) -> Content:
    """Return a content of these parts, stored."""
    for data in datas:
        put_bytes(backend, data)
    return content_of(*datas)


def table_content() -> Content:
    """Return the content of a table; nothing is stored."""
    return Content(
        kind="table",
        layout="table",
        digest=Digest("table1:" + "d" * 64),
        parts=(Part(sha256="e" * 64, size=10, rows=3, path="", executable=False),),
        rows=3,
        schema=(("größe", "float64"), ("n", "int64")),
        suffix="",
    )


def version() -> Version:
    """Return a version with every field set."""
    return Version(
        pipeline="penguins",
        artifact="clean",
        point=(("depth", 4), ("kind", "a b"), ("rate", 1.0), ("wide", True)),
        number=12,
        content=table_content(),
        run="20261122-172712-3f9a1c",
        task="clean[depth=4]",
        fingerprint=FINGERPRINT,
        reused_from="20261121-000000-aaaaaa",
        contract=REPORT,
        created="2026-11-22T17:27:12.000Z",
        nonce="ab" * 16,
    )


def reuse_record(content: Content, *, nonce: str = "00") -> ReuseRecord:
    """Return a reuse record of one content under FINGERPRINT."""
    return ReuseRecord(
        fingerprint=FINGERPRINT,
        identity=Json('{"kind":"python","seed":[1,2.5,null]}'),
        outputs=(("clean", content),),
        log=sha256_hex(b"log"),
        run="20261122-172712-3f9a1c",
        task="clean",
        seconds=1.5,
        created="2026-11-22T17:27:12.000Z",
        nonce=nonce,
    )


def run_start(run: str) -> RunStart:
    """Return the first record of a run."""
    return RunStart(
        run=run,
        pipeline="penguins",
        plan=Digest("plan1:" + "a" * 64),
        plan_object="a" * 64,
        spec_object="b" * 64,
        parameters=Json('{"rate":0.1}'),
        code=(("clean", content_of(b"def clean(): ...")),),
        environments=Json('{"default":{"python":"3.11"}}'),
        command=("reprocc", "submit", "größe.yaml"),
        started="2026-11-22T17:27:12.000Z",
        host="here",
    )


def task_record(task: str, *, failure: Json | None = None) -> TaskRecord:
    """Return the record of a task."""
    return TaskRecord(
        task=task,
        state="succeeded" if failure is None else "failed",
        fingerprint=FINGERPRINT,
        attempts=1,
        seconds=0.25,
        cpu_seconds=0.125,
        peak_memory=1 << 30,
        started="2026-11-22T17:27:12.000Z",
        host="here",
        inputs=(("raw", "raw", "table1:" + "d" * 64),),
        outputs=(("clean", "clean", 12, "table1:" + "d" * 64),),
        failure=failure,
        log=None,
        warnings=("few rows",),
        reused_from=None,
    )


def run_end(run: str, state: str = "succeeded") -> RunEnd:
    """Return the last record of a run."""
    return RunEnd(run=run, state=state, seconds=3.0, counts=Json('{"succeeded":3}'))
