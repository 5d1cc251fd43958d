"""Writes the pages of the reference into docs/reference."""

from __future__ import annotations

from pathlib import Path

from . import command_line, diagnostics, pipeline

FOLDER = Path(__file__).resolve().parent.parent / "reference"
PAGES = {
    "pipeline.md": pipeline.page,
    "command-line.md": command_line.page,
    "diagnostics.md": diagnostics.page,
}
"""File names and what makes their text."""


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
