"""`reprocc gc`: remove what nobody needs any more from a store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...compiler.point import point_text
from ...compiler.units import duration_seconds
from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, REFUSED, USAGE
from ..stop import Stop
from ..terminal import duration, moment, say, say_json, size, table, tell

if TYPE_CHECKING:
    from ...runtime.keeping.collect import Collected, Going

_KINDS = {
    "objects": "objects of what goes",
    "orphans": "objects that nothing names",
    "logs": "logs",
    "manifests": "versions",
    "reuse": "records of what could be reused",
    "contracts": "reports of contracts",
    "leftovers": "files of writers that were killed",
}


def run(
    keep: Annotated[
        int,
        typer.Option(
            "--keep", metavar="N", help="Keep the newest N versions of each artifact and point."
        ),
    ] = 5,
    grace: Annotated[
        str,
        typer.Option("--grace", metavar="AGE", help="Remove nothing younger: `90s`, `1h`, `7d`."),
    ] = "1h",
    logs: Annotated[
        str,
        typer.Option(
            "--logs", metavar="AGE", help="Keep logs so long where what they are of goes."
        ),
    ] = "30d",
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove it. Default: only say what would go.")
    ] = False,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Remove what nothing needs any more; by default a dry run."""
    if keep < 1:
        raise Stop(f"`--keep {keep}` keeps no version", status=USAGE, help="write 1 or more")
    ages = {"--grace": _age("--grace", grace), "--logs": _age("--logs", logs)}
    from ...runtime.keeping.collect import collect
    from ...runtime.keeping.retention import Policy

    opened = open_store(store, profile=profile)
    began = time.monotonic()
    policy = Policy(keep=keep, grace=ages["--grace"], logs=ages["--logs"])
    found = collect(opened.backend, policy, deletes=delete)
    seconds = time.monotonic() - began
    if found.unreadable:
        raise _refusal(found.unreadable)
    if json:
        say_json(_record(opened.url, found, policy_keep=keep, delete=delete, seconds=seconds))
    else:
        _print(found)
        tell(_summary(found, delete=delete, seconds=seconds))
    return DONE


def _age(option: str, text: str) -> float:
    seconds = duration_seconds(text)
    if seconds is None:
        message = f"`{option} {text}` is no age"
        raise Stop(message, status=USAGE, help="write a number and s, m, h or d, such as `12h`")
    return seconds


def _refusal(keys: tuple[str, ...]) -> Stop:
    more = "" if len(keys) == 1 else f" and {len(keys) - 1} more"
    return Stop(
        f"`{keys[0]}`{more} cannot be read, so what it needs is unknown",
        status=REFUSED,
        help="`reprocc fsck` says why; `reprocc fsck --repair` sets damaged records aside",
    )


def _print(found: Collected) -> None:
    rows = [_row(one) for one in found.versions]
    if rows:
        say(table(rows, head=("VERSION", "SIZE", "CREATED", "CAN BE MADE AGAIN")))
        say("")
    freed = [
        (_KINDS[kind], f"{tally.count:,}", size(tally.bytes))
        for kind, tally in found.freed.items()
        if tally.count
    ]
    if freed:
        say(table(freed, head=("WHAT GOES", "COUNT", "SIZE")))


def _row(one: Going) -> tuple[str, str, str, str]:
    from ...runtime.keeping.naming import version_title

    verdict = f"no: {one.obstacle}" if one.obstacle else "yes"
    return version_title(one.version), size(one.bytes), moment(one.version.created), verdict


def _summary(found: Collected, *, delete: bool, seconds: float) -> str:
    count = sum(tally.count for tally in found.freed.values())
    stay = f"{found.kept:,} version{'' if found.kept == 1 else 's'} stay"
    if found.kept == 1:
        stay += "s"
    lines = []
    if found.under_way:
        runs = "a run is" if len(found.under_way) == 1 else f"{len(found.under_way)} runs are"
        lines.append(f"{runs} under way; nothing goes that was new or in use since it began")
    if not count:
        lines.append(f"there is nothing to remove; {stay}")
    elif delete:
        lines.append(f"{size(found.bytes)} freed in {duration(seconds)}; {stay}")
    else:
        lines.append(f"{size(found.bytes)} would be freed; {stay}")
        lines.append("  = help: this was a dry run; `--delete` removes it")
    return "\n".join(lines)


def _record(
    url: str, found: Collected, *, policy_keep: int, delete: bool, seconds: float
) -> dict[str, Any]:
    return {
        "store": url,
        "deleted": delete,
        "keep": policy_keep,
        "seconds": round(seconds, 3),
        "bytes": found.bytes,
        "kept": found.kept,
        "under_way": list(found.under_way),
        "freed": {
            kind: {"count": tally.count, "bytes": tally.bytes}
            for kind, tally in found.freed.items()
        },
        "versions": [
            {
                "pipeline": one.version.pipeline,
                "artifact": one.version.artifact,
                "point": point_text(one.version.point),
                "version": one.version.number,
                "digest": one.version.content.digest,
                "run": one.version.run,
                "created": one.version.created,
                "bytes": one.bytes,
                "can_be_made_again": not one.obstacle,
                "obstacle": one.obstacle or None,
            }
            for one in found.versions
        ],
    }
