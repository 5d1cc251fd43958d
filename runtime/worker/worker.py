"""What one task does where it lands: fetch, run the user's code in a child, check, publish."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ...compiler.plan import ArtifactId
from ...compiler.point import Point
from ..child.request import Ending, Produced
from ..events import Failure, PublishedOutput
from ..executor import Assignment, BoundInput, Outcome
from ..store.backend import Backend, Damaged, Missing
from ..store.objects import put_path
from ..store.open import open_backend
from ..store.rewriting import Rewriting
from .call import attempt_call, preloaded_modules
from .collected import collect
from .command_ending import Run, command_failure
from .command_inputs import lay_command_input
from .ending import LONGEST_DETAIL, failure_around, failure_of
from .inputs import LaidInput, lay_input, lost_points
from .laid_code import LaidCode
from .laid_tables import LaidTables
from .outputs import Contents, publish_outputs, store_outputs
from .scratch import Scratch, Scratches
from .server_key import ServerKey
from .servers import ForkServers
from .variables import child_variables
from .workplace import Workplace


class Worker:
    """What a process keeps between attempts: stores, children, code and tables; for one thread.

    It works below `folder`, by default the temporary one, with servers out of the `nursery` in
    that folder where there is one. Without `forks`, each attempt starts a process of its own, as
    is safe on macOS. Raises OSError where it cannot make its own folder.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        nursery: Path | None = None,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self._place = Workplace(folder)
        self.scratch_folder = self._place.path
        self.scratches = Scratches(self._place.path)
        self.servers = ForkServers(self._place.path, nursery=nursery, forks=forks)
        self.code = LaidCode(self._place.folder("code"))
        self.tables = LaidTables(self._place.folder("tables"))
        self._backends: dict[str, Backend] = {}

    def backend(self, url: str) -> Backend:
        """Return the store at a URL, opened once. Raises StoreError."""
        if url not in self._backends:
            self._backends[url] = open_backend(url)
        return self._backends[url]

    def close(self) -> None:
        """End every process and remove every file; safe to call twice."""
        self.servers.close()
        self._place.close()


def execute(assignment: Assignment, *, worker: Worker) -> Outcome:
    """Make one attempt and return what became of it, whatever that is.

    Only what is no Exception (KeyboardInterrupt) escapes, and leaves no process and no file behind.
    """
    started = time.monotonic()
    told = _Told()
    try:
        worker.tables.trim()
        with worker.scratches.one() as scratch:
            told.failure = _attempt(assignment, worker, scratch, told, started)
    except Exception as error:
        told.failure = failure_around(
            error, transformation=assignment.definition.name, folder=worker.scratch_folder
        )
    return _outcome(assignment, told, time.monotonic() - started)


_Lay = Callable[[Backend, BoundInput, Path], LaidInput]
"""Lays an input below a folder."""


@dataclass(slots=True)
class _Told:
    """What is known of an attempt so far."""

    contents: Contents = ()
    outputs: tuple[PublishedOutput, ...] = ()
    failure: Failure | None = None
    warnings: list[str] = field(default_factory=list)
    log: str | None = None
    cpu: float = 0.0
    peak: int = 0
    unreadable: tuple[tuple[ArtifactId, Point], ...] = ()


def _attempt(
    assignment: Assignment, worker: Worker, scratch: Scratch, told: _Told, started: float
) -> Failure | None:
    backend = worker.backend(assignment.store)
    lay = _layer(assignment, worker)
    laid = [_lay(backend, bound, lay, scratch, told) for bound in assignment.inputs]
    ending = _call(assignment, worker, backend, scratch, laid)
    told.cpu, told.peak = ending["cpu"], ending["peak"]
    told.log = _keep_log(backend, scratch.log)
    failure = _judge(assignment, worker, scratch, laid, ending)
    if failure is not None or ending["report"] is None:
        return failure
    if ending["left"]:
        count = ending["left"]
        said = "1 process was" if count == 1 else f"{count} processes were"
        told.warnings.append(f"{said} left running and had to be ended")
    produced = ending["report"].get("outputs")
    if produced is None:
        collected = collect(assignment, scratch)
        if isinstance(collected, Failure):
            return collected
        produced = collected
    try:
        return _publish(assignment, backend, produced, told, started, rewrites=assignment.repair)
    except (Missing, Damaged):
        # A contract had to be checked, and what lay under an output's name was no longer whole.
        return _publish(assignment, backend, produced, told, started, rewrites=True)


def _publish(
    assignment: Assignment,
    backend: Backend,
    produced: list[Produced],
    told: _Told,
    started: float,
    *,
    rewrites: bool,
) -> Failure | None:
    """Store and publish the outputs; `rewrites` says to write also what is there by its name."""
    contents = store_outputs(Rewriting(backend) if rewrites else backend, assignment, produced)
    if isinstance(contents, Failure):
        return contents
    published = publish_outputs(
        backend, assignment, contents, log=told.log, seconds=time.monotonic() - started
    )
    told.contents, told.outputs = contents, published.outputs
    told.warnings.extend(published.warnings)
    return published.failure


def _lay(
    backend: Backend, bound: BoundInput, lay: _Lay, scratch: Scratch, told: _Told
) -> LaidInput:
    try:
        return lay(backend, bound, scratch.inputs)
    except (Missing, Damaged):
        told.unreadable = lost_points(backend, bound)
        if told.unreadable:
            raise
    # Another attempt that wanted it has had it mended meanwhile.
    folder = scratch.inputs / f"{bound.parameter}.again"
    folder.mkdir()
    return lay(backend, bound, folder)


def _layer(assignment: Assignment, worker: Worker) -> _Lay:
    """Return how the inputs of an assignment are laid below a folder."""
    kind = assignment.definition.kind
    if kind == "command":
        return lambda backend, bound, folder: lay_command_input(backend, bound, folder=folder)
    return lambda backend, bound, folder: lay_input(
        backend, bound, kind=kind, folder=folder, tables=worker.tables
    )


def _call(
    assignment: Assignment,
    worker: Worker,
    backend: Backend,
    scratch: Scratch,
    laid: list[LaidInput],
) -> Ending:
    variables = child_variables(
        os.environ,
        assignment.environment,
        threads=assignment.threads,
        numerics=assignment.definition.numerics,
        gpus=assignment.resources.gpus,
    )
    key = ServerKey(
        python=assignment.environment.python,
        variables=tuple(sorted(variables.items())),
        preload=preloaded_modules(assignment),
    )
    code = worker.code.lay(backend, assignment.code)
    call = attempt_call(
        assignment, code=code, scratch=scratch, inputs=[each.request for each in laid]
    )
    return worker.servers.call(key, call, assignment.timeout)


def _judge(
    assignment: Assignment,
    worker: Worker,
    scratch: Scratch,
    laid: list[LaidInput],
    ending: Ending,
) -> Failure | None:
    """Say why the attempt failed; a failure of its own counts before a changed input."""
    name = assignment.definition.name
    changed = [each for one in laid for each in one.watched if each.is_changed()]
    for each in changed:
        worker.tables.forget(each.path)
    printed = _end_of(scratch.log)
    failure = failure_of(
        ending, transformation=name, timeout=assignment.timeout, printed=printed
    ) or _command_failure(assignment, scratch, ending, printed)
    if failure is None and changed:
        parameters = ", ".join(sorted({f"`{each.parameter}`" for each in changed}))
        return Failure(
            reason="input-changed",
            message=f"`{name}` changed the files of its input {parameters}",
            detail="Inputs are immutable; what is read from them must be what was recorded.",
            help="copy the files first and change the copy",
        )
    return failure


def _command_failure(
    assignment: Assignment, scratch: Scratch, ending: Ending, printed: str
) -> Failure | None:
    """Say why a command failed, or None where it did not or the attempt was none."""
    report = ending["report"]
    if assignment.command is None or report is None or "exit" not in report:
        return None
    first = assignment.command.words[0]
    run = Run(
        transformation=assignment.definition.name,
        program="".join(part for part in first if isinstance(part, str)),
        has_shell=assignment.command.shell,
        folder=scratch.folder,
        printed=printed,
    )
    return command_failure(run, report["exit"])


def _end_of(log: Path) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LONGEST_DETAIL))
        return file.read().decode("utf-8", "replace")


def _keep_log(backend: Backend, log: Path) -> str | None:
    if not log.exists() or log.stat().st_size == 0:
        return None
    return put_path(backend, log)[0]


def _outcome(assignment: Assignment, told: _Told, seconds: float) -> Outcome:
    succeeded = told.failure is None
    return Outcome(
        task=assignment.task,
        attempt=assignment.attempt,
        state="succeeded" if succeeded else "failed",
        contents=told.contents if succeeded else (),
        outputs=told.outputs if succeeded else (),
        failure=told.failure,
        warnings=tuple(told.warnings),
        log=told.log,
        host=socket.gethostname(),
        seconds=seconds,
        cpu_seconds=told.cpu,
        peak_memory=told.peak,
        unreadable=told.unreadable,
    )
