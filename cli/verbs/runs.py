"""`reprocc runs`: what ran, the newest first."""

from __future__ import annotations

import json as json_library
from typing import Annotated

import typer

from ..options import Json, Profile, Store
from ..places import open_store
from ..status import DONE, USAGE
from ..stop import Stop
from ..terminal import duration, say, say_json, table


def run(
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="How many to show.")
    ] = 20,
    store: Store = None,
    profile: Profile = None,
    json: Json = False,
) -> int:
    """List runs, the newest first."""
    from ...runtime.store.runs import summaries

    if limit < 1:
        raise Stop(f"`-n {limit}` shows nothing", status=USAGE, help="write `-n 1` or more")
    found = summaries(open_store(store, profile=profile).backend, limit)
    if json:
        say_json(
            [
                {
                    "run": one.run,
                    "pipeline": one.pipeline,
                    "state": one.state,
                    "started": one.started,
                    "seconds": one.seconds,
                    "tasks": json_library.loads(one.counts),
                }
                for one in found
            ]
        )
        return DONE
    rows = [
        (
            one.run,
            one.pipeline,
            one.state,
            "" if one.seconds is None else duration(one.seconds),
            _counts(json_library.loads(one.counts)),
        )
        for one in found
    ]
    say(table(rows, head=("RUN", "PIPELINE", "STATE", "TIME", "TASKS")))
    return DONE


def _counts(counts: dict[str, int]) -> str:
    words = {"succeeded": "ran"}
    order = ("succeeded", "reused", "failed", "skipped", "cancelled")
    return ", ".join(
        f"{counts[state]} {words.get(state, state)}" for state in order if counts.get(state)
    )
