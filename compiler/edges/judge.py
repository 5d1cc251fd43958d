"""Judge the edges of the graph: what is known of each table against what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostic import Diagnostic
from ..graph import reads_of
from ..lowering.body import Samples
from ..lowering.call import file_form
from ..pipeline import Pipeline
from ..plan import ColumnContract, Contract
from ..spec import Artifact, CommandLine, Gather, Input, Query, Transformation
from .crossing import judge_queried, judge_read_file, judge_source, judge_written_file
from .gathered import gathered_table, judge_gathered
from .known import KnownColumn, KnownTable, declared_table
from .source import found_table, headers, judge_found

if TYPE_CHECKING:
    from .query import MadeColumn

_TEXT = ("csv", "jsonl")


class Edges:
    """The edges of a pipeline, to be judged producers first.

    What a query makes is known where all that it reads is, and goes on from there.
    """

    def __init__(self, pipeline: Pipeline, artifacts: Mapping[str, Artifact]) -> None:
        self._pipeline = pipeline
        self._sound = {each.name for each in pipeline.graph.transformations}
        self._artifacts = artifacts
        self._known: dict[str, KnownTable] = {}
        self._said: set[str] = set()
        self._contracts: dict[str, Contract] | None = None

    def judge_sources(self) -> Iterator[Diagnostic]:
        """Judge what is read from outside."""
        found = headers(self._pipeline)
        for planned in self._pipeline.artifacts:
            declared = self._artifacts[planned.id]
            if planned.kind != "table" or planned.format not in _TEXT or declared.source is None:
                continue
            if planned.id in self._pipeline.doubtful.artifacts:
                continue
            known = self._table(planned.id)
            yield from judge_source(declared, known, planned.format)
            if planned.id in found:
                yield from judge_found(declared, found[planned.id])
                self._known[planned.id] = found_table(known, found[planned.id])

    def judge(self, transformation: Transformation, samples: Samples) -> Iterator[Diagnostic]:
        """Judge what a transformation reads and makes; `samples` are the forms of its query."""
        name = transformation.name
        if name not in self._sound or name.text in self._pipeline.doubtful.transformations:
            return
        yield from self._gathers(transformation)
        if isinstance(transformation.body, CommandLine):
            yield from self._command(transformation)
        elif isinstance(transformation.body, Query):
            yield from self._query(transformation, samples)

    def _gathers(self, transformation: Transformation) -> Iterator[Diagnostic]:
        """Judge the axes of what is gathered as one table."""
        for gather in transformation.gather:
            name = gather.artifact.text
            grid = self._pipeline.grids.artifacts.get(name)
            if grid is None or self._pipeline.kinds.get(name) not in ("table", "metrics"):
                continue
            for found in judge_gathered(self._table(name), self._rules(name), gather, grid):
                # Wherever an axis is gathered, its mistake is the same.
                if found.message not in self._said:
                    self._said.add(found.message)
                    yield found

    def _command(self, transformation: Transformation) -> Iterator[Diagnostic]:
        """Judge the files of tables that a command reads and writes."""
        for read in reads_of(transformation):
            known = self._arriving(read)
            if read.form is not None and known is not None:
                form = file_form(read.form)
                yield from judge_read_file(read.artifact, known, form, read.form.span)
        for output in transformation.outputs:
            if output.form is not None and self._is_table(output.artifact.text):
                known, form = self._table(output.artifact.text), file_form(output.form)
                yield from judge_written_file(output.artifact, known, form, output.form.span)

    def _query(self, transformation: Transformation, samples: Samples) -> Iterator[Diagnostic]:
        """Judge all forms of a query; what is wrong with several of them is said once."""
        known: dict[str, KnownTable] = {}
        for read in reads_of(transformation):
            table = self._arriving(read)
            if table is not None:
                known[read.parameter.text] = table
                yield from judge_queried(read.artifact, table, read.artifact.span)
        made = self._artifacts[transformation.outputs[0].artifact.text]
        if made.kind != "table" or not all(table.is_closed for table in known.values()):
            return
        from .made import judge_made
        from .query import judge_sample

        found: dict[Diagnostic, None] = {}
        forms: list[tuple[MadeColumn, ...] | None] = []
        for sample in samples.values():
            judged = judge_sample(transformation, sample, known)
            found |= dict.fromkeys(judged.diagnostics)
            forms.append(judged.made)
            if judged.made is not None and made.name.text not in self._pipeline.doubtful.artifacts:
                found |= dict.fromkeys(judge_made(transformation, judged.made, made))
        yield from found
        self._known[made.name.text] = _made_table(made, forms)

    def _table(self, artifact: str) -> KnownTable:
        """Return what is known of an artifact's table."""
        if artifact not in self._known:
            known = declared_table(self._artifacts[artifact])
            # A key that is misspelt there may be one that says more of it.
            is_doubtful = artifact in self._pipeline.doubtful.artifacts
            self._known[artifact] = replace(known, is_closed=False) if is_doubtful else known
        return self._known[artifact]

    def _rules(self, artifact: str) -> dict[str, ColumnContract]:
        """Return the rules of an artifact's columns by name, with their values."""
        if self._contracts is None:
            self._contracts = {a.id: a.contract for a in self._pipeline.artifacts}
        return {rule.name: rule for rule in self._contracts[artifact].columns}

    def _is_table(self, artifact: str) -> bool:
        return self._pipeline.kinds.get(artifact) == "table"

    def _arriving(self, read: Input | Gather) -> KnownTable | None:
        """Return what is known of a table that arrives, None of what is none."""
        name = read.artifact.text
        if not self._is_table(name):
            return None
        grid = self._pipeline.grids.artifacts.get(name)
        if isinstance(read, Gather):
            return None if grid is None else gathered_table(self._table(name), read, grid)
        return self._table(name)


def _made_table(artifact: Artifact, forms: Sequence[Sequence[MadeColumn] | None]) -> KnownTable:
    """Return what is known of a query's output, from all its forms and the contract."""
    declared = declared_table(artifact)
    made = [form for form in forms if form is not None]
    shapes = [{column.name: column.type for column in form} for form in made]
    if not made or len(made) < len(forms) or any(s.keys() != shapes[0].keys() for s in shapes):
        return declared
    wanted = {column.name: column.type for column in declared.columns}
    columns: list[KnownColumn] = []
    for column in made[0]:
        types = {shape[column.name] for shape in shapes}
        kind = wanted.get(column.name) or (types.pop() if len(types) == 1 else None)
        columns.append(KnownColumn(name=column.name, type=kind, span=column.span))
    return replace(declared, columns=tuple(columns), is_closed=True)
