"""Scratch folders and workplaces: made, sealed, removed, swept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from reprocc.runtime.worker.scratch import make_scratch, remove_tree, seal_tree
from reprocc.runtime.worker.watched import watch
from reprocc.runtime.worker.workplace import Workplace

ODD = "größer 店 100% it's"


def test_a_scratch_folder_has_room_for_everything_and_goes_whole(tmp_path: Path) -> None:
    (tmp_path / ODD).mkdir()
    scratch = make_scratch(tmp_path / ODD)
    folders = (scratch.home, scratch.temporary, scratch.folder, scratch.inputs, scratch.outputs)
    assert [list(folder.iterdir()) for folder in folders] == [[]] * 5
    assert not scratch.log.exists()
    assert scratch.root.stat().st_mode & 0o077 == 0
    scratch.remove()
    assert list((tmp_path / ODD).iterdir()) == []


def test_two_scratch_folders_are_apart(tmp_path: Path) -> None:
    assert make_scratch(tmp_path).root != make_scratch(tmp_path).root


def test_removal_ends_read_only_trees_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o500)
    tree = tmp_path / "tree"
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "a" / "b" / "file").write_text("x")
    (tree / "a" / "link").symlink_to(outside)
    seal_tree(tree)
    (tree / "a" / "b").chmod(0)
    remove_tree(tree)
    assert not tree.exists()
    assert outside.stat().st_mode & 0o777 == 0o500


def test_removal_works_for_a_user_who_is_not_root(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "a" / "file").write_text("x")
    seal_tree(tree)
    if os.getuid() == 0:
        for path in (tmp_path, tree, tree / "a", tree / "a" / "file"):
            os.chown(path, 65534, 65534)
    code = (
        "import os, pathlib\n"
        "from reprocc.runtime.worker.scratch import remove_tree\n"
        "os.getuid() or (os.setgroups([]), os.setgid(65534), os.setuid(65534))\n"
        "remove_tree(pathlib.Path('tree'))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert not tree.exists()


def test_removing_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    remove_tree(tmp_path / "none")


def test_sealing_keeps_what_is_executable(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "run").write_text("")
    (tree / "run").chmod(0o755)
    (tree / "data").write_text("")
    seal_tree(tree)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tree, *tree.iterdir())}
    assert modes == {"tree": 0o555, "run": 0o555, "data": 0o444}


def test_a_watched_tree_is_changed_by_bytes_and_names_and_not_by_modes(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "file").write_text("before")
    digest = subprocess.run(
        ["sha256sum", tree / "file"], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    seen = watch("models", tree, {"file": digest})
    assert not seen.is_changed()
    (tree / "file").chmod(0o644)
    assert not seen.is_changed()
    times = (tree / "file").stat()
    (tree / "file").write_text("behind")
    os.utime(tree / "file", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert seen.is_changed(), "a size and a time that are the same hide nothing"
    (tree / "file").write_text("before")
    assert not seen.is_changed()
    tree.chmod(0o755)
    (tree / "new").mkdir()
    assert seen.is_changed()
    (tree / "new").rmdir()
    (tree / "file").unlink()
    assert seen.is_changed()


def test_what_a_dead_process_left_is_swept_and_what_lives_is_not(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\n"
        "from reprocc.runtime.worker.workplace import Workplace\n"
        "Workplace(pathlib.Path(sys.argv[1])).folder('tables').chmod(0o500)\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (dead,) = tmp_path.glob("reprocc-*")
    mine, other = Workplace(tmp_path), Workplace(tmp_path)
    assert not dead.exists()
    assert sorted(tmp_path.glob("reprocc-*")) == sorted([mine.path, other.path])
    mine.close()
    other.close()
    other.close()
    assert list(tmp_path.iterdir()) == []
