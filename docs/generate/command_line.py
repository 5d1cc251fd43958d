"""The page of the command line: every verb, as the command tree has it."""

from __future__ import annotations

import re
from typing import Any

import typer

from reprocc.cli.app import SECTIONS, build_app
from reprocc.cli.examples import EXAMPLES
from reprocc.cli.status import DONE, FAULT, INTERRUPTED, REFUSED, USAGE

from .markdown import GENERATED, link, table

_HEAD = """# The command line

{generated}

`reprocc VERB [ARGS]...` does one thing. What a verb was asked for goes to stdout, talk to stderr;
`--json` gives the same as one JSON value with stable fields. `reprocc --help` lists the verbs,
`reprocc VERB --help` says what stands here, `reprocc --version` prints the version.

"""

STATUSES = {
    DONE: "done",
    REFUSED: "the spec, the code, the data or the settings: something is for you to mend",
    USAGE: "the command line is wrong",
    FAULT: "the world (a store, a cluster, a full disk), or a defect of reprocc",
    INTERRUPTED: "interrupted by Ctrl-C",
}
VARIABLES = {
    "REPROCC_STORE": "Where artifacts are kept, a folder or a URL. `--store` wins over it.",
    "REPROCC_PROFILE": "The profile of the settings that holds. `--profile` wins over it.",
    "REPROCC_ADDRESS": "The cluster that runs tasks.",
    "REPROCC_TRACEBACK": "Not empty: a defect of reprocc prints its traceback, in place of a file.",
    "NO_COLOR": "Not empty: no colour.",
    "FORCE_COLOR": "Not empty and not `0`: colour where the output is no terminal too. "
    "So does `CLICOLOR_FORCE`.",
    "TMPDIR": "Where tasks work; a folder with room for their inputs and outputs.",
}
FORMS = {
    "train": "the newest version of the artifact; with axes, at every point",
    "penguins/train": "the same, the pipeline named: needed where several have such an artifact",
    "model[depth=4]": "at one point of its axes, all of them named, sorted",
    "train@3": "version 3; with axes, numbers count for each point",
    "train@production": "what a tag means now (`reprocc tag`)",
    "train@run:20261122-17": "what a run made or used; any unique beginning of its name will do",
    "train@sha256:5f0c": "the version whose digest begins so; `5f0c` does as well",
}


def page() -> str:
    """Return the page."""
    commands: Any = typer.main.get_command(build_app())
    source = "the command tree and its examples"
    parts = [_HEAD.format(generated=GENERATED.format(source=source)), _contents(commands)]
    for title, verbs in SECTIONS.items():
        parts.append(f"\n## {title}\n")
        parts += [_verb(verb, commands) for verb in verbs]
    rows = [(f"`{status}`", meaning) for status, meaning in sorted(STATUSES.items())]
    parts += ["\n## Exit statuses\n\n", table(("status", "meaning"), rows)]
    rows = [(f"`{name}`", meaning) for name, meaning in VARIABLES.items()]
    parts += ["\n## Environment variables\n\n", table(("variable", "meaning"), rows)]
    parts += ["\nThe rest is settled in a file: see [Settings](../settings.md).\n"]
    rows = [(f"`{form}`", meaning) for form, meaning in FORMS.items()]
    parts += ["\n## Naming a version\n\n", table(("written", "what it names"), rows)]
    parts += ["\nBrackets are for the shell to leave alone: quote them, `'model[depth=4]'`.\n"]
    return "".join(parts)


def _contents(commands: Any) -> str:
    rows = []
    for title, verbs in SECTIONS.items():
        for verb in verbs:
            rows.append((title, link(f"`{verb}`", verb), _sentence(commands.commands[verb])))
            title = ""
    more = ("Exit statuses", "Environment variables", "Naming a version")
    return f"{table(('', 'verb', ''), rows)}\n{' · '.join(link(one, one) for one in more)}\n"


def _sentence(command: Any) -> str:
    return " ".join((command.help or "").split())


def _verb(name: str, commands: Any) -> str:
    command = commands.commands[name]
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f"\n### {name}\n\n`reprocc {name} {usage}`\n\n{_sentence(command)}\n"]
    rows = [_row(parameter, context) for parameter in command.params if not parameter.hidden]
    parts.append(f"\n{table(('', 'meaning'), rows)}" if rows else "")
    examples = [f"- `{typed}`: {meaning}\n" for typed, meaning in EXAMPLES.get(name, ())]
    parts.append("\nExamples:\n\n" + "".join(examples) if examples else "")
    return "".join(parts)


def _row(parameter: Any, context: Any) -> tuple[str, str]:
    written, meaning = parameter.get_help_record(context) or (parameter.name, parameter.help or "")
    written = re.sub(r" <(str|list\[str\])>", "", written).replace("{", "").replace("}", "")
    return f"`{written}`", meaning
