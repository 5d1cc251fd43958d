"""The peers: how each is installed, and its equivalents of our generated pipelines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .measure import Cost, run
from .pipelines import CHAIN

PLACE = Path(__file__).resolve().parent.parent / ".bench"
"""Where the peers' environments lie, each on its own; not kept under version control."""

SHELL_STAGE = 'cat "$1" > "$2"; echo x >> "$2"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool: `write` makes a pipeline of chains in a folder, `write_small` the one for reruns;
    `command` runs either from there."""

    name: str
    command: tuple[str, ...]
    write: Callable[[Path, int], None]
    write_small: Callable[[Path], None]

    def install(self) -> None:
        """Install the newest release into an environment of its own. Raises CalledProcessError."""
        folder = PLACE / self.name
        if (folder / "bin" / self.name).exists():
            return
        shutil.rmtree(folder, ignore_errors=True)
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        if Path(uv).exists():
            _quietly([uv, "venv", "--python", sys.executable, str(folder)])
            _quietly([uv, "pip", "install", "--python", str(folder / "bin/python"), self.name])
        else:
            _quietly([sys.executable, "-m", "venv", str(folder)])
            _quietly([str(folder / "bin/pip"), "install", "--quiet", self.name])

    @property
    def version(self) -> str:
        """The version installed."""
        code = f"from importlib.metadata import version; print(version({self.name!r}))"
        python = str(PLACE / self.name / "bin" / "python")
        return subprocess.run(
            [python, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()

    def run(self, folder: Path, limit: float | None = None) -> None:
        """Run the pipeline. Raises CalledProcessError, subprocess.TimeoutExpired."""
        binary = PLACE / self.name / "bin"
        subprocess.run(
            [str(binary / self.command[0]), *self.command[1:]],
            cwd=folder,
            env=_variables(binary),
            check=True,
            capture_output=True,
            timeout=limit,
        )

    def ask(self, folder: Path, arguments: Sequence[str], limit: float) -> Cost:
        """Run a command of the peer that starts no stage, and return its cost.

        Raises CalledProcessError, subprocess.TimeoutExpired.
        """
        binary = PLACE / self.name / "bin"
        command = [str(binary / self.command[0]), *arguments]
        return run(command, folder=folder, env=_variables(binary), limit=limit)


def run_dvc(folder: Path, *arguments: str) -> None:
    """Run a command of DVC in a folder. Raises CalledProcessError."""
    binary = PLACE / "dvc" / "bin"
    command = [str(binary / "dvc"), *arguments, "--quiet"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=_variables(binary))


def _variables(binary: Path) -> dict[str, str]:
    home = PLACE / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": f"{binary}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "DVC_NO_ANALYTICS": "1",
    }


def _chain_files(index: int) -> tuple[str, str]:
    return (f"m{index - 1}" if index % CHAIN else "start"), f"m{index}"


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "stage.sh").write_text(SHELL_STAGE, encoding="utf-8")
    (folder / "start").write_text("0\n", encoding="utf-8")


def _write_dvc(folder: Path, count: int) -> None:
    _prepare(folder)
    stages = {}
    for index in range(count):
        source, target = _chain_files(index)
        stages[f"t{index}"] = {
            "cmd": f"sh stage.sh {source} {target}",
            "deps": [source],
            "outs": [target],
        }
    _init_dvc(folder, {"stages": stages})


def _init_dvc(folder: Path, pipeline: object) -> None:
    (folder / "dvc.yaml").write_text(json.dumps(pipeline), encoding="utf-8")
    run_dvc(folder, "init", "--no-scm")


def _write_snakemake(folder: Path, count: int) -> None:
    _prepare(folder)
    rules = [f"rule all:\n    input: {[f'm{index}' for index in range(count)]}\n"]
    for index in range(count):
        source, target = _chain_files(index)
        rules.append(
            f"rule t{index}:\n    input: {source!r}\n    output: {target!r}\n"
            f"    shell: 'sh stage.sh {{input}} {{output}}'\n"
        )
    (folder / "Snakefile").write_text("\n".join(rules), encoding="utf-8")


def _write_doit(folder: Path, count: int) -> None:
    _prepare(folder)
    pairs = [_chain_files(index) for index in range(count)]
    text = f"""
PAIRS = {pairs!r}

def stage(source, target):
    with open(source) as file:
        text = file.read()
    with open(target, "w") as file:
        file.write(text + "x\\n")

def task_chain():
    for source, target in PAIRS:
        yield {{"name": target, "actions": [(stage, (source, target))],
               "file_dep": [source], "targets": [target]}}
"""
    (folder / "dodo.py").write_text(text, encoding="utf-8")


def _small_dvc(folder: Path) -> None:
    stages = {}
    for name, source, target, parameter in small_stages():
        stages[name] = {
            "cmd": f"python stage.py {name} {source} {target}",
            "deps": [source, "stage.py"],
            "outs": [target],
            **({"params": [parameter]} if parameter else {}),
        }
    _init_dvc(folder, {"stages": stages})


def _small_snakemake(folder: Path) -> None:
    rules = ["configfile: 'params.yaml'\n", "rule all:\n    input: ['a4', 'b4']\n"]
    for name, source, target, parameter in small_stages():
        given = f"    params: value=config[{parameter!r}]\n" if parameter else ""
        rules.append(
            f"rule {name}:\n    input: {source!r}, 'stage.py'\n    output: {target!r}\n{given}"
            f"    shell: 'python stage.py {name} {source} {target}'\n"
        )
    (folder / "Snakefile").write_text("\n".join(rules), encoding="utf-8")


def _small_doit(folder: Path) -> None:
    text = f"""
import json
from doit.tools import config_changed
PARAMETERS = json.load(open("params.yaml"))

def task_stage():
    for name, source, target, parameter in {small_stages()!r}:
        yield {{"name": name, "actions": [f"python stage.py {{name}} {{source}} {{target}}"],
               "file_dep": [source, "stage.py"], "targets": [target],
               "uptodate": [config_changed(str(PARAMETERS[parameter]))] if parameter else []}}
"""
    (folder / "dodo.py").write_text(text, encoding="utf-8")


def small_stages() -> list[tuple[str, str, str, str]]:
    """Return the stages for reruns: name, what it reads, what it writes, its parameter."""
    return [
        (f"{verb}_{chain}", _read(chain, at), f"{chain}{at}", f"ending_{chain}" if at == 4 else "")
        for chain in ("a", "b")
        for at, verb in enumerate(("strip", "shout", "turn", "finish"), start=1)
    ]


def _read(chain: str, at: int) -> str:
    return f"{chain}.txt" if at == 1 else f"{chain}{at - 1}"


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


PEERS = (
    Peer(
        name="doit",
        command=("doit", "run", "-v0"),
        write=_write_doit,
        write_small=_small_doit,
    ),
    Peer(
        name="snakemake",
        command=("snakemake", "--cores", "all", "--quiet", "all"),
        write=_write_snakemake,
        write_small=_small_snakemake,
    ),
    Peer(
        name="dvc",
        command=("dvc", "repro", "--quiet"),
        write=_write_dvc,
        write_small=_small_dvc,
    ),
)
