"""Assignments made by hand, so that tests can run any code with any inputs in any process."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from reprocc.compiler.canonical import Digest, encode_text
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import (
    Artifact,
    ArtifactId,
    Code,
    Contract,
    Environment,
    FunctionCall,
    Resources,
    Retries,
    TableForm,
    TaskId,
    Transformation,
)
from reprocc.compiler.point import Point
from reprocc.compiler.spec import ArtifactKind
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.content import Content
from reprocc.runtime.executor import Assignment, BoundEnvironment, BoundInput, BoundOutput, Outcome
from reprocc.runtime.store.backend import Backend

Fit = Callable[..., Outcome]
FREE = Contract(columns=(), additional_columns="allow", rows=None, key=(), require=())


def artifact(
    name: str, kind: ArtifactKind, *, suffix: str = "", contract: Contract = FREE
) -> Artifact:
    """Return an artifact without axes of its own to speak of."""
    return Artifact(
        id=ArtifactId(name),
        kind=kind,
        format=None,
        suffix=suffix,
        axes=(),
        producer="fit",
        contract=contract,
        tolerance=None,
    )


def single(
    parameter: str, kind: ArtifactKind, content: Content, form: TableForm | None = None
) -> BoundInput:
    """Return a plain input."""
    return BoundInput(
        parameter=parameter,
        artifact=artifact(parameter, kind, suffix=content.suffix if kind != "metrics" else ""),
        contents=(((), content),),
        gathered=None,
        form=form,
    )


def gathered(
    parameter: str,
    kind: ArtifactKind,
    contents: tuple[tuple[Point, Content], ...],
    form: TableForm | None = None,
) -> BoundInput:
    """Return an input that gathers every axis of its points."""
    axes = tuple(axis for axis, _ in contents[0][0])
    return BoundInput(
        parameter=parameter,
        artifact=artifact(parameter, kind),
        contents=contents,
        gathered=axes,
        form=form,
    )


def assignment(
    backend: Backend,
    folder: Path,
    source: str,
    *,
    files: Mapping[str, str] = {},
    entry: str = "work:fit",
    outputs: Mapping[str, ArtifactKind | Artifact] = {"result": "metrics"},
    written: tuple[str, ...] = (),
    returns: Literal["nothing", "one", "tuple", "mapping"] = "one",
    inputs: tuple[BoundInput, ...] = (),
    arguments: Mapping[str, Any] = {},
    seed: int | None = None,
    rng: bool = False,
    timeout: float | None = 60,
    threads: int = 1,
    cpus: float = 1,
    preload: tuple[str, ...] = (),
    variables: tuple[tuple[str, str], ...] = (),
    passed: tuple[str, ...] = (),
) -> Assignment:
    """Return an attempt at `fit`, which is `source` as the module `work`, beside other `files`.

    The code is written to the new folder `folder` and snapshot from there.
    """
    artifacts = {k: artifact(k, v) if isinstance(v, str) else v for k, v in outputs.items()}
    call = FunctionCall(
        entry_point=entry,
        tables=(),
        written=written,
        returned=tuple(name for name in artifacts if name not in written),
        returns=returns,
        receives_seed=seed is not None,
        receives_rng=rng,
    )
    environment = Environment(name="default", variables=variables, passed=passed)
    return Assignment(
        run="r1",
        pipeline="demo",
        task=TaskId("fit"),
        attempt=1,
        fingerprint=Fingerprint("task1:" + "0" * 64),
        identity=encode_text({}),
        store=backend.url,
        definition=_definition(call, environment, preload),
        code=_snapshot(backend, folder, {"work.py": source, **files}),
        environment=BoundEnvironment(
            digest="", python=sys.executable, variables=variables, passed=passed
        ),
        point=(),
        seed=1 if seed is None else seed,
        entropy="0a",
        arguments=encode_text(dict(arguments)),
        inputs=inputs,
        outputs=tuple(BoundOutput(name=name, artifact=each) for name, each in artifacts.items()),
        resources=Resources(cpus=cpus, gpus=0, gpu_type=None, memory=None, labels=(), custom=()),
        threads=threads,
        timeout=timeout,
        repair=False,
    )


def _definition(
    call: FunctionCall, environment: Environment, preload: tuple[str, ...]
) -> Transformation:
    return Transformation(
        name="fit",
        kind="python",
        code=Code(digest=Digest("code:0"), files=(), imports=(), modules=(), required=()),
        call=call,
        axes=(),
        environment=environment,
        numerics="deterministic",
        isolation="process",
        preload=preload,
        retries=Retries(attempts=1, causes=(), backoff=0),
        on_out_of_memory=None,
        deterministic=True,
    )


def _snapshot(backend: Backend, folder: Path, files: Mapping[str, str]) -> Content:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return put_tree(backend, folder, kind="directory", suffix="")


def again(before: Assignment) -> Assignment:
    """Return the next attempt of the same task."""
    return replace(before, attempt=before.attempt + 1)


def failure(outcome: Outcome) -> tuple[str, str]:
    assert outcome.failure is not None
    return outcome.failure.reason, outcome.failure.message


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def await_end(*pids: int) -> list[int]:
    """Wait at most 10 s until processes have ended; return those that have not."""
    deadline = time.monotonic() + 10
    while (left := [pid for pid in pids if is_running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left
