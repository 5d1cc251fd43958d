"""The code that functions reach gives the same result for the same inputs."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic
from ..pipeline import Pipeline


def varying_code(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of what can give another result for the same inputs: `compiler/lint`."""
    if pipeline.entries.functions or any(pipeline.entries.programs.values()):
        from ..lint import lint

        yield from lint(pipeline)
