"""Stores with a long history, made by the store's own functions, to ask the verbs about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reprocc.compiler.canonical import Digest, digest_of, encode_text, sha256_hex
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.point import Point, point_text, with_point
from reprocc.runtime.codecs.metrics import metrics_bytes, metrics_content
from reprocc.runtime.content import Content
from reprocc.runtime.store import layout
from reprocc.runtime.store.append import new_nonce
from reprocc.runtime.store.records import (
    ReuseRecord,
    RunEnd,
    RunStart,
    TagMove,
    TagTarget,
    TaskRecord,
    Version,
)
from reprocc.runtime.store.records_json import (
    encode_end,
    encode_reuse,
    encode_start,
    encode_store,
    encode_tasks,
    encode_version,
)
from reprocc.runtime.store.runs import new_run_id
from reprocc.runtime.store.tags_json import encode_move

PIPELINE = "history"
DEPTHS = (2, 4, 8)
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

_Inputs = tuple[tuple[str, str, str], ...]


def make_store(path: Path, *, runs: int = 1000) -> None:
    """Write a store into a new folder, as `runs` runs of one pipeline would leave it.

    `raw` is a source that changes every hundredth run; `clean` follows it; `model` and `scores`
    have three points and change in every run, as `report` does, which gathers them. Runs are an
    hour apart. The newest `report` is tagged. Nothing is flushed to the disk, so it takes seconds.
    """
    folder = _Folder(path)
    folder.write(layout.STORE, encode_store())
    for number in range(runs):
        _Run(folder, number).write()
    newest = folder.newest["report", ""]
    move = TagMove(
        pipeline=PIPELINE,
        artifact="report",
        tag="best",
        number=1,
        targets=(TagTarget(point=(), number=newest.number, digest=newest.content.digest),),
        created="2026-12-01T00:00:00.000Z",
        host="bench",
        note=None,
        nonce=new_nonce(),
    )
    tags = layout.tags_of(PIPELINE, "report")
    folder.write(f"{tags}best/{layout.numbered(1)}", encode_move(move))


class _Folder:
    """The store's folder, and the newest versions in it by artifact and point."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.newest: dict[tuple[str, str], Version] = {}

    def write(self, key: str, data: bytes) -> None:
        """Write bytes under a key of the store."""
        file = self._path / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def put(self, data: bytes) -> str:
        """Write an object and return its name."""
        sha256 = sha256_hex(data)
        self.write(layout.object_key(sha256), data)
        return sha256


class _Run:
    """One run, written as the runtime would."""

    def __init__(self, folder: _Folder, number: int) -> None:
        when = _BEGAN + timedelta(hours=number)
        self._folder = folder
        self._number = number
        self._run = new_run_id(when, number.to_bytes(3)[1:])
        self._time = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._tasks: list[TaskRecord] = []

    def write(self) -> None:
        """Write everything that the run leaves."""
        records = layout.run_of(self._run)
        self._folder.write(f"{records}start.json", encode_start(self._start()))
        part = self._number // 100
        raw = self._publish("raw", (), {"rows": 1000 + part}, task="", inputs=())
        clean = self._make("clean", "clean", (), {"rows": 900 + part}, (("raw", "raw", raw),))
        scores: list[tuple[str, str, str]] = []
        for depth in DEPTHS:
            point: Point = (("depth", depth),)
            value = {"weights": [self._number, depth]}
            model = self._make("fit", "model", point, value, (("table", "clean", clean),))
            inputs = (("model", with_point("model", point), model), ("table", "clean", clean))
            accuracy = 1 - 1 / (2 + self._number + depth)
            metrics = {"accuracy": accuracy, "loss": {"train": 0.1 * depth, "test": 1 - accuracy}}
            found = self._make("evaluate", "scores", point, metrics, inputs)
            scores.append(("scores", with_point("scores", point), found))
        self._make("write", "report", (), {"run": self._number}, tuple(scores))
        batch = f"{records}tasks/{layout.numbered(1)}"
        self._folder.write(batch, encode_tasks(self._tasks))
        states = [task.state for task in self._tasks]
        counts = {state: states.count(state) for state in sorted(set(states))}
        end = RunEnd(run=self._run, state="succeeded", seconds=12.5, counts=encode_text(counts))
        self._folder.write(f"{records}end.json", encode_end(end))

    def _start(self) -> RunStart:
        text = self._folder.put(b"# a spec\n")
        return RunStart(
            run=self._run,
            pipeline=PIPELINE,
            plan=Digest(f"sha256:{text}"),
            plan_object=text,
            spec_object=text,
            parameters=encode_text({"rate": self._number}),
            code=(),
            environments=encode_text({}),
            command=("reprocc", "submit", "pipeline.yaml"),
            started=self._time,
            host="bench",
        )

    def _make(
        self, name: str, artifact: str, point: Point, value: Mapping[str, object], inputs: _Inputs
    ) -> str:
        """Publish what a task gave, with its records; return the digest."""
        task = with_point(name, point)
        identity = {
            "kind": "python",
            "entry_point": f"stages:{name}",
            "arguments": json.dumps({"rate": self._number, **dict(point)}),
            "code": "code1:" + "c" * 64,
            "environment": "environment1:" + "e" * 64,
            "seed": [7, "7"],
            "point": point_text(point),
            "outputs": [{"name": artifact, "kind": "metrics", "key": []}],
            **{f"input.{parameter}": digest for parameter, _, digest in inputs},
        }
        digest = self._publish(artifact, point, value, task=task, inputs=inputs, identity=identity)
        version = self._folder.newest[artifact, point_text(point)]
        is_new = version.run == self._run
        self._tasks.append(
            TaskRecord(
                task=task,
                state="succeeded" if is_new else "reused",
                fingerprint=version.fingerprint,
                attempts=1 if is_new else 0,
                seconds=0.5,
                cpu_seconds=0.5,
                peak_memory=1 << 27,
                started=self._time,
                host="bench",
                inputs=inputs,
                outputs=((artifact, artifact, version.number, digest),),
                failure=None,
                log=self._folder.put(f"{task}\n".encode()),
                warnings=(),
                reused_from=None if is_new else version.run,
            )
        )
        return digest

    def _publish(
        self,
        artifact: str,
        point: Point,
        value: Mapping[str, object],
        *,
        task: str,
        inputs: _Inputs,
        identity: Mapping[str, object] | None = None,
    ) -> str:
        content = metrics_content(value)
        self._folder.put(metrics_bytes(value))
        parts = {"source": content.digest} if identity is None else identity
        scheme = "task1" if task else "ingest1"
        fingerprint = Fingerprint(digest_of(scheme, parts))  # type: ignore[arg-type]
        place = (artifact, point_text(point))
        newest = self._folder.newest.get(place)
        if newest is not None and newest.content.digest == content.digest:
            return content.digest
        version = Version(
            pipeline=PIPELINE,
            artifact=artifact,
            point=point,
            number=1 if newest is None else newest.number + 1,
            content=content,
            run=self._run,
            task=task,
            fingerprint=fingerprint,
            reused_from=None,
            contract=None,
            created=self._time,
            nonce=new_nonce(),
            inputs=inputs if task else None,
            location=None if task else "data/raw.json",
        )
        self._folder.newest[place] = version
        key = layout.version_key(PIPELINE, artifact, point, version.number)
        self._folder.write(key, encode_version(version))
        if task:
            record = self._record(fingerprint, parts, artifact, content, task)
            first = layout.reuse_of(fingerprint) + layout.numbered(1)
            self._folder.write(first, encode_reuse(record))
        return content.digest

    def _record(
        self,
        fingerprint: Fingerprint,
        identity: Mapping[str, object],
        output: str,
        content: Content,
        task: str,
    ) -> ReuseRecord:
        return ReuseRecord(
            fingerprint=fingerprint,
            identity=encode_text(identity),  # type: ignore[arg-type]
            outputs=((output, content),),
            log=None,
            run=self._run,
            task=task,
            seconds=0.5,
            created=self._time,
            nonce=new_nonce(),
        )
