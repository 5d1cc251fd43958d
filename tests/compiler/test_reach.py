"""What a function can reach."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import reprocc
from reprocc.compiler.code.entry import find_entry
from reprocc.compiler.code.files import code_files
from reprocc.compiler.code.folder import CodeFolder
from reprocc.compiler.code.reach import reach
from reprocc.compiler.code.standard import STANDARD_MODULES
from reprocc.compiler.diagnostic import Diagnostic
from reprocc.compiler.plan import Code
from reprocc.compiler.render.full import render_full
from reprocc.compiler.source import Source, Span
from reprocc.compiler.spec import Name
from reprocc.compiler.workspace import Workspace


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def word(text: str) -> Name:
    source = Source(path="pipeline.yaml", text=text)
    return Name(text=text, span=Span(source, 0, len(text)))


def reached(
    folder: Path, *extra: str, entry: str = "main:run"
) -> tuple[Code | None, tuple[Diagnostic, ...]]:
    workspace = Workspace()
    code = CodeFolder(workspace, folder, "")
    found, problems = find_entry(workspace, code, word(entry))
    assert problems == ()
    assert found is not None
    return reach(workspace, code, found, tuple(map(word, extra)))


def code_of(folder: Path, *extra: str, entry: str = "main:run") -> Code:
    code, problems = reached(folder, *extra, entry=entry)
    assert problems == ()
    assert code is not None
    return code


def paths(code: Code) -> list[str]:
    return [file.path for file in code.files]


EVERY_KIND = {
    "main.py": (
        "import one\n"
        "from two import name, inner\n"
        "from stars import *\n"
        "if x:\n    import conditional\n"
        "for i in x:\n    with y:\n        import nested\n"
        "def run():\n    from late import thing\n"
        "class A:\n    import in_class\n"
        "import importlib as il\nil.import_module('dynamic')\n"
        "il.import_module('.unused', 'two')\n"
        "__import__('underscored')\n"
        "match x:\n    case 1:\n        import matched\n"
    ),
    "one.py": "import three.four.five\n",
    "two/__init__.py": "from . import sibling\n",
    "two/inner.py": "from .cousin import x\n",
    "two/sibling.py": "",
    "two/cousin.py": "",
    "two/unused.py": "",
    "three/__init__.py": "",
    "three/four/__init__.py": "",
    "three/four/five.py": "",
    "stars/__init__.py": "__all__ = ['shine', 'f']\n",
    "stars/shine.py": "",
    "stars/dim.py": "",
    **{
        f"{name}.py": ""
        for name in (
            "conditional",
            "nested",
            "late",
            "in_class",
            "dynamic",
            "underscored",
            "matched",
            "unused",
        )
    },
}


def test_every_kind_of_import_is_followed(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, EVERY_KIND)
    assert paths(code_of(folder)) == [
        "conditional.py",
        "dynamic.py",
        "in_class.py",
        "late.py",
        "main.py",
        "matched.py",
        "nested.py",
        "one.py",
        "stars/__init__.py",
        "stars/shine.py",
        "three/__init__.py",
        "three/four/__init__.py",
        "three/four/five.py",
        "two/__init__.py",
        "two/cousin.py",
        "two/inner.py",
        "two/sibling.py",
        "two/unused.py",
        "underscored.py",
    ]


def test_what_only_type_checkers_or_a_main_program_import_is_left_out(tmp_path: Path) -> None:
    main = (
        "import typing\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import a, pandas\nelse:\n    import b\n"
        "if typing.TYPE_CHECKING:\n    import c\n"
        "if __name__ == '__main__':\n    import d, click\n"
        "def run(): ...\n"
    )
    folder = laid_out(tmp_path, {"main.py": main, **{f"{name}.py": "" for name in "abcd"}})
    code = code_of(folder)
    assert paths(code) == ["b.py", "main.py"]
    assert code.imports == ()


def test_circles_of_imports_and_namespace_packages_are_followed(tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": "import space.a\ndef run(): ...\n",
            "space/a.py": "from space import b\n",
            "space/b.py": "import main\nfrom . import a\nimport space.elsewhere\n",
        },
    )
    code = code_of(folder)
    assert paths(code) == ["main.py", "space/a.py", "space/b.py"]
    assert code.imports == ("space",)


def test_imports_from_outside_are_named_by_their_top_level(tmp_path: Path) -> None:
    main = (
        "import sklearn.ensemble, os.path, json\nfrom google.cloud import storage\n"
        "import numpy as np\nfrom numpy import linalg\n"
        "try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib\n"
        "import audioop, distutils\n"
        "def run(): ...\n"
    )
    laid_out(tmp_path, {"main.py": main, "sklearn/model.csv": "", "numpy/data/x.txt": ""})
    expected = ("audioop", "distutils", "google", "numpy", "sklearn", "tomli")
    assert code_of(tmp_path).imports == expected


def test_of_imports_from_outside_those_count_that_may_run(tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": "import above.part\nfrom lib import draw\n"
            "def run():\n    import mine\n    return draw\n"
            "def other():\n    import others\n    from lib import unused\n",
            "lib/__init__.py": "import packages\n",
            "lib/draw.py": "import drawing\n"
            "def plot():\n    import plotting\nclass A:\n    import in_class\n",
            "lib/unused.py": "import never\n",
        },
    )
    code = code_of(folder)
    # A module that is used as a value counts whole.
    assert code.imports == ("above", "drawing", "in_class", "mine", "packages", "plotting")
    assert "above.part" in code.modules
    by_name = {"main.py": "from lib import draw\ndef run(): return draw.A\n"}
    assert code_of(laid_out(tmp_path, by_name)).imports == ("drawing", "in_class", "packages")


def test_the_standard_library_is_the_same_on_every_version() -> None:
    assert {"json", "tomllib", "os", "dataclasses"} <= STANDARD_MODULES
    assert not STANDARD_MODULES & {"audioop", "distutils", "imp", "asyncore", "_colorize", "numpy"}
    if sys.version_info[:2] in {(3, 11), (3, 12), (3, 13)}:
        assert sys.stdlib_module_names >= STANDARD_MODULES


def test_the_digest_follows_what_is_reached_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "main.py": "from a import f\ndef run(): return f()\n",
        "a.py": "from b import f\n",
        "b.py": "from c import f\n",
        "c.py": "def f(): return 1\n",
        "unrelated.py": "x = 1\n",
    }
    before = code_of(laid_out(tmp_path / "one", files))
    commented = {**files, "c.py": "# why\ndef f():\n    return (1)\n", "unrelated.py": "x = 2\n"}
    changed = {**files, "c.py": "def f(): return 2\n"}
    assert code_of(laid_out(tmp_path / "two", commented)) == before
    after = code_of(laid_out(tmp_path / "three", changed))
    assert after.digest != before.digest
    assert [
        file.path for file, old in zip(after.files, before.files, strict=True) if file != old
    ] == ["c.py"]


def test_further_files_count_by_their_bytes_and_modules_by_their_trees(tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": "def run(): ...\n",
            "plugins/one.py": "import shared, numpy\n",
            "shared.py": "",
            "tables/b.csv": "1\n",
            "tables/a.csv": "2\n",
            "tables/.hidden.csv": "3\n",
            "tables/__pycache__/m.csv": "4\n",
        },
    )
    code = code_of(folder, "plugins/*.py", "tables/**/*.csv", "main.py")
    files = {file.path: file.digest for file in code.files}
    assert list(files) == ["main.py", "plugins/one.py", "shared.py", "tables/a.csv", "tables/b.csv"]
    assert (
        files["tables/a.csv"] == f"sha256:{hashlib.sha256(b'2' + os.linesep.encode()).hexdigest()}"
    )
    assert files["plugins/one.py"].startswith("reach1:")
    assert files["shared.py"] is None
    assert code.imports == ("numpy",)
    assert dict(code_files(folder, code))["tables/a.csv"].read_text() == "2\n"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("tables/*.cvs", "error[no-code-files]: `tables/*.cvs` matches no file in the code folder"),
        (
            "../x.csv",
            "error[code-outside-folder]: `../x.csv` is not a pattern within the code folder",
        ),
        ("/etc/*", "error[code-outside-folder]: `/etc/*` is not a pattern within the code folder"),
        ("", "error[code-outside-folder]: `` is not a pattern within the code folder"),
    ],
)
def test_a_pattern_that_names_no_file_is_refused(
    tmp_path: Path, pattern: str, message: str
) -> None:
    code, problems = reached(laid_out(tmp_path, {"main.py": "def run(): ...\n"}), pattern)
    assert code is None
    assert [render_full([problem], colour=False).split("\n")[0] for problem in problems] == [
        message
    ]


def test_a_project_module_that_is_not_there_is_reported_where_it_is_imported(
    tmp_path: Path,
) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": (
                "from package import scalers  # may be a name that the package makes\n"
                "try:\n    import package.fast\nexcept ImportError:\n    pass\n"
                "def run():\n    from package.scaler import scale\n"
            ),
            "package/__init__.py": "",
        },
    )
    code, problems = reached(folder)
    assert code is None
    assert render_full(problems, colour=False) == (
        "error[unknown-import]: `main.py` imports `package.scaler`, which is not in `package`\n"
        " --> main.py:7:5\n"
        "  |\n"
        "7 |     from package.scaler import scale\n"
        "  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    )


def test_all_broken_modules_are_reported_at_once(tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": "import a, b\nfrom .. import c\ndef run(): ...\n",
            "a.py": "x = (\n",
            "b.py": "def\n",
        },
    )
    code, problems = reached(folder)
    assert code is None
    places = sorted((p.code.name, p.primary.span.source.path) for p in problems)
    assert places == [
        ("invalid-python", "a.py"),
        ("invalid-python", "b.py"),
        ("unknown-import", "main.py"),
    ]


def test_the_code_is_the_same_in_any_folder_and_under_any_hash_seed(tmp_path: Path) -> None:
    files = {
        "main.py": "import a, b, numpy, pandas, sklearn\ndef run(): ...\n",
        "a.py": "x = {'k': {1, 2, 3}}\n",
        "b.py": "y = f'{x}'\n",
    }
    (tmp_path / "path" / "reprocc").parent.mkdir()
    (tmp_path / "path" / "reprocc").symlink_to(Path(reprocc.__file__).parent)
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from reprocc.compiler.code.entry import find_entry\n"
        "from reprocc.compiler.code.reach import reach\n"
        "from reprocc.compiler.source import Source, Span\n"
        "from reprocc.compiler.spec import Name\n"
        "from reprocc.compiler.workspace import Workspace\n"
        "name = Name(text='main:run', span=Span(Source(path='', text=''), 0, 0))\n"
        "entry, _ = find_entry(Workspace(), Path(sys.argv[1]), name)\n"
        "print(reach(Workspace(), Path(sys.argv[1]), entry, ()))\n"
        "print('numpy' in sys.modules, 'pydantic' in sys.modules, file=sys.stderr)\n"
    )
    answers = set()
    for seed, folder in (("1", "one"), ("2", "two ö")):
        laid_out(tmp_path / folder, files)
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / folder)],
            env={**os.environ, "PYTHONPATH": str(tmp_path / "path"), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == "False False\n"
        answers.add(done.stdout)
    assert len(answers) == 1
    assert "reach1:" in answers.pop()


def test_what_is_surely_imported_is_required(tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path,
        {
            "main.py": (
                "import sure, json\nimport near\nfrom package import inner\n"
                "if x:\n    import perhaps\n"
                "try:\n    import guarded, far\nexcept ImportError:\n    pass\n"
                "with x:\n    import within\n"
                "def run():\n    import late\n"
            ),
            "near.py": "import sure_too.part\n",
            "far.py": "import behind\n",
            "package/__init__.py": "import above\n",
            "package/inner.py": "import below\nimport main\n",
        },
    )
    code = code_of(folder)
    assert code.required == ("above", "below", "sure", "sure_too", "within")
    assert set(code.imports) - set(code.required) == {"behind", "guarded", "late", "perhaps"}
