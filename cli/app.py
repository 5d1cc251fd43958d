"""The command tree. Verbs import what they need when they are called, so each starts fast."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

import typer

from .help import Verb, Verbs

SECTIONS: dict[str, tuple[str, ...]] = {
    "Write and run": ("init", "validate", "plan", "submit"),
    "Look at runs": ("runs", "show", "logs"),
    "Look at what they made": ("artifacts", "versions", "get", "diff", "tag", "lineage"),
    "Understand": ("why", "explain"),
    "Keep the store": ("fsck", "gc"),
    "Other tools": ("compile", "schema", "completion"),
}
"""The verbs as help lists them; each has a module of its name."""

VERBS = tuple(verb for verbs in SECTIONS.values() for verb in verbs)


def build_app(verbs: Iterable[str] = VERBS) -> typer.Typer:
    """Return the command line: the whole, or with only those verbs that may be asked for."""
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
    for verb in verbs:
        module = import_module(f".verbs.{verb}", __package__)
        app.command(name=verb, cls=Verb)(module.run)
    Verbs.sections = SECTIONS
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
