"""The bytes of a plan: everything that a run needs, as canonical JSON.

The top level holds `format`, `language`, `pipeline`, `seed`, `parameters` (name → value),
`artifacts`, `sources`, `transformations` (what tasks share), `tasks` in the one total order, and
`points`. A point is a mapping from axes to values. A gathered input may have very many, and many
tasks the same: each distinct list of them stands once in `points`, as texts (`depth=4,fold=1`), in
the order in which tasks first use them, and `points` of a gathered input is the index of its list
there, from 0. A plain input has its one `point`.

The task of a command has `command`: `words`, each a text, or a list of texts and paths
(`{"of": "input", "name": …}`), and `shell`. The task of a query has `query`, its text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, assert_never

from .canonical import Digest, encode_text, sha256_hex
from .plan import (
    Artifact,
    Command,
    CommandCall,
    Environment,
    FunctionCall,
    Plan,
    QueryCall,
    Resources,
    SourceBinding,
    Task,
    TaskInput,
    Transformation,
    Word,
)
from .point import AxisValue, Point, point_text

_MOST_AT_ONCE = 500
"""How many tasks or other items make one piece of the stream."""


def write_plan(plan: Plan, write: Callable[[bytes], object]) -> Digest:
    """Give the bytes of a plan to `write`, piece by piece, and return their digest.

    The digest is `sha256:` and the hash of exactly these bytes. Raises what `write` raises.
    """
    hashed = hashlib.sha256()
    for piece in plan_pieces(plan):
        hashed.update(piece)
        write(piece)
    return Digest(f"sha256:{hashed.hexdigest()}")


def plan_bytes(plan: Plan) -> bytes:
    """Return a plan as canonical JSON, without a line break at the end."""
    return b"".join(plan_pieces(plan))


def plan_digest(data: bytes) -> Digest:
    """Return the digest of a plan by its bytes: `sha256:` and the hash of exactly these."""
    return Digest(f"sha256:{sha256_hex(data)}")


def plan_pieces(plan: Plan) -> Iterator[bytes]:
    """Yield the bytes of a plan, piece by piece, so that they are never in memory as a whole."""
    for text in _texts(plan):
        yield text.encode("utf-8")


def _texts(plan: Plan) -> Iterator[str]:
    """Yield the plan as text. The order of keys is that of the canonical encoding."""
    lists, places = _gathered(plan.tasks)
    writer = _Writer(places)
    parameters = {given.name: given.value for given in plan.parameters}
    yield '{"artifacts":'
    yield from _listed(map(writer.text, plan.artifacts))
    yield f',"format":{plan.format},"language":{plan.language}'
    yield f',"parameters":{_joined(parameters)},"pipeline":{encode_text(plan.pipeline)},"points":'
    yield from _listed(map(encode_text, lists))
    yield f',"seed":{plan.seed},"sources":'
    yield from _listed(map(writer.text, plan.sources))
    yield ',"tasks":'
    yield from _listed(map(writer.task, plan.tasks))
    yield ',"transformations":'
    yield from _listed(map(writer.text, plan.transformations))
    yield "}"


def _listed(items: Iterable[str]) -> Iterator[str]:
    """Yield the list of items that are JSON already, many of them at once."""
    left, before = iter(items), "["
    while some := list(islice(left, _MOST_AT_ONCE)):
        yield before + ",".join(some)
        before = ","
    yield "[]" if before == "[" else "]"


def _joined(members: Mapping[str, str]) -> str:
    """Return the mapping of members that are JSON already; their names need no escapes."""
    return "{" + ",".join([f'"{name}":{members[name]}' for name in sorted(members)]) + "}"


def _gathered(tasks: Iterable[Task]) -> tuple[list[tuple[str, ...]], dict[int, int]]:
    """Return each distinct list of gathered points, and where the list of each input stands.

    Inputs are known by their identity, since many tasks share one.
    """
    lists: dict[tuple[str, ...], int] = {}
    places: dict[int, int] = {}
    for task in tasks:
        for read in task.inputs:
            if read.gathered is not None and id(read) not in places:
                texts = tuple([point_text(point) for point in read.points])
                places[id(read)] = lists.setdefault(texts, len(lists))
    return list(lists), places


class _Writer:
    """Writes the parts of one plan; what several of them share is written once, then repeated."""

    def __init__(self, places: Mapping[int, int]) -> None:
        self._places = places
        # By identity, which lasts: the plan keeps every value alive while it is written.
        self._known: dict[int, str] = {}
        self._coordinates: dict[int, str] = {}

    def task(self, task: Task) -> str:
        """Write a task, which nothing shares."""
        inputs = _joined({read.parameter: self.text(read) for read in task.inputs})
        # Left out where there is none, so that the plans of functions stay as they are.
        command = "" if task.command is None else f'"command":{self.text(task.command)},'
        query = "" if task.query is None else f'"query":{encode_text(task.query)},'
        return (
            f'{{"arguments":{task.arguments},{command}"entropy":"{task.entropy}"'
            f',"inputs":{inputs},"outputs":{self.text(task.outputs)}'
            f',"point":{self._point(task.point)},{query}"resources":{self.text(task.resources)}'
            f',"seed":{task.seed},"task":{encode_text(task.id)},"threads":{task.threads}'
            f',"timeout":{encode_text(task.timeout)}'
            f',"transformation":{encode_text(task.transformation)}}}'
        )

    def text(self, value: object) -> str:
        """Write a value of the plan."""
        if value is None or isinstance(value, (str, int, float)):
            return encode_text(value)
        found = self._known.get(id(value))
        if found is None:
            found = self._known[id(value)] = self._written(value)
        return found

    def _written(self, value: object) -> str:
        match value:
            case tuple():
                return "[" + ",".join([self.text(item) for item in value]) + "]"
            case Artifact():
                return _joined({**self._fields(value, "id"), "artifact": encode_text(value.id)})
            case SourceBinding():
                # The span is where people wrote it, which a comment moves.
                point = self._point(value.point)
                return _joined({**self._fields(value, "span", "point"), "point": point})
            case Transformation():
                return self._transformation(value)
            case Environment():
                return self._with_mappings(value, variables=value.variables)
            case Resources():
                return self._with_mappings(value, labels=value.labels, custom=value.custom)
            case TaskInput():
                return self._input(value)
            case Command():
                words = ",".join([self._word(word) for word in value.words])
                return _joined({"words": f"[{words}]", "shell": encode_text(value.shell)})
            case _:
                return _joined(self._fields(value))

    def _transformation(self, value: Transformation) -> str:
        members = self._fields(value, "name", "call")
        call = value.call
        match call:
            case FunctionCall():
                members["entry_point"] = encode_text(call.entry_point)
                members["call"] = self._with_mappings(call, "entry_point", tables=call.tables)
            case CommandCall():
                mappings = {"inputs": call.inputs, "outputs": call.outputs}
                members["call"] = self._with_mappings(call, **mappings)
            case QueryCall():
                members["call"] = self.text(call)
            case _:
                assert_never(call)
        return _joined({**members, "transformation": encode_text(value.name)})

    def _input(self, read: TaskInput) -> str:
        artifact = encode_text(read.artifact)
        if read.gathered is None:
            return _joined({"artifact": artifact, "point": self._point(read.points[0])})
        index = str(self._places[id(read)])
        gathered = self.text(read.gathered)
        return _joined({"artifact": artifact, "gathered": gathered, "points": index})

    def _word(self, word: Word) -> str:
        """Write a word: as text where it is one, else as the list of its parts."""
        if all(isinstance(part, str) for part in word):
            return encode_text("".join(part for part in word if isinstance(part, str)))
        return self.text(word)

    def _point(self, point: Point) -> str:
        return "{" + ",".join([self._coordinate(pair) for pair in point]) + "}"

    def _coordinate(self, pair: tuple[str, AxisValue]) -> str:
        found = self._coordinates.get(id(pair))
        if found is None:
            axis, value = pair
            found = self._coordinates[id(pair)] = f'"{axis}":{encode_text(value)}'
        return found

    def _with_mappings(
        self, value: object, *without: str, **mappings: tuple[tuple[str, str | float], ...]
    ) -> str:
        """Write a value of which some fields, pairs of names and values, are mappings."""
        written = {name: encode_text(dict(pairs)) for name, pairs in mappings.items()}
        return _joined({**self._fields(value, *without, *mappings), **written})

    def _fields(self, value: Any, *without: str) -> dict[str, str]:
        # The slots of a value of the plan are its fields.
        names = [name for name in value.__slots__ if name not in without]
        return {name: self.text(getattr(value, name)) for name in names}
