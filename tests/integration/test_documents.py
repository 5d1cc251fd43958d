"""Every block of the documentation runs and shows what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from .documents import agrees, pages, play


@pytest.mark.ray
@pytest.mark.parametrize("page", pages(), ids=str)
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
