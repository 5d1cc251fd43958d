"""Hold a stored content against its artifact's contract, once for each pair of digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...compiler.canonical import Digest
from ...compiler.plan import Artifact
from ..content import Content
from ..events import Failure
from ..store import contracts
from ..store.backend import Backend
from .report import ContractReport, Violation

if TYPE_CHECKING:
    import pyarrow as pa


def has_rules(artifact: Artifact) -> bool:
    """Whether the artifact's contract says anything at all."""
    contract = artifact.contract
    return bool(
        contract.columns
        or contract.rows
        or contract.key
        or contract.require
        or contract.additional_columns == "refuse"
    )


def accept(
    backend: Backend, artifact: Artifact, content: Content, *, keeps_refusals: bool = True
) -> ContractReport | None:
    """Return the report of a stored content, from the store or by reading and checking it now.

    None where the artifact has no contract. A report is kept, so that it is made once; one that
    refuses only where `keeps_refusals`: a run that does not start leaves nothing. Raises Missing
    or Damaged where the content must be read and cannot be.
    """
    if not has_rules(artifact):
        return None
    from .check import contract_digest

    contract = contract_digest(artifact.contract)
    known = contracts.find(backend, content.digest, contract)
    if known is not None:
        return known
    report = ContractReport(
        contract=contract, content=content.digest, violations=_check(backend, artifact, content)
    )
    if keeps_refusals or not report.is_refused:
        contracts.add(backend, report)
    return report


def judge_table(artifact: Artifact, table: pa.Table, digest: Digest) -> ContractReport:
    """Return the report of a table in hand, as it is stored under this digest."""
    from .check import check_table, contract_digest

    return ContractReport(
        contract=contract_digest(artifact.contract),
        content=digest,
        violations=check_table(table, artifact.contract),
    )


def _check(backend: Backend, artifact: Artifact, content: Content) -> tuple[Violation, ...]:
    from .check import check_metrics, check_table

    match artifact.kind:
        case "table":
            from ..codecs.table import read_table

            return check_table(read_table(backend, content), artifact.contract)
        case "metrics":
            from ..codecs.metrics import read_metrics

            return check_metrics(read_metrics(backend, content), artifact.contract)
        case _:
            return ()


def refusal(artifact: str, report: ContractReport) -> Failure:
    """Put a report that refuses into words, as the failure of the task that made the content."""
    broken = [found for found in report.violations if found.severity == "error"]
    first = broken[0].message
    more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
    return Failure(
        reason="contract",
        message=f"`{artifact}` breaks its contract: {first}{more}",
        detail=describe(report),
        help=None,
    )


def describe(report: ContractReport) -> str:
    """Write a report as lines: each violation, then the first offending rows."""
    lines: list[str] = []
    for violation in report.violations:
        lines.append(f"{violation.severity}: {violation.message}")
        lines.extend(f"    {row}" for row in violation.rows)
    return "\n".join(lines)


def warnings_of(artifact: str, report: ContractReport | None) -> tuple[str, ...]:
    """Return what the report warns of, a line each."""
    if report is None:
        return ()
    return tuple(
        f"`{artifact}`: {found.message}"
        for found in report.violations
        if found.severity == "warning"
    )
