"""`reprocc schema [-o FILE]`: the JSON Schema that editors use."""

from __future__ import annotations

from typing import Annotated

import typer

from ..output import write_output
from ..status import DONE
from ..terminal import say_text


def run(
    output: Annotated[
        str | None, typer.Option("-o", metavar="FILE", help="Write the schema to a file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Changes nothing: it is JSON.")] = False,  # noqa: ARG001
) -> int:
    """Print the JSON Schema of pipeline files."""
    from ...compiler.schema import schema_text

    if output is None:
        say_text(schema_text())
    else:
        write_output(output, schema_text().encode())
    return DONE
