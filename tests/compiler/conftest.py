"""A pipeline file and its code in a folder, compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reprocc.compiler.driver import Compiled, compile_file
from reprocc.compiler.workspace import Workspace

CompilePipeline = Callable[..., Compiled]


@pytest.fixture
def compile_pipeline(tmp_path: Path) -> CompilePipeline:
    """Write a spec and the files beside it, and compile it with the parameters given."""

    def write_and_compile(
        text: str,
        files: Mapping[str, str] | None = None,
        given: Mapping[str, object] | None = None,
    ) -> Compiled:
        spec = tmp_path / "pipeline.yaml"
        spec.write_text(text, encoding="utf-8")
        for name, content in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return compile_file(spec, shown="pipeline.yaml", given=given or {}, workspace=Workspace())

    return write_and_compile
