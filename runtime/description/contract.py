"""The report of the contract that a run's plan held a version against."""

from __future__ import annotations

from typing import Any

from ...compiler.canonical import digest_of
from ..contracts.report import ContractReport
from ..store import contracts
from ..store.backend import Backend
from ..store.records import Version


def agreed_report(backend: Backend, version: Version, planned: Any) -> ContractReport | None:
    """Return the report of a version's content against the contract of the plan.

    The manifest holds the one of the run that wrote it, which may have asked for something else.
    """
    if not planned:
        return version.contract
    asked = digest_of("contract1", _demands(planned))
    written = version.contract
    if written is not None and written.contract == asked:
        return written
    return contracts.find(backend, version.content.digest, asked)


def _demands(planned: Any) -> Any:
    """Return what the contract's digest is taken over; the plan has all of it."""
    rows = planned["rows"]
    return {
        "columns": planned["columns"],
        "additional_columns": planned["additional_columns"],
        "rows": None if rows is None else [rows["minimum"], rows["maximum"], rows["severity"]],
        "key": planned["key"],
        "require": [
            [rule["path"], rule["minimum"], rule["maximum"], rule["severity"]]
            for rule in planned["require"]
        ],
    }
