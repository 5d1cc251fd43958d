"""Contract reports: what came of checking a content against a contract, kept so as not to again."""

from __future__ import annotations

from ...compiler.canonical import Digest
from ..contracts.report import ContractReport
from .backend import Backend, Damaged, Missing
from .layout import contract_key
from .records_json import decode_report, encode_report
from .sealed import NewerFormat


def find(backend: Backend, content: Digest, contract: Digest) -> ContractReport | None:
    """Return the report of a content, or None where there is none that can be read."""
    key = contract_key(contract, content)
    try:
        report = decode_report(backend.get(key), f"{backend.url}/{key}")
    except (Missing, Damaged, NewerFormat):
        return None
    return report if (report.content, report.contract) == (content, contract) else None


def add(backend: Backend, report: ContractReport) -> None:
    """Keep a report; one that is there and can be read stays, a damaged one is replaced."""
    key, data = contract_key(report.contract, report.content), encode_report(report)
    if backend.create(key, data):
        return
    if find(backend, report.content, report.contract) is None:
        backend.put(key, data)
