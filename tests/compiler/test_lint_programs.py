"""The lint of scripts and modules that commands run, whose generators nobody seeds for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.driver import compile_file
from reprocc.compiler.workspace import Workspace

SPEC = """\
reprocc: 1
name: a
artifacts:
  raw: {kind: table, source: raw.csv}
  out: {kind: file}
environments:
  default: {variables: {GIVEN: "1"}}
transformations:
  make: {command: COMMAND, inputs: [raw], outputs: [out]ALSO}
"""
RUN = '[python, tools/train.py, "${inputs.raw}", "${outputs.out}"]'
HEAD = """\
import json, os, random, sys, time
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
"""


def lint(folder: Path, body: str, command: str = RUN, also: str = "") -> list[Diagnostic]:
    """Compile a pipeline whose command runs a script, and return what is said."""
    files = {
        "raw.csv": "a\n1\n",
        "tools/train.py": f"{HEAD}{body}\n",
        "tools/beside.py": "import numpy as np\ndef draw(): return np.random.rand()\n"
        "def unused(): return np.random.default_rng()\n",
        "tools/seeds.py": "import numpy as np\ndef seed_all(n): np.random.seed(n)\n",
        "pipeline.yaml": SPEC.replace("COMMAND", command).replace("ALSO", also),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    compiled = compile_file(
        folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=Workspace()
    )
    assert compiled.plan is not None, compiled.diagnostics
    return list(compiled.diagnostics)


FOUND = {
    "a draw that nothing seeds": ("print(random.random())", ["unseeded-generator"]),
    "a draw of NumPy's": ("def main(): return np.random.rand()\nmain()", ["unseeded-generator"]),
    "a draw of torch's": ("import torch\nprint(torch.randn(3))", ["unseeded-generator"]),
    "another generator is seeded": (
        "random.seed(1)\nprint(np.random.rand())",
        ["unseeded-generator"],
    ),
    "in the part of a program": (
        "if __name__ == '__main__':\n    print(np.random.default_rng().random())",
        ["unseeded-generator"],
    ),
    "in a module beside it": ("from beside import draw\nprint(draw())", ["unseeded-generator"]),
    "an estimator": ("RandomForestClassifier().fit([[1]], [1])", ["unseeded-estimator"]),
    "a seed that is drawn": ("np.random.seed(random.randint(0, 9))", ["drawn-seed"]),
    "a time in what is written": (
        "with open(sys.argv[2], 'w') as file:\n    json.dump({'at': time.time()}, file)",
        ["clock-in-result"],
    ),
    "a variable that no environment gives": (
        "print(os.environ['EPOCHS'])",
        ["undeclared-variable"],
    ),
    "a set": (
        "print(1, file=sys.stderr)\nopen(sys.argv[2], 'w').writelines(list({'a', 'b'}))",
        ["set-order"],
    ),
    "row numbers": ("pd.read_csv(sys.argv[1]).to_csv(sys.argv[2])", ["index-column"]),
    "row numbers, paths by argparse": (
        "import argparse\nargs = argparse.ArgumentParser().parse_args()\n"
        "pd.read_csv(args.train).to_csv(args.out)",
        ["index-column"],
    ),
}

CLEAN = {
    "a seed of the task": "random.seed(int(os.environ['REPROCC_SEED']))\nprint(random.random())",
    "a seed in another function": (
        "def setup(seed): np.random.seed(seed)\n"
        "def main(): setup(1); return np.random.rand()\nmain()"
    ),
    "a seed in a module beside it": "from seeds import seed_all\nseed_all(1)\n"
    "from beside import draw\nprint(draw())",
    "a generator of one's own": "print(np.random.default_rng(3).random())",
    "paths from the command": "frame = pd.read_csv(sys.argv[1])\n"
    "frame.to_csv(sys.argv[2], index=False)",
    "a path that is written in it": "print(open('settings.json').read())",
    "what is given": "print(os.environ['GIVEN'], os.environ.get('REPROCC_SEED'))",
    "times that are told": "start = time.time()\nprint(time.time() - start)",
    "what is not reached": "def unused(): return np.random.rand()\nfrom beside import unused as u",
    "a grouped table": "pd.read_csv(sys.argv[1]).groupby('a').sum().to_csv(sys.argv[2])",
}


@pytest.mark.parametrize("case", FOUND)
def test_what_can_differ_in_a_program_is_found(case: str, tmp_path: Path) -> None:
    body, expected = FOUND[case]
    found = lint(tmp_path, body)
    assert [one.code.name for one in found] == expected, [one.message for one in found]
    assert [one.related[0].span.source.path for one in found] == ["pipeline.yaml"]


@pytest.mark.parametrize("case", CLEAN)
def test_what_cannot_is_left_alone_in_a_program(case: str, tmp_path: Path) -> None:
    assert [(one.code.name, one.message) for one in lint(tmp_path, CLEAN[case])] == []


@pytest.mark.parametrize(
    "command",
    [
        '[python, -m, tools.train, "${inputs.raw}", "${outputs.out}"]',
        '"python tools/train.py < ${inputs.raw} > ${outputs.out}"',
    ],
)
def test_modules_and_lines_of_the_shell_are_looked_at(command: str, tmp_path: Path) -> None:
    [found] = lint(tmp_path, "print(random.random())", command)
    assert found.message == "the module draws by `random.random`, which nothing seeds"
    assert found.help == "take the seed from `REPROCC_SEED`, and begin with `random.seed(seed)`"
    assert found.primary.span.text == "random.random()"


def test_a_variable_that_the_command_sets_is_given(tmp_path: Path) -> None:
    command = '"EPOCHS=3 python tools/train.py < ${inputs.raw} > ${outputs.out}"'
    assert lint(tmp_path, "print(os.environ['EPOCHS'])", command) == []


def test_a_command_that_says_it_varies_is_left_alone(tmp_path: Path) -> None:
    assert lint(tmp_path, "print(random.random())", also=", deterministic: false") == []
    allowed = "print(random.random())  # reprocc: allow unseeded-generator"
    assert lint(tmp_path, allowed) == []
