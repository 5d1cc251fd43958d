"""What is remembered of files between compilations, and when it is not believed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.memory import Memory, signature_of
from reprocc.compiler.workspace import Workspace

SPEC = """\
reprocc: 1
name: a
artifacts:
  raw: {kind: file, source: raw.bin}
  out: {kind: file}
  two: {kind: file}
transformations:
  make: {python: "main:make", inputs: [raw], outputs: [out]}
  tell:
    command: [python, tell.py, "${inputs.raw}", "${outputs.two}"]
    inputs: [raw]
    outputs: [two]
"""
PADDING = "\n".join(f"NUMBER_{number} = {number}  # {'x' * 80}" for number in range(700))
FILES = {
    "pipeline.yaml": SPEC,
    "raw.bin": "x",
    "main.py": "from pkg.a import f\ndef make(raw, out): return f()\n",
    "tell.py": "import sys\nfrom pkg.b import g\nif __name__ == '__main__': print(g(), sys.argv)\n",
    "pkg/__init__.py": "from . import b\n",
    "pkg/a.py": "from pathlib import Path\nimport random\nfrom .b import *\n"
    "def f(): return g(), random.Random(), (Path(__file__).parent / 'data.txt').read_text()\n"
    f"@print\ndef h(x: 'int | None' = [1, *range(3)]): ...\n{PADDING}\n",
    "pkg/b.py": f"class B:\n    x = 'B'\nO = B()\ndef g(): return 'G'\nX = O + 1\n{PADDING}\n",
    "pkg/data.txt": "data\n",
}


def laid_out(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def aged(folder: Path) -> Path:
    """Let what was remembered be of later than its files, as it is a while after."""
    for file in folder.glob("*.memory"):
        later = file.stat().st_mtime_ns + 10_000_000_000
        os.utime(file, ns=(later, later))
    return folder


def compiled(folder: Path, kept_in: Path | None) -> tuple[Compiled, set[str]]:
    """Compile, and return with it the files of Python that were read."""
    workspace = Workspace(kept_in=kept_in)
    done = compile_file(
        folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=workspace
    )
    workspace.save()
    read = {Path(path).relative_to(folder).as_posix() for path in workspace._read}
    return done, {path for path in read if path.endswith(".py")}


@pytest.fixture
def kept_in(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def test_of_an_unchanged_tree_only_what_is_called_is_read_again(
    tmp_path: Path, kept_in: Path
) -> None:
    folder = laid_out(tmp_path / "code")
    first, read = compiled(folder, kept_in)
    assert read == {"main.py", "tell.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py"}
    again, read = compiled(folder, aged(kept_in))
    # The signature of a function is read anew, and the place of a warning.
    assert read == {"main.py", "pkg/a.py"}
    assert [d.code.name for d in first.diagnostics] == ["unseeded-generator"]
    assert again == first
    assert compiled(folder, None)[0] == first


@pytest.mark.parametrize("name", ["pkg/a.py", "pkg/b.py", "pkg/__init__.py", "tell.py"])
def test_a_file_that_changed_is_noticed_though_its_size_and_time_are_the_same(
    tmp_path: Path, kept_in: Path, name: str
) -> None:
    folder = laid_out(tmp_path / "code")
    compiled(folder, kept_in)
    before = (folder / name).stat()
    text = FILES[name].replace("'G'", "'H'").replace("print", "vprin").replace(" b\n", " a\n")
    (folder / name).write_text(text, encoding="utf-8")
    os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (folder / name).stat().st_size == before.st_size
    again, read = compiled(folder, aged(kept_in))
    assert name in read
    assert again == compiled(folder, None)[0]


def test_what_changed_just_before_it_was_written_down_is_read(
    tmp_path: Path, kept_in: Path
) -> None:
    folder = laid_out(tmp_path / "code")
    compiled(folder, kept_in)
    _, read = compiled(folder, kept_in)
    assert "pkg/b.py" in read
    key = str(folder / "pkg/b.py")
    signature = signature_of(key)
    assert signature is not None
    assert Memory(kept_in, folder).recall(key, signature) is None
    assert Memory(aged(kept_in), folder).recall(key, signature) is not None


def test_a_file_that_was_only_touched_is_not_worked_out_again(
    tmp_path: Path, kept_in: Path
) -> None:
    folder = laid_out(tmp_path / "code")
    compiled(folder, kept_in)
    os.utime(folder / "pkg/b.py")
    workspace = Workspace(kept_in=aged(kept_in))
    assert workspace.recall(folder / "pkg/b.py", folder, "parts") is not None
    assert workspace.recall(folder / "pkg/b.py", folder, "nonsense") is None
    assert [Path(path).name for path in workspace._read] == ["b.py"]


def test_unsaved_text_goes_before_what_is_remembered(tmp_path: Path, kept_in: Path) -> None:
    folder = laid_out(tmp_path / "code")
    first, _ = compiled(folder, kept_in)
    text = FILES["pkg/b.py"].replace("'G'", "'H'").encode()
    workspace = Workspace({str(folder / "pkg/b.py"): text}, kept_in=aged(kept_in))
    done = compile_file(
        folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=workspace
    )
    assert done.plan != first.plan


def test_a_file_that_changes_between_plan_and_snapshot_is_refused(
    tmp_path: Path, kept_in: Path
) -> None:
    folder = laid_out(tmp_path / "code")
    compiled(folder, kept_in)
    workspace = Workspace(kept_in=aged(kept_in))
    compile_file(folder / "pipeline.yaml", shown="pipeline.yaml", given={}, workspace=workspace)
    (folder / "pkg/b.py").write_text("def g(): return 'H'\n", encoding="utf-8")
    with pytest.raises(OSError, match="changed while it was compiled"):
        workspace.read(folder / "pkg/b.py")


@pytest.mark.parametrize("garbage", [b"", b"x" * 100, b"\0" * 40])
def test_garbage_is_taken_for_nothing(tmp_path: Path, kept_in: Path, garbage: bytes) -> None:
    folder = laid_out(tmp_path / "code")
    first, _ = compiled(folder, kept_in)
    [file] = kept_in.iterdir()
    whole = file.read_bytes()
    for bad in (garbage, whole[:-1], whole[:60] + b"!" + whole[61:]):
        file.write_bytes(bad)
        again, read = compiled(folder, aged(kept_in))
        assert again == first
        assert "pkg/b.py" in read


def test_a_place_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "code")
    (tmp_path / "file").write_text("")
    done, _ = compiled(folder, tmp_path / "file" / "kept")
    assert done == compiled(folder, None)[0]


def test_little_is_not_worth_being_kept(tmp_path: Path, kept_in: Path) -> None:
    folder = laid_out(tmp_path / "code", {**FILES, "pkg/a.py": "def f(): ...\n"})
    compiled(folder, kept_in)
    assert not kept_in.exists()


def test_few_folders_are_remembered_those_used_last(tmp_path: Path, kept_in: Path) -> None:
    for number in range(20):
        memory = Memory(kept_in, tmp_path / str(number))
        memory.keep("x", (200_000, 0, 0, 0, 0), "sha", "parts", lambda: b"packed")
        memory.save()
    assert len(list(kept_in.iterdir())) == 16
    assert Memory(kept_in, tmp_path / "19").recall("x", (200_000, 0, 0, 0, 0)) == "sha"
