"""The report of a contract: what a version was found to break."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler.canonical import CanonicalValue, Digest
from ...compiler.diagnostic import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule that does not hold.

    `subject` is what the rule is about (a column, `rows`, `key`, a metric's path); `message` a
    headline such as "`body_mass_g` has 2 values below 0"; `count` the offending rows or values;
    `rows` the first few of them as JSON values by column, with their positions under `row`.
    """

    subject: str
    message: str
    severity: Severity
    count: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractReport:
    """What came of checking one content against one contract; no violations: it holds."""

    contract: Digest
    content: Digest
    violations: tuple[Violation, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a rule of severity error is broken."""
        return any(violation.severity == "error" for violation in self.violations)


def report_record(report: ContractReport) -> dict[str, CanonicalValue]:
    """Return a report as a canonical value."""
    return {
        "contract": report.contract,
        "content": report.content,
        "violations": [
            {
                "subject": violation.subject,
                "message": violation.message,
                "severity": violation.severity,
                "count": violation.count,
                "rows": list(violation.rows),
            }
            for violation in report.violations
        ],
    }
