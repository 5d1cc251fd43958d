"""Boots the child from its own folder, so that no package of ours is on the user's path."""

from __future__ import annotations

import sys

BARE = frozenset(sys.modules)
"""What every Python has imported before its first line; the lines below come after it."""

import importlib  # noqa: E402
import importlib.util  # noqa: E402
from pathlib import Path  # noqa: E402

NAME = "_reprocc_child"


def boot() -> None:
    """Make a package of this folder under a name of our own and serve until the parent is gone."""
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != folder]
    spec = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{NAME}.serve").serve(sys.argv)


if __name__ == "__main__":
    boot()
