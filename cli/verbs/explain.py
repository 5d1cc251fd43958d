"""`reprocc explain [CODE]`: what a kind of diagnostic means, and what to do about it."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Json
from ..status import DONE, REFUSED
from ..stop import Stop
from ..terminal import say, say_json

if TYPE_CHECKING:
    from ...compiler.diagnostic import Code

WIDTH = 80


def run(
    code: Annotated[
        str, typer.Argument(metavar="[CODE]", help="As printed: `unknown-key`. Default: list all.")
    ] = "",
    json: Json = False,
) -> int:
    """Explain a code that a diagnostic bears, or list all codes."""
    from ..known_codes import known_codes

    groups = known_codes()
    if not code:
        _list(groups, json=json)
        return DONE
    group, found = _find(groups, code)
    if json:
        say_json(_record(found, group) | _words(found))
    else:
        say(_text(found))
    return DONE


def _list(groups: dict[str, tuple[Code, ...]], *, json: bool) -> None:
    if json:
        say_json([_record(code, group) for group, codes in groups.items() for code in codes])
        return
    width = max(len(code.name) for codes in groups.values() for code in codes)
    blocks = [
        "\n".join([group, *(f"  {code.name:<{width}}  {code.title}" for code in codes)])
        for group, codes in groups.items()
    ]
    say("\n\n".join(blocks))


def _find(groups: dict[str, tuple[Code, ...]], name: str) -> tuple[str, Code]:
    """Return a code and its group; the name may stand in the form that a diagnostic has."""
    wanted = name.removeprefix("error").removeprefix("warning").strip("[]:")
    for group, codes in groups.items():
        for code in codes:
            if code.name == wanted:
                return group, code
    from ...compiler.suggest import closest

    near = closest(wanted, [code.name for codes in groups.values() for code in codes])
    raise Stop(
        f"there is no code `{name}`",
        status=REFUSED,
        help=f"did you mean `{near}`?" if near else "`reprocc explain` lists the codes",
    )


def _record(code: Code, group: str) -> dict[str, str]:
    return {
        "code": code.name,
        "severity": code.severity,
        "title": code.title,
        "group": group,
    }


def _words(code: Code) -> dict[str, str]:
    return {"explanation": code.explanation, "example": code.example, "mend": code.mend}


def _text(code: Code) -> str:
    parts = [
        f"{code.severity}[{code.name}]: {code.title}",
        fill(code.explanation, WIDTH, break_on_hyphens=False),
        "For example:",
        indent(code.example, "    "),
        fill(f"What to do: {code.mend}", WIDTH, break_on_hyphens=False),
    ]
    return "\n\n".join(parts)
