"""A command as it is run: its words, the files around it, and its variables.

It starts in a folder that holds its code and nothing else, and finds inputs, outputs and the file
of arguments beside that folder. Their paths are relative, `../in/train.csv`, so that what a program
records of its arguments is the same wherever it runs.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...compiler.plan import CommandCall as Forms
from ...compiler.plan import PathReference, Word
from ..child.request import CommandCall, InputRequest
from ..content import Content
from ..executor import Assignment, BoundOutput
from .command_inputs import SUFFIXES
from .scratch import SETTLED_TIME, Scratch, settle_times

ARGUMENTS = "arguments.json"


def command_call(
    assignment: Assignment, *, code: Path, scratch: Scratch, inputs: Sequence[InputRequest]
) -> CommandCall:
    """Lay out the code and the arguments of a command, and return the request for its attempt.

    `code` is the folder in which the snapshot of the code lies. Raises OSError.
    """
    copy_code(code, assignment.code, scratch.folder)
    arguments = scratch.root / ARGUMENTS
    arguments.write_text(assignment.arguments, encoding="utf-8")
    settle_times(arguments)
    arguments.chmod(0o444)
    os.utime(scratch.inputs, (SETTLED_TIME, SETTLED_TIME))
    return {
        "how": "command",
        "transformation": assignment.definition.name,
        "home": str(scratch.home),
        "temporary": str(scratch.temporary),
        "folder": str(scratch.folder),
        "log": str(scratch.log),
        "words": _words(assignment, _paths(assignment, scratch, inputs)),
        "variables": _variables(assignment, scratch),
    }


def copy_code(laid: Path, content: Content, folder: Path) -> None:
    """Copy the files of a snapshot into an existing folder, where they may be changed.

    What else lies in `laid`, bytecode, is left behind. Raises OSError.
    """
    for part in content.parts:
        path = folder / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(laid / part.path, path)
        path.chmod(0o755 if part.executable else 0o644)
    settle_times(folder)


def output_path(assignment: Assignment, output: BoundOutput, scratch: Scratch) -> Path:
    """Return where a command must write an output."""
    forms = assignment.definition.call
    assert isinstance(forms, Forms)
    suffix = output.artifact.suffix
    if output.artifact.kind == "table":
        suffix = SUFFIXES[dict(forms.outputs).get(output.name, "parquet")]
    elif output.artifact.kind == "metrics":
        suffix = ".json"
    return scratch.outputs / f"{output.name}{suffix}"


def relative_path(path: Path | str, scratch: Scratch) -> str:
    """Return a path of a scratch folder as a command in its working folder names it."""
    return os.path.relpath(path, scratch.folder)


def _paths(
    assignment: Assignment, scratch: Scratch, inputs: Sequence[InputRequest]
) -> dict[PathReference, str]:
    found = {
        PathReference(of="arguments", name=""): relative_path(scratch.root / ARGUMENTS, scratch)
    }
    for laid in inputs:
        assert laid["how"] == "path"
        found[PathReference(of="input", name=laid["parameter"])] = relative_path(
            laid["path"], scratch
        )
    for output in assignment.outputs:
        found[PathReference(of="output", name=output.name)] = relative_path(
            output_path(assignment, output, scratch), scratch
        )
    return found


def _words(assignment: Assignment, paths: Mapping[PathReference, str]) -> list[str]:
    command = assignment.command
    assert command is not None, "a command's assignment has its words"
    if command.shell:
        text = "".join(
            _text(word, {key: shlex.quote(p) for key, p in paths.items()}) for word in command.words
        )
        return ["/bin/sh", "-eu", "-c", text]
    return [_text(word, paths) for word in command.words]


def _text(word: Word, paths: Mapping[PathReference, str]) -> str:
    return "".join(part if isinstance(part, str) else paths[part] for part in word)


def _variables(assignment: Assignment, scratch: Scratch) -> dict[str, str]:
    variables = dict(assignment.environment.variables)
    path = variables.get("PATH", os.environ.get("PATH", os.defpath))
    return {
        # What a program prints keeps its place among what others print.
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
        "PATH": os.pathsep.join([_programs(assignment.environment.python, scratch), path]),
        "REPROCC_SEED": str(assignment.seed),
    }


def _programs(python: str, scratch: Scratch) -> str:
    """Return the folder of an environment's programs, in which `python` is its interpreter."""
    folder = os.path.dirname(python)
    if _is_same(os.path.join(folder, "python"), python):
        return folder
    # Outside a virtual environment `python` may be missing, or another version.
    own = scratch.root / "bin"
    own.mkdir(exist_ok=True)
    for name in ("python", "python3"):
        (own / name).symlink_to(python)
    return os.pathsep.join([str(own), folder])


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False
