"""Every block of the documentation runs and shows what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from .documents import ROOT, agrees, pages, play


def _marked(page: Path) -> object:
    starts_ray = "  starting Ray on this machine" in (ROOT / page).read_text(encoding="utf-8")
    return pytest.param(page, id=str(page), marks=pytest.mark.ray if starts_ray else ())


@pytest.mark.parametrize("page", [_marked(page) for page in pages()])
def test_a_page_runs_and_shows_what_it_says(page: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    wrong = play(page, folder, home)
    assert not wrong, "\n\n".join(wrong)


def test_what_differs_from_run_to_run_is_no_difference() -> None:
    shown = "penguins: run 20261122-200758-7f081c\n  a: done in 1.77 s\n  b: done in 2 s\n…\nend …"
    printed = (
        "penguins: run 20270101-000000-aaaaaa\n  b: done in 3 s\n  a: done in 1 ms\nx\ny\nend 1"
    )
    assert agrees(shown, printed)
    assert not agrees(shown, printed.replace("penguins", "puffins"))
    assert not agrees(shown, printed.replace("\nend 1", ""))


def test_a_piece_is_compiled_within_its_frame(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    page = tmp_path / "page.md"
    frame = "reprocc: 1\nname: a\nartifacts: {}\ntransformations:\n  # HERE\n"
    hidden = f"<!-- hidden file: frame.yaml\n{frame}-->\n"
    block = "<!-- within: frame.yaml -->\n```yaml\n{}\n```\n\n"
    right = block.format("a:\n  command: date > ${outputs.b}\n  outputs: [b]")
    page.write_text(right + hidden.replace("{}", "{b: {kind: file}}"), encoding="utf-8")
    assert play(page, tmp_path / "right", tmp_path / "home") == []
    page.write_text(right + hidden, encoding="utf-8")
    (wrong,) = play(page, tmp_path / "wrong", tmp_path / "home")
    assert "within frame.yaml it does not compile" in wrong
    assert "unknown-artifact" in wrong
