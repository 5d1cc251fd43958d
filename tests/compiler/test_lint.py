"""The lint of the users' Python: whom it warns, where, with which mends, and how it is silenced."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprocc.compiler.lint.allowances import LINT_CODES

from .linting import lint, module, names
from .test_lint_rules import FOUND


@pytest.mark.parametrize("code", sorted(FOUND))
def test_a_comment_on_the_line_or_above_silences_a_warning(code: str, tmp_path: Path) -> None:
    text = module(FOUND[code][0])
    [found] = lint(tmp_path, {"m.py": text})
    span = found.primary.span
    line = span.source.text.count("\n", 0, span.start)
    lines = text.split("\n")
    beside = [*lines[:line], f"{lines[line]}  # reprocc: allow {code}", *lines[line + 1 :]]
    assert lint(tmp_path, {"m.py": "\n".join(beside)}) == []
    indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
    above = [*lines[:line], f"{indent}# reprocc: allow {code}", *lines[line:]]
    assert lint(tmp_path, {"m.py": "\n".join(above)}) == []
    other = next(name for name in LINT_CODES if name != code)
    wrong = [*lines[:line], f"{lines[line]}  # reprocc: allow {other}", *lines[line + 1 :]]
    assert names(lint(tmp_path, {"m.py": "\n".join(wrong)})) == [code]


def test_a_comment_names_several_codes(tmp_path: Path) -> None:
    text = "return list(set(raw)), os.listdir(old)  # reprocc: allow set-order, unsorted-listing"
    assert lint(tmp_path, {"m.py": module(text)}) == []


def test_a_misspelt_allowance_is_reported_with_a_fix(tmp_path: Path) -> None:
    text = module("return os.listdir(old)  # reprocc: allow unsorted-listings")
    first, second = lint(tmp_path, {"m.py": text})
    assert (first.code.name, second.code.name) == ("unsorted-listing", "unknown-allowance")
    assert second.primary.span.text == "unsorted-listings"
    [edit] = second.fixes[0].edits
    assert (edit.span.text, edit.text) == ("unsorted-listings", "unsorted-listing")


def test_a_text_that_looks_like_an_allowance_is_none(tmp_path: Path) -> None:
    assert lint(tmp_path, {"m.py": module("return '# reprocc: allow nonsense'")}) == []


def test_a_transformation_that_says_it_varies_is_left_alone(tmp_path: Path) -> None:
    files = {"m.py": module("return uuid.uuid4().hex")}
    assert names(lint(tmp_path, files)) == ["random-identifier"]
    assert lint(tmp_path, files, also=", deterministic: false") == []


def test_only_what_the_function_reaches_is_looked_at(tmp_path: Path) -> None:
    files = {
        "m.py": "from lib import draw\nimport lib.tools as tools\n\n"
        "def make(raw, old, out):\n    return draw(tools.name())\n\n"
        "def unused():\n    import uuid\n    return uuid.uuid4().hex\n",
        "lib/__init__.py": "from .drawing import draw\n",
        "lib/drawing.py": "import numpy as np\n\ndef draw(x):\n    return _rng().random()\n\n"
        "def _rng():\n    return np.random.default_rng()\n\n"
        "def never():\n    return np.random.default_rng()\n",
        "lib/tools.py": "import os\n\ndef name():\n    return os.listdir('/')\n\n"
        "def other():\n    return os.listdir('/')\n",
    }
    found = lint(tmp_path, files)
    assert [(d.code.name, d.message.split()[0]) for d in found] == [
        ("unseeded-generator", "`_rng`"),
        ("unsorted-listing", "`name`"),
    ]
    assert {d.related[0].span.source.path for d in found} == {"pipeline.yaml"}


def test_what_runs_when_a_module_is_imported_counts_but_not_as_a_program(tmp_path: Path) -> None:
    text = (
        "import random\n\nrandom.seed()\n\ndef make(raw, old, out):\n    return 1\n\n"
        "if __name__ == '__main__':\n    random.seed()\n"
    )
    [found] = lint(tmp_path, {"m.py": text})
    assert found.message == "the module calls `random.seed` without a seed"


def test_a_method_and_a_constant_are_reached(tmp_path: Path) -> None:
    text = (
        "import os\nimport numpy as np\n\nRNG = np.random.default_rng()\nIDLE = os.urandom(2)\n\n"
        "class Model:\n    def fit(self):\n        return os.listdir('/')\n\n"
        "def make(raw, old, out):\n    return Model().fit(), RNG.random()\n"
    )
    found = lint(tmp_path, {"m.py": text})
    assert names(found) == ["unseeded-generator", "unsorted-listing"]


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        ("return os.listdir(old)", "return sorted(os.listdir(old))"),
        ("return np.random.default_rng()", "return np.random.default_rng(seed)"),
        ("return np.random.default_rng(None)", "return np.random.default_rng(seed)"),
        ("return KMeans(3)", "return KMeans(3, random_state=seed)"),
        ("return KMeans(3,)", "return KMeans(3, random_state=seed,)"),
        ("return KMeans((3))", "return KMeans((3), random_state=seed)"),
        ("return KMeans(n_init=(3))", "return KMeans(n_init=(3), random_state=seed)"),
        ("return KMeans(random_state=None)", "return KMeans(random_state=seed)"),
        (
            "return KMeans(\n    3,  # three\n)",
            "return KMeans(\n    3, random_state=seed,  # three\n)",
        ),
        ("return shuffle(raw)", "return shuffle(raw, random_state=seed)"),
    ],
)
def test_a_certain_mend_is_a_text_edit_that_silences_the_warning(
    body: str, mended: str, tmp_path: Path
) -> None:
    text = module(body)
    [found] = lint(tmp_path, {"m.py": text})
    for edit in sorted(found.fixes[0].edits, key=lambda e: -e.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == module(mended)
    assert lint(tmp_path, {"m.py": text}) == []


def test_a_mend_that_could_spoil_the_text_is_only_told(tmp_path: Path) -> None:
    [found] = lint(tmp_path, {"m.py": module("return KMeans(\n    # none\n)")})
    assert found.fixes == ()
    assert found.help == "write `random_state=seed`"


def test_a_seed_is_only_put_in_where_the_function_has_one(tmp_path: Path) -> None:
    text = module("def make(raw, old, out):\n    return KMeans(3)")
    [found] = lint(tmp_path, {"m.py": text})
    assert found.fixes == ()
    assert found.help == "give the function a parameter `seed`, and write `random_state=seed`"


PEERS = {
    "a data seed drawn by random.randint": (
        "def make(raw, old, out):\n"
        "    parameters = {'test_size': 0.2, 'random_state': random.randint(0, 100)}\n"
        "    return train_test_split(raw, **parameters)",
        ["drawn-seed"],
        "def make(raw, old, out, seed):\n"
        "    parameters = {'test_size': 0.2, 'random_state': seed}\n"
        "    return train_test_split(raw, **parameters)",
    ),
    "a cached function that draws from the global numpy generator": (
        "@functools.lru_cache\ndef load(size):\n"
        "    return np.random.normal(size=size), np.arange(size)\n\n"
        "def make(raw, old, out):\n    return load(100)",
        ["cached-draw"],
        "@functools.lru_cache\ndef load(size, seed):\n"
        "    return np.random.default_rng(seed).normal(size=size), np.arange(size)\n\n"
        "def make(raw, old, out, seed):\n    return load(100, seed)",
    ),
    "an unseeded shuffle": (
        "def make(raw, old, out):\n    rows = raw.to_dict('records')\n    random.shuffle(rows)\n"
        "    half = len(rows) // 2\n    return rows[:half], rows[half:]",
        ["unseeded-shuffle"],
        "def make(raw, old, out, seed):\n    rows = raw.to_dict('records')\n"
        "    random.Random(seed).shuffle(rows)\n    half = len(rows) // 2\n"
        "    return rows[:half], rows[half:]",
    ),
    "a csv that keeps the index as a feature": (
        "def make(raw, old, out):\n"
        "    train = raw[raw['fold'] != 0].fillna(0)\n    train.to_csv(out)",
        ["index-column"],
        "def make(raw, old, out):\n    train = raw[raw['fold'] != 0].fillna(0)\n"
        "    train.to_csv(out, index=False)",
    ),
    "a model class without a seed under a seeded search": (
        "def search(model_class, grid, data):\n"
        "    found = RandomizedSearchCV(estimator=model_class(), param_distributions=grid,\n"
        "                               random_state=42)\n    return found.fit(data)\n\n"
        "def make(raw, old, out):\n    return search(RandomForestClassifier, {}, raw)",
        ["unseeded-estimator"],
        "def search(model_class, grid, data, seed):\n"
        "    found = RandomizedSearchCV(estimator=model_class(random_state=seed),\n"
        "                               param_distributions=grid, random_state=seed)\n"
        "    return found.fit(data)\n\n"
        "def make(raw, old, out, seed):\n    return search(RandomForestClassifier, {}, raw, seed)",
    ),
}


@pytest.mark.parametrize("defect", sorted(PEERS))
def test_the_defects_of_peers_examples_are_found_and_their_mends_are_clean(
    defect: str, tmp_path: Path
) -> None:
    bad, expected, good = PEERS[defect]
    assert names(lint(tmp_path, {"m.py": module(bad)})) == expected
    assert lint(tmp_path, {"m.py": module(good)}) == []


def test_deep_and_tangled_code_is_survived(tmp_path: Path) -> None:
    deep = "return " + "(time.time() + " + " + ".join(["1"] * 900) + ")"
    lint(tmp_path, {"m.py": module(deep)})
    tangled = ["a0 = time.time()", *(f"a{i + 1} = a{i} + a{i}" for i in range(60))]
    assert lint(tmp_path, {"m.py": module("\n".join(tangled))}) == []
    tangled.append("return a60")
    assert names(lint(tmp_path, {"m.py": module("\n".join(tangled))})) == ["clock-in-result"]
