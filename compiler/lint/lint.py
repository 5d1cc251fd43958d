"""The lint: doubtful places in the Python that transformations reach, each said once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..code import CodeFolder, Entry
from ..code.module import Module
from ..codes.determinism import UNKNOWN_ALLOWANCE
from ..diagnostic import Diagnostic, Edit, Fix, Label
from ..graph import reads_of
from ..lowering.call import WRITTEN_KINDS, written_outputs
from ..pipeline import Pipeline
from ..plan import Code
from ..source import Source, Span
from ..spec import Environment, Transformation
from .finding import Finding, Need
from .linted import Linted, linted
from .reached import Place, Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class _User:
    """A transformation with the function that it calls and the code that it reaches."""

    transformation: Transformation
    entry: Entry
    code: Code


def lint(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of what can give another result for the same inputs, where a function reaches it.

    Not of functions whose transformation says `deterministic: false`, and not of what a comment
    `# reprocc: allow CODE` allows.
    """
    users = tuple(_users(pipeline))
    files, sources = _read(pipeline, users)
    if all(file.is_clean for file in files.values()):
        return
    reached: dict[tuple[str, str, frozenset[str]], frozenset[Place]] = {}
    said: set[tuple[str, Finding]] = set()
    for user in users:
        paths = frozenset(file.path for file in user.code.files if file.path in files)
        function = user.entry.signature.span.text
        key = (user.entry.path, function, paths)
        if key not in reached:
            mine = {path: files[path] for path in sorted(paths)}
            reached[key] = Reached(mine).follow(user.entry.path, function)
        for path, finding in _found(files, paths, reached[key]):
            if (path, finding) not in said and _holds(pipeline, user, path, finding.need):
                said.add((path, finding))
                yield _diagnostic(sources[path], finding, user.transformation)


def _users(pipeline: Pipeline) -> Iterator[_User]:
    """Go through the transformations to be looked at; of those that are alike, the first."""
    seen: set[object] = set()
    kinds = pipeline.kinds
    for transformation in pipeline.spec.transformations:
        name = transformation.name.text
        entry = pipeline.entries.functions.get(name)
        code = pipeline.entries.codes.get(name)
        if entry is None or code is None or not transformation.deterministic:
            continue
        key = (
            entry.module,
            entry.function,
            tuple(glob.text for glob in transformation.code),
            None if transformation.environment is None else transformation.environment.text,
            tuple((r.parameter.text, kinds.get(r.artifact.text)) for r in reads_of(transformation)),
            tuple((o.name.text, kinds.get(o.artifact.text)) for o in transformation.outputs),
        )
        if key not in seen:
            seen.add(key)
            yield _User(transformation=transformation, entry=entry, code=code)


def _read(
    pipeline: Pipeline, users: tuple[_User, ...]
) -> tuple[dict[str, Linted], dict[str, Source]]:
    """Return the modules that are reached by their path, and their texts."""
    spec = pipeline.spec
    beside = PurePosixPath(spec.span.source.path).parent
    code = None if spec.code is None else spec.code.text
    folder = pipeline.folder if code is None else pipeline.folder / code
    shown = beside if code is None else beside / code
    look = CodeFolder(pipeline.workspace, folder, shown.as_posix())
    files: dict[str, Linted] = {}
    sources: dict[str, Source] = {}
    paths = dict.fromkeys(file.path for user in users for file in user.code.files)
    for path in paths:
        if not path.endswith(".py"):
            continue
        source, read = look.read(path)
        if isinstance(read, Module):
            files[path], sources[path] = linted(read.tree, read.text), source
    return files, sources


def _found(
    files: Mapping[str, Linted], paths: frozenset[str], places: frozenset[Place]
) -> Iterator[tuple[str, Finding]]:
    for path in sorted(paths):
        for mistake in files[path].mistakes:
            yield path, mistake
        for number, piece in enumerate(files[path].pieces):
            if (path, number) in places:
                for finding in piece.findings:
                    yield path, finding


def _holds(pipeline: Pipeline, user: _User, path: str, need: Need | None) -> bool:
    """Say whether what a finding needs is so of a transformation."""
    if need is None:
        return True
    if need.kind == "variable":
        environment = _environment(pipeline, user.transformation)
        if environment is None:
            return True
        given = (*(name for name, _ in environment.variables), *environment.passed)
        return need.name not in {name.text for name in given}
    if need.kind == "file":
        return not any(file.path.endswith(need.name.lstrip("./")) for file in user.code.files)
    if path != user.entry.path:
        return False
    if need.kind == "output":
        outputs = written_outputs(user.transformation, user.entry.signature, pipeline.kinds)
        return need.name in outputs
    return any(
        read.parameter.text == need.name and pipeline.kinds.get(read.artifact.text) in WRITTEN_KINDS
        for read in user.transformation.inputs
    )


def _environment(pipeline: Pipeline, transformation: Transformation) -> Environment | None:
    named = transformation.environment
    name = "default" if named is None else named.text
    return next((e for e in pipeline.spec.environments if e.name.text == name), None)


def _diagnostic(source: Source, finding: Finding, transformation: Transformation) -> Diagnostic:
    edits = tuple(
        Edit(span=Span(source, change.start, change.end), text=change.text)
        for change in finding.changes
    )
    there = Label(span=transformation.body.span, message="reached from here")
    return Diagnostic(
        code=finding.code,
        message=finding.message,
        primary=Label(span=Span(source, finding.start, finding.end)),
        related=() if finding.code is UNKNOWN_ALLOWANCE else (there,),
        help=None if edits else finding.mend,
        fixes=(Fix(title=finding.mend, edits=edits),) if edits else (),
    )
