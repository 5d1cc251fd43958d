"""The records of runs: a start, batches of tasks, an end; all created once and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from ...compiler.canonical import Json
from . import layout
from .append import append, numbers
from .at_once import each
from .backend import Backend, Damaged, Missing, StoreError
from .records import RunEnd, RunStart, RunSummary, TaskRecord
from .records_json import (
    decode_end,
    decode_start,
    decode_tasks,
    encode_end,
    encode_start,
    encode_tasks,
)
from .sealed import NewerFormat

_START, _TASKS, _END = "start.json", "tasks/", "end.json"
_MOST_NAMED = 5
_BATCH = 1000


def new_run_id(now: datetime, random: bytes) -> str:
    """Return a run's name such as `20261122-172712-3f9a1c`; names sort by time.

    The last part begins with the fraction of the second, in 4096ths, so that runs which begin in
    one second sort as well; then come 12 of the random bits.
    `now` must know its time zone; `random` is two bytes or more. Raises ValueError.
    """
    if now.tzinfo is None or len(random) < 2:
        raise ValueError("a run's name needs a time with a zone and two random bytes")
    fraction = now.microsecond * 4096 // 1_000_000
    chance = int.from_bytes(random[:2]) % 4096
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{fraction:03x}{chance:03x}"


class RunRecords:
    """The writer of one run's records. Raises ValueError where `run` is no run's name."""

    def __init__(self, backend: Backend, run: str) -> None:
        self._backend = backend
        self._folder = layout.run_of(run)

    def start(self, start: RunStart) -> None:
        """Write the first record. Raises StoreError where the name is taken by another run."""
        self._create(_START, encode_start(start), "another run has this name")

    def tasks(self, batch: Sequence[TaskRecord]) -> None:
        """Write what became of some tasks; an empty batch writes nothing."""
        if batch:
            data = encode_tasks(batch)
            append(self._backend, self._folder + _TASKS, lambda _last: data)

    def beat(self) -> None:
        """Say that the run is under way, by the time of an empty file. Raises StoreError."""
        key = self._folder + layout.ALIVE
        if self._backend.touch(key) is None:
            self._backend.create(key, b"")

    def end(self, end: RunEnd) -> None:
        """Write the last record. Raises StoreError where the run has ended otherwise."""
        self._create(_END, encode_end(end), "this run has ended before")

    def _create(self, name: str, data: bytes, refusal: str) -> None:
        key = self._folder + name
        if self._backend.create(key, data) or self._backend.get(key) == data:
            return
        place = f"{self._backend.url}/{key}"
        raise StoreError(refusal, place=place, remedy=None, can_retry=False)


def summaries(backend: Backend, limit: int | None = None) -> tuple[RunSummary, ...]:
    """Return the newest `limit` runs, or all, the newest first.

    A run that was killed before its first record is left out. One whose records are damaged has
    the state `damaged`.
    """
    found: list[RunSummary] = []
    runs = _runs(backend, "")
    while limit is None or len(found) < limit:
        some = list(islice(runs, _BATCH if limit is None else limit - len(found)))
        if not some:
            break
        summaries = each(backend, lambda run: _summary(backend, run), some)
        found += (summary for summary in summaries if summary is not None)
    return tuple(found)


def read(backend: Backend, prefix: str) -> tuple[RunStart, tuple[TaskRecord, ...], RunEnd | None]:
    """Return the records of the one run whose name begins with `prefix`.

    There is no end where the run was killed or is under way. Raises Missing where no run begins
    so, StoreError where several do, Damaged.
    """
    run = resolve(backend, prefix)
    folder = layout.run_of(run)
    start = start_of(backend, run)
    tasks: list[TaskRecord] = []
    for number in numbers(backend, folder + _TASKS):
        key = folder + _TASKS + layout.numbered(number)
        tasks += decode_tasks(backend.get(key), f"{backend.url}/{key}")
    return start, tuple(tasks), _end(backend, folder)


def start_of(backend: Backend, run: str) -> RunStart:
    """Return the first record of a run, by its whole name. Raises Missing, Damaged."""
    folder = layout.run_of(run)
    return decode_start(backend.get(folder + _START), f"{backend.url}/{folder}{_START}")


def run_names(backend: Backend, prefix: str) -> tuple[str, ...]:
    """Return the names of the runs that begin with `prefix`, the newest first."""
    return tuple(_runs(backend, prefix))


def resolve(backend: Backend, prefix: str) -> str:
    """Return the name of the one run that begins with `prefix`. Raises Missing, StoreError."""
    found = list(_runs(backend, prefix))
    if len(found) == 1:
        return found[0]
    if prefix in found:
        return prefix
    if not found:
        raise Missing(
            f"no run begins with `{prefix[:40]}`",
            place=backend.url,
            remedy="`reprocc runs` lists the runs",
            can_retry=False,
        )
    named = ", ".join(found[:_MOST_NAMED]) + (", …" if len(found) > _MOST_NAMED else "")
    raise StoreError(
        f"{len(found)} runs begin with `{prefix[:40]}`",
        place=backend.url,
        remedy=f"give more of the name: {named}",
        can_retry=False,
    )


def _runs(backend: Backend, prefix: str) -> Iterator[str]:
    """Yield the names of the runs that begin with `prefix`, the newest first."""
    digits = prefix[:8]
    for day in reversed(backend.children(layout.RUNS)):
        if not (day.endswith("/") and day.replace("-", "").startswith(digits)):
            continue
        for name in reversed(backend.children(layout.RUNS + day)):
            run = name.removesuffix("/")
            if run.startswith(prefix) and _is_run(run, day):
                yield run


def _is_run(name: str, day: str) -> bool:
    try:
        return layout.run_of(name) == f"{layout.RUNS}{day}{name}/"
    except ValueError:
        return False


def _summary(backend: Backend, run: str) -> RunSummary | None:
    folder = layout.run_of(run)
    try:
        start = decode_start(backend.get(folder + _START), folder)
        end = _end(backend, folder)
    except Missing:
        return None
    except (Damaged, NewerFormat):
        return _shown(run, "", "damaged", "", None)
    return _shown(run, start.pipeline, "running" if end is None else end.state, start.started, end)


def _shown(run: str, pipeline: str, state: str, started: str, end: RunEnd | None) -> RunSummary:
    return RunSummary(
        run=run,
        pipeline=pipeline,
        state=state,
        started=started,
        seconds=None if end is None else end.seconds,
        counts=Json("{}") if end is None else end.counts,
    )


def _end(backend: Backend, folder: str) -> RunEnd | None:
    key = folder + _END
    try:
        return decode_end(backend.get(key), f"{backend.url}/{key}")
    except Missing:
        return None
