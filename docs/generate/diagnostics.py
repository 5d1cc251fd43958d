"""The page of diagnostics: every code with what `reprocc explain` says of it."""

from __future__ import annotations

from reprocc.cli.known_codes import known_codes
from reprocc.compiler.diagnostic import Code

from .markdown import GENERATED, link, table

_HEAD = """# Diagnostics

{generated}

Whatever reprocc has to say against a spec, a run or a setting bears a code in brackets, as in
`error[unknown-key]`. A code means one thing for ever. An **error** stops what was asked for, a
**warning** does not. `reprocc explain CODE` prints what stands here; `reprocc explain` lists all.

"""
_MARK = "<!-- not run: a piece of a file, to show what is meant -->"


def page() -> str:
    """Return the page."""
    groups = known_codes()
    source = "the codes that stand beside each check"
    parts = [_HEAD.format(generated=GENERATED.format(source=source))]
    parts += [f"- {link(title, title)}\n" for title in groups]
    for title, codes in groups.items():
        rows = [(link(f"`{code.name}`", code.name), code.severity, code.title) for code in codes]
        parts.append(f"\n## {title}\n\n{table(('code', '', 'what it is'), rows)}")
        parts += [_code(code) for code in codes]
    return "".join(parts)


def _code(code: Code) -> str:
    return (
        f"\n### {code.name}\n\n{code.severity}: **{code.title}**. {code.explanation}\n\n"
        f"{_MARK}\n```text\n{code.example.rstrip()}\n```\n\n{code.mend}\n"
    )
