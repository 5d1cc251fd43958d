"""`reprocc fsck`: what is damaged in a store, and taking it out of use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..options import Json, Profile, Store
from ..places import backend_to_check
from ..status import DONE, REFUSED
from ..terminal import duration, say, say_json, size, table, tell

if TYPE_CHECKING:
    from ...runtime.keeping.finding import Checked, Finding

_MOST_NAMED = 3


def run(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every object through, and hash it again.")
    ] = False,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Take what is damaged out of use; the next submit makes it again."
        ),
    ] = False,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Check that a store is whole."""
    from ...runtime.keeping.check import check
    from ...runtime.keeping.repair import repair as mend

    backend = backend_to_check(store, profile=profile)
    began = time.monotonic()
    checked = check(backend, deep=deep)
    if repair:
        checked = mend(backend, checked)
    seconds = time.monotonic() - began
    if json:
        say_json(_record(backend.url, checked, deep=deep, repair=repair, seconds=seconds))
    else:
        if checked.findings:
            say(_listing(checked.findings))
        tell(_summary(checked, deep=deep, repair=repair, seconds=seconds))
    return DONE if checked.is_whole else REFUSED


def _listing(findings: tuple[Finding, ...]) -> str:
    rows = [
        (
            one.kind.replace("-", " "),
            _place(one),
            "" if one.size is None else size(one.size),
            one.message,
            _named(one.named_by),
            one.act or ("submit makes it again" if _is_awaited(one) else ""),
        )
        for one in findings
    ]
    return table(rows, head=("FOUND", "WHERE", "SIZE", "WHAT", "NEEDED BY", "DONE"))


def _place(one: Finding) -> str:
    """Shorten the name of an object, which is its sha256."""
    folder, slash, name = one.key.rpartition("/")
    return name[:12] if one.key.startswith("objects/") else f"{folder}{slash}{name}"


def _named(by: tuple[str, ...]) -> str:
    more = "" if len(by) <= _MOST_NAMED else f" and {len(by) - _MOST_NAMED} more"
    return ", ".join(by[:_MOST_NAMED]) + more


def _is_awaited(one: Finding) -> bool:
    return one.kind == "missing-object" and any(entry.kind == "version" for entry in one.entries)


def _summary(checked: Checked, *, deep: bool, repair: bool, seconds: float) -> str:
    how = "looked at" if not deep else "read through"
    looked = (
        f"{checked.records:,} records and {checked.objects:,} objects ({size(checked.bytes)}) "
        f"{how} in {duration(seconds)}"
    )
    lines = [f"{looked}: {_verdict(checked)}"]
    if checked.orphans:
        lines.append(
            f"{checked.orphans:,} of the objects ({size(checked.orphan_bytes)}) are needed by "
            "nothing; `reprocc gc` removes them when they are old enough"
        )
    stays = [one for one in checked.findings if one.stays and one.severity == "damage"]
    if stays and not repair:
        lines.append("  = help: `reprocc fsck --repair` takes what is damaged out of use")
    elif any(entry.kind == "version" for one in stays for entry in one.entries):
        lines.append("  = help: submit again; the tasks that made what is missing run again")
    return "\n".join(lines)


def _verdict(checked: Checked) -> str:
    damaged = [one for one in checked.findings if one.severity == "damage"]
    notes = len(checked.findings) - len(damaged)
    mended = sum(not one.stays for one in damaged)
    words = []
    if not damaged:
        words.append("nothing is damaged")
    else:
        words.append(f"{len(damaged)} damaged" + (f", {mended} mended" if mended else ""))
    if notes:
        words.append(f"{notes} note{'s' if notes > 1 else ''}")
    return ", ".join(words)


def _record(
    url: str, checked: Checked, *, deep: bool, repair: bool, seconds: float
) -> dict[str, Any]:
    return {
        "store": url,
        "is_whole": checked.is_whole,
        "deep": deep,
        "repair": repair,
        "records": checked.records,
        "objects": checked.objects,
        "bytes": checked.bytes,
        "orphans": {"count": checked.orphans, "bytes": checked.orphan_bytes},
        "seconds": round(seconds, 3),
        "findings": [
            {
                "kind": one.kind,
                "severity": one.severity,
                "key": one.key,
                "bytes": one.size,
                "message": one.message,
                "needed_by": list(one.named_by),
                "act": one.act,
                "stays": one.stays,
            }
            for one in checked.findings
        ],
    }
