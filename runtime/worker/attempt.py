"""One attempt where it lands: fetch, run the user's code in a child, check, publish."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from ...compiler.plan import ArtifactId
from ...compiler.point import Point
from ..child.request import Ending, Produced
from ..events import Failure, PublishedOutput
from ..executor import Assignment, BoundInput, Outcome
from ..store.backend import Backend, Damaged, Missing
from ..store.objects import put_path
from ..store.rewriting import Rewriting
from .call import attempt_call, preloaded_modules
from .collected import collect
from .command_ending import Run, command_failure
from .command_inputs import lay_command_input
from .ending import LONGEST_DETAIL, failure_around, failure_of
from .inputs import LaidInput, lay_input, lost_points
from .outputs import Contents, publish_outputs, store_outputs
from .scratch import Scratch
from .server_key import ServerKey
from .variables import child_variables
from .worker import Worker


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


class Attempt:
    """One attempt by a worker: `run`, then `keep`, for which another thread may be used.

    Only what is no Exception (KeyboardInterrupt) escapes, and leaves no process and no file behind.
    """

    def __init__(self, assignment: Assignment, worker: Worker) -> None:
        self._assignment = assignment
        self._worker = worker
        self._scratch: Scratch | None = None
        self._told = _Told()
        self._produced: list[Produced] | None = None
        self._started = time.monotonic()

    def run(self) -> None:
        """Lay the inputs, run the user's code, and judge how it ended."""
        try:
            self._worker.tables.trim()
            self._scratch = self._worker.scratches.lend()
            backend = self._worker.backend(self._assignment.store)
            self._told.failure = self._run(backend, self._scratch)
        except Exception as error:
            self._fail(error)
        except BaseException:
            self._drop()
            raise

    def keep(self, backend: Backend | None = None) -> Outcome:
        """Store and publish what came of it, and return what became of the attempt.

        `backend` is one for the thread that does it, where that is not the one that ran it.
        """
        try:
            if self._scratch is not None:
                backend = backend or self._worker.backend(self._assignment.store)
                self._keep(backend, self._scratch)
                self._worker.scratches.take_back(self._scratch)
                self._scratch = None
        except Exception as error:
            self._fail(error)
        finally:
            self._drop()
        return self._outcome()

    def _fail(self, error: Exception) -> None:
        name, folder = self._assignment.definition.name, self._worker.scratch_folder
        self._told.failure = failure_around(error, transformation=name, folder=folder)

    def _drop(self) -> None:
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.remove()

    def _run(self, backend: Backend, scratch: Scratch) -> Failure | None:
        told = self._told
        laid = [self._lay(backend, bound, scratch) for bound in self._assignment.inputs]
        ending = self._call(backend, laid, scratch)
        told.cpu, told.peak = ending["cpu"], ending["peak"]
        failure = self._judge(laid, ending, scratch)
        if failure is not None or ending["report"] is None:
            return failure
        if ending["left"]:
            count = ending["left"]
            said = "1 process was" if count == 1 else f"{count} processes were"
            told.warnings.append(f"{said} left running and had to be ended")
        self._produced = ending["report"].get("outputs")
        return None

    def _lay(self, backend: Backend, bound: BoundInput, scratch: Scratch) -> LaidInput:
        folder = scratch.inputs
        try:
            return self._lay_below(folder, backend, bound)
        except (Missing, Damaged):
            self._told.unreadable = lost_points(backend, bound)
            if self._told.unreadable:
                raise
        # Another attempt that wanted it has had it mended meanwhile.
        folder /= f"{bound.parameter}.again"
        folder.mkdir()
        return self._lay_below(folder, backend, bound)

    def _lay_below(self, folder: Path, backend: Backend, bound: BoundInput) -> LaidInput:
        kind = self._assignment.definition.kind
        if kind == "command":
            return lay_command_input(backend, bound, folder=folder)
        return lay_input(backend, bound, kind=kind, folder=folder, tables=self._worker.tables)

    def _call(self, backend: Backend, laid: list[LaidInput], scratch: Scratch) -> Ending:
        assignment = self._assignment
        key = _server_key(assignment)
        code = self._worker.code.lay(backend, assignment.code)
        requests = [each.request for each in laid]
        call = attempt_call(assignment, code=code, scratch=scratch, inputs=requests)
        return self._worker.servers.call(key, call, assignment.timeout)

    def _judge(self, laid: list[LaidInput], ending: Ending, scratch: Scratch) -> Failure | None:
        """Say why the attempt failed; a failure of its own counts before a changed input."""
        name = self._assignment.definition.name
        changed = [each for one in laid for each in one.watched if each.is_changed()]
        for each in changed:
            self._worker.tables.forget(each.path)
        printed = _end_of(scratch.log)
        failure = failure_of(
            ending, transformation=name, timeout=self._assignment.timeout, printed=printed
        ) or self._command_failure(ending, scratch, printed)
        if failure is None and changed:
            parameters = ", ".join(sorted({f"`{each.parameter}`" for each in changed}))
            return Failure(
                reason="input-changed",
                message=f"`{name}` changed the files of its input {parameters}",
                detail="Inputs are immutable; what is read from them must be what was recorded.",
                help="copy the files first and change the copy",
            )
        return failure

    def _command_failure(self, ending: Ending, scratch: Scratch, printed: str) -> Failure | None:
        """Say why a command failed, or None where it did not or the attempt was none."""
        report, command = ending["report"], self._assignment.command
        if command is None or report is None or "exit" not in report:
            return None
        run = Run(
            transformation=self._assignment.definition.name,
            program="".join(part for part in command.words[0] if isinstance(part, str)),
            has_shell=command.shell,
            folder=scratch.folder,
            printed=printed,
        )
        return command_failure(run, report["exit"])

    def _keep(self, backend: Backend, scratch: Scratch) -> None:
        self._told.log = _keep_log(backend, scratch.log)
        if self._told.failure is None:
            produced = self._collected(scratch)
            self._told.failure = (
                produced if isinstance(produced, Failure) else self._published(backend, produced)
            )

    def _collected(self, scratch: Scratch) -> list[Produced] | Failure:
        return collect(self._assignment, scratch) if self._produced is None else self._produced

    def _published(self, backend: Backend, produced: list[Produced]) -> Failure | None:
        try:
            return self._publish(backend, produced, rewrites=self._assignment.repair)
        except (Missing, Damaged):
            # A contract was to be checked, and what lay under an output's name was not whole.
            return self._publish(backend, produced, rewrites=True)

    def _publish(
        self, backend: Backend, produced: list[Produced], *, rewrites: bool
    ) -> Failure | None:
        """Store and publish the outputs; `rewrites` says to write also what is there already."""
        target = Rewriting(backend) if rewrites else backend
        contents = store_outputs(target, self._assignment, produced)
        if isinstance(contents, Failure):
            return contents
        seconds = time.monotonic() - self._started
        published = publish_outputs(
            backend, self._assignment, contents, log=self._told.log, seconds=seconds
        )
        self._told.contents, self._told.outputs = contents, published.outputs
        self._told.warnings.extend(published.warnings)
        return published.failure

    def _outcome(self) -> Outcome:
        told = self._told
        succeeded = told.failure is None
        return Outcome(
            task=self._assignment.task,
            attempt=self._assignment.attempt,
            state="succeeded" if succeeded else "failed",
            contents=told.contents if succeeded else (),
            outputs=told.outputs if succeeded else (),
            failure=told.failure,
            warnings=tuple(told.warnings),
            log=told.log,
            host=socket.gethostname(),
            seconds=time.monotonic() - self._started,
            cpu_seconds=told.cpu,
            peak_memory=told.peak,
            unreadable=told.unreadable,
        )


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


def _server_key(assignment: Assignment) -> ServerKey:
    variables = child_variables(
        os.environ,
        assignment.environment,
        threads=assignment.threads,
        numerics=assignment.definition.numerics,
        gpus=assignment.resources.gpus,
    )
    return ServerKey(
        python=assignment.environment.python,
        variables=tuple(sorted(variables.items())),
        preload=preloaded_modules(assignment),
    )
