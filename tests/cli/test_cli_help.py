"""Help: what each verb is for, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.main import get_command

from reprocc.cli import app
from reprocc.cli.app import SECTIONS, VERBS, build_app
from reprocc.cli.examples import EXAMPLES

ROOT = """\
Usage: reprocc [OPTIONS] VERB [ARGS]...

  Reproducible AI pipelines: compile a YAML file, run what has changed.

Options:
  --version   Print the version and exit.
  -h, --help  Show this message and exit.

Write and run:
  init        Write a small pipeline that works, with its code and data.
  validate    Check pipeline files and print all that is wrong with them.
  plan        Say what a run would do, and why.
  submit      Run a pipeline.

Look at runs:
  runs        List runs, the newest first.
  show        Show what a run did.
  logs        Print what tasks printed.

Look at what they made:
  artifacts   List artifacts and their newest versions.
  versions    List the versions of an artifact.
  get         Print where a version's files lie, or copy them.
  diff        Compare two versions, or two runs.
  tag         Name a version with a tag, or list the tags of an artifact.
  lineage     Show what a version was made from, and what was made from it.

Understand:
  why         Say why a task would run: what changed, old and new.
  explain     Explain a code that a diagnostic bears, or list all codes.

Keep the store:
  fsck        Check that a store is whole.
  gc          Remove what nothing needs any more; by default a dry run.

Other tools:
  compile     Compile a pipeline file to its canonical plan.
  schema      Print the JSON Schema of pipeline files.
  completion  Print a script that makes a shell complete words.

  Start with `reprocc init demo`; `reprocc VERB -h` says more of a verb.
"""

COMPLETION = """\
Usage: reprocc completion [OPTIONS] SHELL

  Print a script that makes a shell complete words.

Arguments:
  SHELL <bash|zsh|fish>  The shell you use.  [required]

Options:
  --json      Print one JSON value on stdout.
  -h, --help  Show this message and exit.

Examples:
  source <(reprocc completion bash)
      Complete in this bash; in ~/.bashrc: in all.
  source <(reprocc completion zsh)
      In ~/.zshrc, after `compinit`.
  reprocc completion fish > ~/.config/fish/completions/reprocc.fish
      Complete in fish.
"""


def test_the_root_lists_the_verbs_by_what_they_are_for(reprocc: Callable[..., Any]) -> None:
    done = reprocc("--help", env={"COLUMNS": "80"})
    assert (done.rc, done.stdout, done.stderr) == (0, ROOT, "")
    assert reprocc("-h", env={"COLUMNS": "80"}).stdout == ROOT
    assert reprocc(env={"COLUMNS": "80"}).stderr == ROOT


def test_a_verb_shows_what_it_takes_and_examples(reprocc: Callable[..., Any]) -> None:
    assert reprocc("completion", "-h", env={"COLUMNS": "80"}).stdout == COMPLETION


def test_every_verb_has_a_line_and_an_example() -> None:
    root: Any = get_command(build_app())
    assert len(set(VERBS)) == len(VERBS) == sum(map(len, SECTIONS.values()))
    folder = Path(app.__file__).parent / "verbs"
    assert set(VERBS) == {path.stem for path in folder.glob("[a-z]*.py")}
    assert set(EXAMPLES) == set(VERBS) == set(root.commands)
    for name, verb in root.commands.items():
        assert "..." not in verb.get_short_help_str(64), name
        for command, meaning in EXAMPLES[name]:
            assert f"reprocc {name}" in command
            assert meaning.endswith(".")
            assert max(len(command) + 2, len(meaning) + 6) <= 80, name


def test_every_example_is_a_command_that_can_be_read() -> None:
    """What the shell would run parses: the verb, its options and the number of arguments."""
    import shlex

    root: Any = get_command(build_app())
    for examples in EXAMPLES.values():
        for command, _ in examples:
            words = shlex.split(command.removeprefix("source <(").removesuffix(")"))
            _, name, *arguments = words[: words.index(">") if ">" in words else None]
            verb = root.commands[name]
            verb.make_context(name, arguments)  # raises for a wrong use


def test_every_verb_takes_json() -> None:
    root: Any = get_command(build_app())
    for name, verb in root.commands.items():
        assert any("--json" in one.opts for one in verb.params), name


def test_nothing_in_help_is_wider_than_the_terminal() -> None:
    root: Any = get_command(build_app())
    for name, verb in root.commands.items():
        with verb.make_context(name, [], resilient_parsing=True, max_content_width=80) as context:
            assert all(len(line) <= 80 for line in verb.get_help(context).splitlines()), name
