"""The pipeline that `reprocc init` writes: which files, with what in them."""

from __future__ import annotations

import re
from pathlib import Path

FILES = {
    "pipeline.yaml": "pipeline.yaml",
    "stages/__init__.py": "stages/__init__.py",
    "stages/prepare.py": "stages/prepare.py",
    "stages/model.py": "stages/model.py",
    "stages/polynomial.py": "stages/polynomial.py",
    "stages/scores.py": "stages/scores.py",
    "stages/picture.py": "stages/picture.py",
    "data/days.csv": "data/days.csv",
    "reprocc.toml": "reprocc.toml",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    ".vscode/settings.json": "vscode-settings.json",
    ".vscode/extensions.json": "vscode-extensions.json",
}
"""What is written → which file of `specs/template` it is a copy of."""

SCHEMA = ".vscode/pipeline-1.json"
"""What is written beside, for editors: the schema of this version."""

_NAMED = {"pipeline.yaml": "name: demand\n", "README.md": "# demand\n"}
"""The line of a file that bears the name of the pipeline."""


def starter_files(name: str) -> dict[str, bytes]:
    """Return path → content of every file, for a pipeline of that name."""
    from importlib.resources import files

    from ..compiler.schema import schema_text

    template = files("reprocc.specs") / "template"
    found: dict[str, bytes] = {}
    for target, source in FILES.items():
        data = template.joinpath(*source.split("/")).read_bytes()
        line = _NAMED.get(target)
        if line is not None:
            data = data.replace(line.encode(), line.replace("demand", name).encode(), 1)
        found[target] = data
    return found | {SCHEMA: schema_text().encode()}


def pipeline_name(folder: Path) -> str:
    """Return the name of a folder as a pipeline may be called: `My Project` is `my-project`."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", folder.name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not name:
        return "pipeline"
    return name if name[0].isalpha() else f"pipeline-{name}"
