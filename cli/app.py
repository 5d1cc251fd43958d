"""The command tree. Verbs import what they need when they are called, so each starts fast."""

from __future__ import annotations

import typer

from .verbs import (
    artifacts,
    compile,
    get,
    logs,
    plan,
    runs,
    schema,
    show,
    submit,
    validate,
    versions,
)

VERBS = (validate, compile, plan, submit, runs, show, logs, artifacts, versions, get, schema)


def build_app() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="reprocc",
        help="Reproducible AI pipelines: compile a YAML file, run what has changed.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_root)
    for verb in VERBS:
        app.command(name=verb.__name__.rpartition(".")[2])(verb.run)
    return app


def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        from .. import __version__
        from .terminal import say

        say(f"reprocc {__version__}")
        raise typer.Exit


def is_abort(error: Exception) -> bool:
    """Whether the person at the terminal ended the command."""
    return isinstance(error, typer.Abort)
