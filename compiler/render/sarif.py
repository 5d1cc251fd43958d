"""Diagnostics as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from ..canonical import CanonicalValue
from ..diagnostic import Code, Diagnostic, Edit, Fix, Label
from ..source import Span, position

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one SARIF log with one run; its rules are the codes that occur."""
    codes = {diagnostic.code.name: diagnostic.code for diagnostic in diagnostics}
    rules = [codes[name] for name in sorted(codes)]
    index = {rule.name: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "reprocc", "rules": [_rule(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, index[d.code.name]) for d in diagnostics],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: Code) -> dict[str, CanonicalValue]:
    return {
        "id": code.name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "help": {"text": code.mend},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, CanonicalValue]:
    text = diagnostic.message
    if diagnostic.help is not None:
        text += f"\n\nhelp: {diagnostic.help}"
    result: dict[str, CanonicalValue] = {
        "ruleId": diagnostic.code.name,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [_location(diagnostic.primary)],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_location(label)}
            for number, label in enumerate(diagnostic.related, start=1)
        ]
    if diagnostic.fixes:
        result["fixes"] = [_fix(fix) for fix in diagnostic.fixes]
    return result


def _location(label: Label) -> dict[str, CanonicalValue]:
    location: dict[str, CanonicalValue] = {
        "physicalLocation": {
            "artifactLocation": _artifact(label.span),
            "region": _region(label.span),
        }
    }
    if label.message:
        location["message"] = {"text": label.message}
    return location


def _fix(fix: Fix) -> dict[str, CanonicalValue]:
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.source.path, []).append(edit)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(edits[0].span),
                "replacements": [
                    {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                    for edit in edits
                ],
            }
            for edits in by_file.values()
        ],
        "properties": {"certain": fix.is_certain},
    }


def _artifact(span: Span) -> dict[str, CanonicalValue]:
    return {"uri": quote(span.source.path)}


def _region(span: Span) -> dict[str, CanonicalValue]:
    start, end = position(span.source, span.start), position(span.source, span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": start.offset,
        "charLength": end.offset - start.offset,
    }
