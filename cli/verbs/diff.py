"""`reprocc diff [A] [B]`: what is different between two versions, or two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, REFUSED, USAGE
from ..stop import Stop
from ..terminal import say, say_json

if TYPE_CHECKING:
    from ...runtime.compare.versions import Difference
    from ...runtime.store.backend import Backend
    from ...runtime.store.records import Version
    from ..differences.pairs import Pairs

    Compared = list[tuple[Version | None, Version | None, Difference | None]]


def run(
    a: Annotated[
        str,
        typer.Argument(
            metavar="[A]",
            help="`pipeline/artifact[axis=value]@version`, or a run. Default: the newest run.",
        ),
    ] = "",
    b: Annotated[
        str, typer.Argument(metavar="[B]", help="The same. Default: A, against the one before.")
    ] = "",
    key: Annotated[
        str,
        typer.Option(
            "--key",
            metavar="COLUMNS",
            help="Tell rows apart by these columns. Default: the declared key, else position.",
        ),
    ] = "",
    limit: Annotated[
        int,
        typer.Option("-n", "--limit", metavar="N", help="How many rows to show of each kind."),
    ] = 10,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with status 1 where anything differs.")
    ] = False,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """Compare two versions, or two runs."""
    if limit < 0:
        raise Stop(f"`-n {limit}` is no number of rows", status=USAGE)
    backend = open_store(store, profile=profile).backend
    if not a or _is_run(a) or _is_run(b):
        from ..differences.runs import say_runs

        if b and _is_run(a) != _is_run(b):
            raise Stop("a run cannot be compared with a version", status=REFUSED)
        differs = say_runs(backend, a.removeprefix("run:"), b.removeprefix("run:"), json=json)
    else:
        differs = _say_versions(backend, a, b, key=key, limit=limit, json=json)
    return REFUSED if strict and differs else DONE


def _is_run(text: str) -> bool:
    """Say whether this names a run: an artifact never begins with a digit."""
    return text.startswith("run:") or text[:1].isdigit()


def _say_versions(backend: Backend, a: str, b: str, *, key: str, limit: int, json: bool) -> bool:
    from ..differences.pairs import find_pairs, newest_pairs

    pairs = find_pairs(backend, a, b) if b else newest_pairs(backend, a)
    names = tuple(name.strip() for name in key.split(",")) if key else ()
    found = compare_pairs(backend, pairs, key=names, limit=limit)
    if json:
        from ..differences.json import pair_record

        say_json([pair_record(*each) for each in found])
    else:
        from ..differences.versions import pairs_text

        say(pairs_text(found))
    return any(
        difference is not None or old is None or new is None for old, new, difference in found
    )


def compare_pairs(backend: Backend, pairs: Pairs, *, key: tuple[str, ...], limit: int) -> Compared:
    """Compare each pair, or stop where that makes no sense."""
    from ...runtime.compare.tables import NoKey
    from ...runtime.compare.versions import OtherKind, compare_versions
    from ..differences.pairs import other_kind

    found: Compared = []
    for old, new in pairs:
        if old is None or new is None:
            found.append((old, new, None))
            continue
        try:
            difference = compare_versions(backend, old, new, key=key, limit=limit)
        except OtherKind as error:
            raise other_kind(old, new) from error
        except NoKey as error:
            raise Stop(
                str(error), status=REFUSED, help="name other columns, or leave `--key` out"
            ) from error
        found.append((old, new, difference))
    return found
