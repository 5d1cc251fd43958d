"""Compile a spec for a verb, and say what is wrong with it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .status import REFUSED, USAGE
from .stop import Stop
from .terminal import tell, tell_text, wants_colour

if TYPE_CHECKING:
    from ..compiler.diagnostic import Diagnostic
    from ..compiler.driver import Compiled
    from ..compiler.plan import Plan
    from ..compiler.workspace import Workspace

_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"


def compile_spec(
    spec: str,
    given: list[str] | None,
    parameters: str | None,
    *,
    workspace: Workspace | None = None,
) -> Compiled:
    """Compile the spec at a path as the user wrote it; what is read goes through `workspace`.

    A file of parameters that cannot be read is all that is said then.
    """
    from ..compiler.driver import Compiled, compile_file
    from ..compiler.workspace import Workspace
    from .memory import memory_folder

    gc.freeze()  # what is imported stays: at the end of the process nobody need look through it
    values = given_values(given, parameters)
    if isinstance(values, tuple):
        return Compiled(plan=None, diagnostics=values, source=None, spec=None, code_folder=None)
    workspace = workspace or Workspace(kept_in=memory_folder())
    with _without_plugins():
        compiled = compile_file(Path(spec), shown=spec, given=values, workspace=workspace)
    workspace.save()
    return compiled if compiled.source is not None else _with_way_out(compiled, Path(spec))


@contextmanager
def _without_plugins() -> Iterator[None]:
    """Keep pydantic from looking for plugins in all that is installed, and from loading them.

    They have no say in what a pipeline file may hold, and looking takes longer than compiling.
    """
    former = os.environ.get(_PLUGINS)
    os.environ[_PLUGINS] = "__all__"
    try:
        yield
    finally:
        del os.environ[_PLUGINS]
        if former is not None:
            os.environ[_PLUGINS] = former


def _with_way_out(compiled: Compiled, spec: Path) -> Compiled:
    """Say what to write instead of a file that is not there."""
    from dataclasses import replace

    from ..compiler.suggest import closest

    if len(compiled.diagnostics) != 1 or spec.exists() or not spec.parent.is_dir():
        return compiled
    there = sorted(path.name for path in spec.parent.iterdir() if path.suffix in (".yaml", ".yml"))
    near = there[0] if len(there) == 1 else closest(spec.name, there)
    help = (
        "`reprocc init` writes a pipeline to start from"
        if near is None
        else f"did you mean `{spec.parent / near}`?"
    )
    return replace(compiled, diagnostics=(replace(compiled.diagnostics[0], help=help),))


def plan_or_stop(compiled: Compiled, *, quiet: bool = False) -> Plan:
    """Return the plan; where there is none, say why on stderr and stop."""
    from ..compiler.render.full import render_full

    if compiled.diagnostics and not (quiet and compiled.plan is not None):
        tell_text(render_full(compiled.diagnostics, colour=wants_colour(sys.stderr)))
    if compiled.plan is None:
        tell(counts(compiled.diagnostics))
        raise Stop("", status=REFUSED)
    return compiled.plan


def counts(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Say how many errors and warnings there are."""
    errors = sum(found.severity == "error" for found in diagnostics)
    warnings = len(diagnostics) - errors
    said = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return " and ".join(said)


def given_values(
    given: list[str] | None, file: str | None
) -> dict[str, object] | tuple[Diagnostic, ...]:
    """Return parameter values from a file and from `-p NAME=VALUE`, which wins.

    What is wrong with the file is returned, a pair that is none stops the verb.
    """
    values = {} if file is None else _read_file(file)
    if isinstance(values, tuple):
        return values
    for pair in given or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Stop(
                f"`-p {pair}` is not NAME=VALUE",
                status=USAGE,
                help=f"write `-p {name or 'NAME'}=VALUE`",
            )
        values[name] = value
    return values


def _read_file(path: str) -> dict[str, object] | tuple[Diagnostic, ...]:
    from ..compiler.diagnostic import Diagnostic, Label
    from ..compiler.document import Mapping, plain_value
    from ..compiler.reading import decode, read
    from ..compiler.source import Source, Span
    from ..compiler.unreadable import why_unreadable
    from .codes import PARAMETERS_FILE

    def refused(message: str, span: Span) -> tuple[Diagnostic, ...]:
        return (Diagnostic(code=PARAMETERS_FILE, message=message, primary=Label(span=span)),)

    try:
        source = decode(path, Path(path).read_bytes())
    except OSError as error:
        span = Span(Source(path=path, text=""), 0, 0)
        return refused(f"the file of parameters {why_unreadable(error)}", span)
    document, diagnostics = (None, (source,)) if isinstance(source, Diagnostic) else read(source)
    if document is None or diagnostics:
        return diagnostics
    if not isinstance(document.root, Mapping):
        return refused("parameters must be a mapping from names to values", document.root.span)
    return {entry.key: plain_value(entry.value) for entry in document.root.entries}
