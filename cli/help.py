"""How help is laid out: verbs by what they are for, and examples after the options."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from .examples import EXAMPLES

_TEXT = re.compile(r" <(str|list\[str\])>")
_BRACES = {ord("{"): None, ord("}"): None}


class Verb(TyperCommand):
    """A verb whose help ends with examples."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return what the verb takes, without the marks that typer puts around ours."""
        pieces = " ".join(super().collect_usage_pieces(ctx)).translate(_BRACES)
        return [pieces.replace("[[", "[").replace("]]", "]").replace("…...", "…")]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options; that a value is a text goes without saying."""
        write_rows = formatter.write_dl
        formatter.write_dl = lambda rows: write_rows(
            [(_TEXT.sub("", name), meaning) for name, meaning in rows]
        )
        super().format_options(ctx, formatter)
        formatter.write_dl = write_rows

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples of the verb."""
        examples = EXAMPLES.get(self.name or "", ())
        if not examples:
            return
        with formatter.section("Examples"):
            for command, meaning in examples:
                formatter.write(f"  {command}\n      {meaning}\n")


class Verbs(TyperGroup):
    """The root, whose verbs are listed in sections; `sections` maps titles to names of verbs."""

    sections: dict[str, tuple[str, ...]]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the verbs, section by section, all in the same columns."""
        width = max(len(name) for names in self.sections.values() for name in names)
        for title, names in self.sections.items():
            rows = [
                (name.ljust(width), verb.get_short_help_str(formatter.width - width - 4))
                for name in names
                if (verb := self.get_command(ctx, name)) is not None
            ]
            with formatter.section(title):
                formatter.write_dl(rows)
