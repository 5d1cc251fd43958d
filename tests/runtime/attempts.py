"""Assignments made by hand, so that tests can run any code with any inputs in any process."""

from __future__ import annotations

import re
import sys
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from reprocc.compiler.canonical import Digest, encode_text
from reprocc.compiler.fingerprint import Fingerprint
from reprocc.compiler.plan import (
    Artifact,
    ArtifactId,
    Call,
    Code,
    Command,
    CommandCall,
    Contract,
    Environment,
    FileForm,
    FunctionCall,
    PathReference,
    QueryCall,
    Resources,
    Retries,
    TableForm,
    TaskId,
    Transformation,
)
from reprocc.compiler.point import Point
from reprocc.compiler.spec import ArtifactKind
from reprocc.runtime.codecs.files import put_tree
from reprocc.runtime.codecs.tree import tree_digest
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
    form: TableForm | FileForm | None = None,
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
    return Assignment(
        run="r1",
        pipeline="demo",
        task=TaskId("fit"),
        attempt=1,
        fingerprint=Fingerprint("task1:" + "0" * 64),
        identity=encode_text({}),
        store=backend.url,
        definition=_definition(call, preload),
        code=_snapshot(backend, folder, {"work.py": source, **files}),
        environment=_environment(variables, passed),
        point=(),
        seed=1 if seed is None else seed,
        entropy="0a",
        arguments=encode_text(dict(arguments)),
        inputs=inputs,
        outputs=tuple(BoundOutput(name=name, artifact=each) for name, each in artifacts.items()),
        resources=Resources(cpus=cpus, gpus=0, gpu_type=None, memory=None, labels=(), custom=()),
        threads=threads,
        timeout=timeout,
        command=None,
        query=None,
        repair=False,
    )


def command_assignment(
    backend: Backend,
    folder: Path,
    command: str | Sequence[str],
    *,
    files: Mapping[str, str] = {},
    outputs: Mapping[str, ArtifactKind | Artifact] = {"result": "metrics"},
    forms: Mapping[str, FileForm] = {},
    **given: Any,
) -> Assignment:
    """Return an attempt at a command among `files`: a text for the shell, or a list of words.

    In it `{in.NAME}`, `{out.NAME}` and `{arguments}` stand for paths; `forms` are those of the
    outputs that are tables.
    """
    made = assignment(backend, folder, "", files=files, outputs=outputs, **given)
    words = (command,) if isinstance(command, str) else tuple(command)
    call = CommandCall(
        inputs=tuple((b.parameter, cast(FileForm, b.form)) for b in made.inputs if b.form),
        outputs=tuple(sorted(forms.items())),
        gathered_paths=(),
    )
    return replace(
        made,
        definition=replace(made.definition, kind="command", call=call),
        code=_without_work(made.code),
        command=Command(words=tuple(_word(w) for w in words), shell=isinstance(command, str)),
    )


def query_assignment(backend: Backend, folder: Path, query: str, **given: Any) -> Assignment:
    """Return an attempt at a query with the one output `rows`."""
    made = assignment(backend, folder, "", **{"outputs": {"rows": "table"}, **given})
    call = QueryCall(output="rows", file=None)
    return replace(made, definition=replace(made.definition, kind="sql", call=call), query=query)


def _word(text: str) -> tuple[str | PathReference, ...]:
    found: list[str | PathReference] = []
    for part in re.split(r"(\{(?:in\.\w+|out\.\w+|arguments)\})", text):
        match = re.fullmatch(r"\{(in|out|arguments)\.?(\w*)\}", part)
        if match is not None:
            kind = _REFERENCES[match[1]]
            found.append(PathReference(of=kind, name=match[2]))
        elif part:
            found.append(part)
    return tuple(found)


_REFERENCES: Mapping[str, Literal["input", "output", "arguments"]] = {
    "in": "input",
    "out": "output",
    "arguments": "arguments",
}


def _without_work(code: Content) -> Content:
    parts = tuple(part for part in code.parts if part.path != "work.py" or part.size)
    return replace(code, parts=parts, digest=tree_digest(parts))


def _environment(
    variables: tuple[tuple[str, str], ...], passed: tuple[str, ...]
) -> BoundEnvironment:
    return BoundEnvironment(digest="", python=sys.executable, variables=variables, passed=passed)


def _definition(call: Call, preload: tuple[str, ...]) -> Transformation:
    return Transformation(
        name="fit",
        kind="python",
        code=Code(digest=Digest("code:0"), files=(), imports=(), modules=(), required=()),
        call=call,
        axes=(),
        environment=Environment(name="default", variables=(), passed=()),
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
