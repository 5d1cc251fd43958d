"""The whole compiler on one screen: the stages, called in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .axes.layout import lay_axes
from .bind import bind
from .bind.doubtful import Doubtful, doubtful_items
from .cascades import without_cascades
from .check import CHECKS
from .code.entries import NO_ENTRIES, Entries, find_entries
from .codes.parameters import UNUSED_PARAMETER
from .codes.sources import MISSING_CODE_FOLDER
from .collector import collector_paused
from .consequences import without_consequences
from .diagnostic import Diagnostic, Label, in_order
from .fixing.shared import doubt_shared
from .lower import lower
from .lowering.artifacts import lower_artifacts
from .lowering.settings import Settings, prepare_settings
from .parameters import bind_parameters
from .passes import PASSES
from .pipeline import Pipeline
from .plan import Plan
from .reading import decode, read
from .resolve import resolve
from .source import Source
from .spec import ArtifactKind, Spec
from .unreadable import unreadable_spec
from .workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What came of a file: a plan where there is no error, and all there is to say about it."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    source: Source | None = field(compare=False)
    spec: Spec | None
    code_folder: Path | None


def compile_file(
    path: Path, *, shown: str, given: Mapping[str, object], workspace: Workspace
) -> Compiled:
    """Compile a pipeline file; `shown` is its path as people read it, `given` are parameters.

    Never raises for the user's fault.
    """
    try:
        data = workspace.read(path)
    except OSError as error:
        return _stopped((unreadable_spec(shown, error),))
    source = decode(shown, data)
    if isinstance(source, Diagnostic):
        return _stopped((source,))
    return compile_source(source, path.parent, given=given, workspace=workspace)


def compile_source(
    source: Source, folder: Path, *, given: Mapping[str, object], workspace: Workspace
) -> Compiled:
    """Compile the text of a pipeline file that lies in `folder`."""
    with collector_paused():
        compiled = _compile(source, folder, given, workspace)
    if any(diagnostic.fixes for diagnostic in compiled.diagnostics):
        found = doubt_shared(source, compiled.diagnostics)
        compiled = replace(compiled, diagnostics=found)
    return compiled


def _compile(
    source: Source, folder: Path, given: Mapping[str, object], workspace: Workspace
) -> Compiled:
    document, unread = read(source)
    if document is None:
        return _stopped(unread, source)
    spec, unbound = bind(document)
    if spec is None:
        return _stopped((*unread, *unbound), source)
    found = [*unread, *unbound]
    code_folder = folder if spec.code is None else folder / spec.code.text
    doubtful = doubtful_items(document, unbound)
    pipeline = _examine(spec, folder, code_folder, given, workspace, doubtful, found)
    for check in CHECKS:
        found.extend(check(pipeline))
    plan, unlowered = lower(pipeline)
    found.extend(unlowered)
    diagnostics = in_order(without_consequences(found, document, unread, unbound))
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        plan = None
        # What is misspelt where it is used only looks unused.
        diagnostics = tuple(d for d in diagnostics if d.code is not UNUSED_PARAMETER)
    if plan is not None:
        for change in PASSES:
            plan = change(plan)
    return Compiled(
        plan=plan, diagnostics=diagnostics, source=source, spec=spec, code_folder=code_folder
    )


def _examine(
    spec: Spec,
    folder: Path,
    code_folder: Path,
    given: Mapping[str, object],
    workspace: Workspace,
    doubtful: Doubtful,
    found: list[Diagnostic],
) -> Pipeline:
    values, wrong_values = bind_parameters(spec, given)
    graph, unresolved = resolve(spec)
    grids, unlaid = lay_axes(graph, values, doubtful)
    found.extend((*wrong_values, *unresolved, *unlaid))
    entries, unfound = _look_for_code(spec, code_folder, workspace)
    artifacts, sources, unplaced = lower_artifacts(graph, grids, values)
    found.extend((*unfound, *unplaced))
    kinds: dict[str, ArtifactKind] = {a.name.text: a.kind for a in spec.artifacts}
    settings: dict[str, Settings] = {}
    for transformation in spec.transformations:
        name = transformation.name.text
        grid = grids.transformations.get(name)
        query_file = entries.queries.get(name)
        settings[name], unset = prepare_settings(transformation, grid, values, query_file)
        if unset:
            is_doubtful = name in doubtful.transformations
            unset = without_cascades(unset, transformation, declared=kinds, is_doubtful=is_doubtful)
        found.extend(unset)
    return Pipeline(
        graph=graph,
        values=values,
        grids=grids,
        entries=entries,
        artifacts=artifacts,
        sources=sources,
        settings=settings,
        kinds=kinds,
        doubtful=doubtful,
        folder=folder,
        workspace=workspace,
    )


def _look_for_code(
    spec: Spec, folder: Path, workspace: Workspace
) -> tuple[Entries, tuple[Diagnostic, ...]]:
    if spec.code is None or workspace.is_folder(folder):
        return find_entries(spec, folder, workspace)
    message = f"the code folder `{spec.code.text}` does not exist"
    label = Label(span=spec.code.span)
    return NO_ENTRIES, (Diagnostic(code=MISSING_CODE_FOLDER, message=message, primary=label),)


def _stopped(diagnostics: tuple[Diagnostic, ...], source: Source | None = None) -> Compiled:
    return Compiled(
        plan=None,
        diagnostics=in_order(list(diagnostics)),
        source=source,
        spec=None,
        code_folder=None,
    )
