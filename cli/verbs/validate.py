"""`reprocc validate SPEC…`: everything that is wrong, in one pass; starts nothing."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from ..compiling import compile_spec, counts
from ..options import Given, Json, ParametersFile, Quiet
from ..status import DONE, REFUSED
from ..terminal import say_text, tell, wants_colour

Format = Literal["full", "concise", "json", "sarif", "github"]


def run(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC…", help="Pipeline files.")],
    format: Annotated[Format, typer.Option("--format", help="How to print.")] = "full",
    json: Json = False,
    given: Given = None,
    parameters: ParametersFile = None,
    quiet: Quiet = False,
) -> int:
    """Check pipeline files and print all that is wrong with them."""
    from ...compiler.diagnostic import Diagnostic, in_order

    found: list[Diagnostic] = []
    for spec in specs:
        found.extend(compile_spec(spec, given, parameters).diagnostics)
    diagnostics = in_order(found)
    say_text(_render("json" if json else format, diagnostics))
    if not quiet:
        said = counts(diagnostics)
        names = ", ".join(specs)
        tell(f"{names}: {said}" if said else f"{names}: valid")
    return REFUSED if any(one.severity == "error" for one in diagnostics) else DONE


def _render(format: Format, diagnostics: tuple[object, ...]) -> str:
    from importlib import import_module

    module = import_module(f"...compiler.render.{format}", __package__)
    render = getattr(module, f"render_{format}")
    if format == "full":
        return str(render(diagnostics, colour=wants_colour(sys.stdout)))
    return str(render(diagnostics))
