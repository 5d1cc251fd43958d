"""The lint: doubtful places in the Python that transformations reach, each said once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from ..code import CodeFolder
from ..code.module import Module
from ..codes.determinism import UNKNOWN_ALLOWANCE
from ..diagnostic import Diagnostic, Edit, Fix, Label
from ..pipeline import Pipeline
from ..source import Source, Span
from .finding import Finding
from .linted import Linted, linted, packed_linted, unpacked_linted
from .needs import holds
from .reached import Place, Reached
from .seeds import TAKE_A_SEED, TAKE_THE_TASKS
from .users import User, users_of

_Key = tuple[str, bool]
"""A file, relative to the code folder, and whether it is run as a program."""


def lint(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of what can give another result for the same inputs, where a function reaches it, or a
    program that a command runs.

    Not of transformations that say `deterministic: false`, and not of what a comment
    `# reprocc: allow CODE` allows.
    """
    folder = _folder(pipeline)
    users = tuple(users_of(pipeline))
    known: dict[_Key, Linted | None] = {}
    shared: dict[object, dict[str, Linted]] = {}
    reached: dict[object, frozenset[Place]] = {}
    said: set[tuple[str, Finding]] = set()
    for user in users:
        paths = tuple(file.path for file in user.code.files), user.programs
        if paths not in shared:
            found = _files(folder, user, known)
            is_clean = all(file.is_clean for file in found.values())
            shared[paths] = {} if is_clean else found
        files = shared[paths]
        if not files:
            continue
        begins = None if user.entry is None else (user.entry.path, _function(user))
        key = begins, paths
        if key not in reached:
            reached[key] = Reached(files, user.programs).follow(begins)
        for path, finding in _found(files, reached[key]):
            if (path, finding) not in said and holds(pipeline, user, files, path, finding.need):
                said.add((path, finding))
                yield _diagnostic(folder.source(path), finding, user)


def _folder(pipeline: Pipeline) -> CodeFolder:
    spec = pipeline.spec
    beside = PurePosixPath(spec.span.source.path).parent
    code = None if spec.code is None else spec.code.text
    path = pipeline.folder if code is None else pipeline.folder / code
    shown = beside if code is None else beside / code
    return CodeFolder(pipeline.workspace, path, shown.as_posix())


def _function(user: User) -> str:
    assert user.entry is not None, "a command has none"
    return user.entry.signature.span.text


def _files(folder: CodeFolder, user: User, known: dict[_Key, Linted | None]) -> dict[str, Linted]:
    """Return the modules that a transformation's code is in, by their path."""
    found: dict[str, Linted] = {}
    for file in user.code.files:
        if not file.path.endswith(".py"):
            continue
        key = file.path, file.path in user.programs
        if key not in known:
            known[key] = _linted(folder, *key)
        one = known[key]
        if one is not None:
            found[file.path] = one
    return found


def _linted(folder: CodeFolder, path: str, is_script: bool) -> Linted | None:
    what, file = "linted script" if is_script else "linted", folder.path / path
    packed = folder.workspace.recall(file, folder.path, what)
    if packed is not None:
        return unpacked_linted(packed)
    _, read = folder.read(path)
    if not isinstance(read, Module):
        return None
    made = linted(read.tree, read.text, is_script)
    folder.workspace.remember(file, folder.path, what, partial(packed_linted, made))
    return made


def _found(files: Mapping[str, Linted], places: frozenset[Place]) -> Iterator[tuple[str, Finding]]:
    for path in sorted(files):
        for mistake in files[path].mistakes:
            yield path, mistake
        for number, piece in enumerate(files[path].pieces):
            if (path, number) in places:
                for finding in piece.findings:
                    yield path, finding


def _diagnostic(source: Source, finding: Finding, user: User) -> Diagnostic:
    edits = tuple(
        Edit(span=Span(source, change.start, change.end), text=change.text)
        for change in finding.changes
    )
    there = Label(span=user.transformation.body.span, message="reached from here")
    mend = finding.mend
    if user.entry is None:
        mend = mend.replace(TAKE_A_SEED, TAKE_THE_TASKS)
    found = Diagnostic(
        code=finding.code,
        message=finding.message,
        primary=Label(span=Span(source, finding.start, finding.end)),
        related=() if finding.code is UNKNOWN_ALLOWANCE else (there,),
        help=None if edits else mend,
    )
    return replace(found, fixes=(Fix(title=mend, edits=edits),)) if edits else found
