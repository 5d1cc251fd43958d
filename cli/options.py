"""Options that several verbs share, declared once."""

from __future__ import annotations

from typing import Annotated

import typer

Spec = Annotated[str, typer.Argument(metavar="SPEC", help="The pipeline file.", show_default=False)]
Given = Annotated[
    list[str] | None,
    typer.Option("-p", metavar="NAME=VALUE", help="Give a parameter a value; may be repeated."),
]
ParametersFile = Annotated[
    str | None,
    typer.Option("--parameters", metavar="FILE", help="Read parameter values from YAML or JSON."),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FOLDER",
        help="Where artifacts are kept. Default: by the settings, or the nearest .reprocc folder.",
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Take settings from this profile of `reprocc.toml` as well.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="TASK",
        help="Run only this: `fit`, or `fit[depth=4]`. What it needs must be in the store.",
    ),
]
From = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="TASK", help="Run only this and what builds upon it."),
]
Until = Annotated[
    list[str] | None,
    typer.Option("--until", metavar="TASK", help="Run only this and what it needs."),
]
Force = Annotated[
    list[str] | None,
    typer.Option("--force", metavar="TASK", help="Run this again, though it could be reused."),
]
