"""`reprocc validate SPEC…`: everything that is wrong, in one pass; starts nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..compiling import compile_spec, counts
from ..options import Given, Json, ParametersFile, Quiet
from ..status import DONE, REFUSED
from ..terminal import say_json, say_text, tell, tell_text, wants_colour

if TYPE_CHECKING:
    from ...compiler.diagnostic import Diagnostic
    from ..fixing import Mended

Format = Literal["full", "concise", "json", "sarif", "github"]
Fix = Annotated[
    bool,
    typer.Option("--fix", help="Mend in the files what is certainly meant otherwise, then check."),
]


def run(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC…", help="Pipeline files.")],
    format: Annotated[Format, typer.Option("--format", help="How to print.")] = "full",
    fix: Fix = False,
    json: Json = False,
    given: Given = None,
    parameters: ParametersFile = None,
    quiet: Quiet = False,
) -> int:
    """Check pipeline files and print all that is wrong with them."""
    from ...compiler.diagnostic import in_order

    format = "json" if json else format
    found: list[Diagnostic] = []
    mended: list[Mended] = []
    for spec in specs:
        if fix:
            mended.append(_mend(spec, given, parameters, quiet=quiet))
            found.extend(mended[-1].compiled.diagnostics)
        else:
            found.extend(compile_spec(spec, given, parameters).diagnostics)
    diagnostics = in_order(found)
    if fix and format == "json":
        _say_mended(mended, diagnostics)
    else:
        say_text(_render(format, diagnostics))
    if not quiet:
        tell(f"{', '.join(specs)}: {_summary(diagnostics, mended, fix=fix)}")
    return REFUSED if any(one.severity == "error" for one in diagnostics) else DONE


def _mend(spec: str, given: list[str] | None, parameters: str | None, *, quiet: bool) -> Mended:
    from ..fixing import fix_spec
    from ..text_changes import text_changes

    mended = fix_spec(spec, given, parameters)
    if not quiet:
        tell_text(text_changes(spec, mended.before, mended.after))
    return mended


def _say_mended(mended: list[Mended], diagnostics: tuple[Diagnostic, ...]) -> None:
    import json

    from ...compiler.render.json import diagnostic_record, fix_record, render_json

    fixed = [
        {**diagnostic_record(one.diagnostic), "fixes": [fix_record(one.fix)], "round": number}
        for each in mended
        for number, applied in enumerate(each.rounds, start=1)
        for one in applied
    ]
    say_json({"fixed": fixed, "diagnostics": json.loads(render_json(diagnostics))})


def _summary(diagnostics: tuple[Diagnostic, ...], mended: list[Mended], *, fix: bool) -> str:
    said = [counts(diagnostics) or "valid"]
    if fix:
        fixed = sum(len(applied) for each in mended for applied in each.rounds)
        said.insert(0, f"{fixed} fixed")
    else:
        certain = sum(any(fix.is_certain for fix in one.fixes) for one in diagnostics)
        said += [f"`--fix` mends {certain}"] if certain else []
    return "; ".join(said)


def _render(format: Format, diagnostics: tuple[Diagnostic, ...]) -> str:
    from importlib import import_module

    module = import_module(f"...compiler.render.{format}", __package__)
    render = getattr(module, f"render_{format}")
    if format == "full":
        return str(render(diagnostics, colour=wants_colour(sys.stdout)))
    return str(render(diagnostics))
