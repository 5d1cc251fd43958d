"""The command tree. Verbs import what they need when they are called, so each starts fast."""

from __future__ import annotations

from types import ModuleType

import typer

from .help import Verb, Verbs
from .verbs import (
    artifacts,
    compile,
    completion,
    diff,
    explain,
    get,
    init,
    lineage,
    logs,
    plan,
    runs,
    schema,
    show,
    submit,
    tag,
    validate,
    versions,
    why,
)

SECTIONS: dict[str, tuple[ModuleType, ...]] = {
    "Write and run": (init, validate, plan, submit),
    "Look at runs": (runs, show, logs),
    "Look at what they made": (artifacts, versions, get, diff, tag, lineage),
    "Understand": (why, explain),
    "Other tools": (compile, schema, completion),
}
"""The verbs as help lists them."""

VERBS = tuple(verb for verbs in SECTIONS.values() for verb in verbs)


def build_app() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="reprocc",
        cls=Verbs,
        help="Reproducible AI pipelines: compile a YAML file, run what has changed.",
        epilog="Start with `reprocc init demo`; `reprocc VERB -h` says more of a verb.",
        no_args_is_help=True,
        add_completion=False,  # `reprocc completion SHELL` does it
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        subcommand_metavar="VERB [ARGS]...",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_root)
    for verb in VERBS:
        app.command(name=verb_name(verb), cls=Verb)(verb.run)
    Verbs.sections = {
        title: tuple(verb_name(verb) for verb in verbs) for title, verbs in SECTIONS.items()
    }
    return app


def verb_name(verb: ModuleType) -> str:
    """Return what is typed for the verb of a module."""
    return verb.__name__.rpartition(".")[2]


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
