"""`reprocc completion SHELL`: the script that lets a shell complete verbs, options and names."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ..options import Json
from ..status import DONE
from ..terminal import say_json, say_text


def run(
    shell: Annotated[
        Literal["bash", "zsh", "fish"],
        typer.Argument(metavar="SHELL", help="The shell you use."),
    ],
    json: Json = False,
) -> int:
    """Print a script that makes a shell complete words."""
    from ..completing.scripts import SCRIPTS

    if json:
        say_json({"shell": shell, "script": SCRIPTS[shell]})
    else:
        say_text(SCRIPTS[shell])
    return DONE
