"""No YAML comment cuts a command off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..codes.commands import COMMENT_IN_COMMAND
from ..diagnostic import Diagnostic, Label
from ..document import Scalar
from ..pipeline import Pipeline
from ..source import Span
from ..spec import CommandLine

_COMMENT = re.compile(r"[ \t]+(#[^\n\r]*)")


def comment_in_command(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Warn of a `#` behind a command without quotes: what follows it is no part of the command."""
    for transformation in pipeline.spec.transformations:
        body = transformation.body
        if not isinstance(body, CommandLine) or not body.is_shell:
            continue
        node = body.words[0]
        if not isinstance(node, Scalar) or not node.plain:
            continue
        comment = _COMMENT.match(node.span.source.text, node.span.end)
        if comment is not None:
            yield Diagnostic(
                code=COMMENT_IN_COMMAND,
                message="YAML takes ` #` as a comment, which is no part of the command",
                primary=Label(span=Span(node.span.source, *comment.span(1))),
                help="write the command in a block after `|`, or the comment on its own line",
            )
