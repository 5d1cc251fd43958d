"""Runs of a pipeline in this process, on an embedded Ray that is already up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from ..cluster.engine.executor import RayExecutor
from ..cluster.engine.session import EmbeddedSession, Machine
from ..cluster.engine.slots import slots_folder
from ..compiler.driver import Compiled, compile_file
from ..compiler.plan import Resources
from ..compiler.workspace import Workspace
from ..runtime.events import Event, RunEnded, TaskEnded
from ..runtime.executor import Assignment, Executor, Outcome
from ..runtime.perform import Request, perform
from ..runtime.store.store import Store
from ..runtime.worker.server_key import ServerKey
from .tree import cpu_of_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One run: wall and CPU seconds (of this process and all below it), and tasks by state.

    `whole` is the wall time from the first line of the spec; `wall` and `cpu` leave out what comes
    before the first task that must run: compiling and taking in.
    """

    whole: float
    wall: float
    cpu: float
    states: dict[str, int]


class Engine:
    """An embedded Ray and its executor, kept between runs; `start` is the seconds Ray took."""

    def __init__(self) -> None:
        began = time.perf_counter()
        self.session = EmbeddedSession(Machine())
        self.start = time.perf_counter() - began
        self.executor = RayExecutor(
            self.session.ray,
            folder=str(self.session.folder / "work"),
            slots=str(slots_folder()),
            close=lambda: None,
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.session.close()

    def submit(self, spec: Path, store: Path) -> Lap:
        """Compile and run a pipeline as `submit` does. Raises RuntimeError where a task fails."""
        states: dict[str, int] = {}
        ends: list[RunEnded] = []

        def hear(event: Event) -> None:
            if isinstance(event, TaskEnded):
                states[event.state] = states.get(event.state, 0) + 1
            elif isinstance(event, RunEnded):
                ends.append(event)

        def open_kept(_: tuple[ServerKey, ...]) -> Executor:
            at.append((cpu_of_tree(), time.perf_counter()))
            return _Kept(self.executor)

        at = [(cpu_of_tree(), time.perf_counter())]
        workspace = Workspace()
        compiled = compile_file(spec, shown=spec.name, given={}, workspace=workspace)
        perform(
            _request(compiled, spec.parent, workspace),
            store=Store.for_writing(str(store)),
            open_executor=open_kept,
            emit=hear,
        )
        end = time.perf_counter()
        if not ends or ends[0].state != "succeeded":
            raise RuntimeError(f"the run of {spec} did not succeed: {states}")
        cpu, began = at[-1]
        return Lap(whole=end - at[0][1], wall=end - began, cpu=cpu_of_tree() - cpu, states=states)


class _Kept:
    """The executor of an engine, which outlives the run."""

    def __init__(self, below: Executor) -> None:
        self._below = below

    @property
    def room(self) -> int:
        return self._below.room

    def infeasible(self, resources: Resources) -> str | None:
        return self._below.infeasible(resources)

    def start(self, assignment: Assignment) -> None:
        self._below.start(assignment)

    def wait(self, timeout: float | None) -> list[Outcome]:
        return self._below.wait(timeout)

    def close(self) -> None:
        """Keep it."""


def _request(compiled: Compiled, folder: Path, workspace: Workspace) -> Request:
    return Request(
        compiled=compiled,
        folder=folder,
        workspace=workspace,
        keep_going=False,
        in_order=False,
        command=("benchmark",),
    )
