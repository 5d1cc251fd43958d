"""Contracts: which artifacts were held against one, and what they were found to break."""

from __future__ import annotations

from ...compiler.point import with_point
from ...runtime.contracts.report import Violation
from ...runtime.description.description import Artifact, Description, Made
from .failures import warnings_of
from .markup import Markup, element, join
from .pieces import code, has_place, link, listing, note, plural, quoted, section

_MOST = 200


def contracts_section(description: Description) -> Markup:
    """Return the section, or nothing where no artifact has a contract."""
    asked = [one for one in description.artifacts if one.has_contract]
    if not asked:
        return Markup("")
    broken = [
        (artifact, made, violation)
        for artifact in asked
        for made in artifact.made
        if made.contract is not None
        for violation in made.contract.violations
    ]
    refused = {
        one.message.split("`")[1]
        for one in description.failures
        if one.reason == "contract" and one.message.startswith("`")
    }
    table = listing(
        ("artifact", "checked", "result"),
        [(_name(one), _checked(one, refused), _result(one, refused)) for one in asked],
        caption="Every artifact that has a contract",
    )
    parts: list[str] = [table]
    if broken:
        parts.append(_violations(broken[:_MOST]))
    if len(broken) > _MOST:
        parts.append(note(f"{plural(len(broken) - _MOST, 'more finding')} not shown."))
    return section("contracts", "Contracts", *parts)


def _name(artifact: Artifact) -> Markup:
    if has_place(artifact):
        return link("artifact", artifact.name)
    return element("span", artifact.name)


def _checked(artifact: Artifact, refused: set[str]) -> str:
    count = sum(one.contract is not None for one in artifact.made)
    if not artifact.axes:
        return "yes" if count or artifact.name in refused else "no"
    if count == artifact.count:
        return plural(count, "point")
    return f"{count:,} of {plural(artifact.count, 'point')}"


def _result(artifact: Artifact, refused: set[str]) -> Markup:
    reports = [one.contract for one in artifact.made if one.contract is not None]
    found = [violation for report in reports for violation in report.violations]
    errors = sum(violation.severity == "error" for violation in found)
    warnings = len(found) - errors
    if artifact.name in refused:
        seen = element("a", "see Failures", href="#failures")
        return element("span", "✕ broken, ", seen, class_="state failed")
    if not reports:
        return element("span", "no version to check", class_="state skipped")
    if errors:
        return element("span", f"✕ broken: {plural(errors, 'error')}", class_="state failed")
    if warnings:
        return element("span", f"! holds, {plural(warnings, 'warning')}", class_="state warned")
    return element("span", "✓ holds", class_="state succeeded")


def _violations(broken: list[tuple[Artifact, Made, Violation]]) -> Markup:
    rows = [
        (
            code(with_point(artifact.name, made.point)),
            element("span", violation.severity, class_=violation.severity),
            quoted(violation.message),
            f"{violation.count:,}",
            warnings_of(violation.rows),
        )
        for artifact, made, violation in broken
    ]
    return join(
        [
            listing(
                ("version", "severity", "finding", "count", "first rows"),
                rows,
                caption="What was found",
                right=(3,),
            )
        ]
    )
