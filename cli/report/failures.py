"""What failed, told whole: message, traceback, offending rows, the end of what was printed."""

from __future__ import annotations

import json

from ...runtime.description.description import Description, FailedTask
from ..terminal import size
from .markup import Markup, element, join
from .pieces import folded, listing, note, plural, quoted, section, state

_MOST_OPEN = 5
_MOST_COLUMNS = 30


def failures_section(description: Description) -> Markup:
    """Return the section, or nothing where nothing failed."""
    if not description.failed:
        return Markup("")
    skipped = [task.task for task in description.tasks if task.state == "skipped"]
    shown = len(description.failures)
    more = description.failed - shown
    said = [plural(description.failed, "task") + " failed"]
    if skipped:
        said.append(f"{plural(len(skipped), 'task')} that need what they make did not run")
    return section(
        "failures",
        "Failures",
        element("p", "; ".join(said), "."),
        *[_failure(one, index < _MOST_OPEN) for index, one in enumerate(description.failures)],
        note(f"{more:,} more failed tasks are listed under Tasks.") if more > 0 else "",
    )


def _failure(failure: FailedTask, is_open: bool) -> Markup:
    inner: list[str] = [element("p", quoted(failure.message), class_="message")]
    if failure.help:
        inner.append(element("p", element("b", "Help: "), quoted(failure.help)))
    if failure.reason == "contract":
        inner.append(_broken(failure.detail))
    elif failure.detail:
        inner.append(_printed("Detail", failure.detail))
    inner += _log(failure)
    title = element("h3", failure.task)
    summary = join([title, " ", state("failed", failure.reason.replace("-", " "))])
    return element("details", element("summary", summary), *inner, open=is_open, class_="failure")


def _log(failure: FailedTask) -> list[Markup]:
    if failure.log is None:
        return [note("What it printed is not in the store any more.")]
    if not failure.log:
        return []
    cut = len(failure.log.encode()) < failure.log_size
    title = f"The end of what it printed, of {size(failure.log_size)}" if cut else "It printed"
    return [_printed(title, failure.log, class_="log")]


def _printed(title: str, words: str, class_: str | None = None) -> Markup:
    # The end of a log is what one looks for: its frame begins scrolled down.
    pre = element("pre", element("span", words), tabindex=0, aria_label=title, class_=class_)
    return element("figure", element("figcaption", title), pre, class_="printed")


def _broken(detail: str) -> Markup:
    """Write the report of a contract from its lines: a rule each, and its rows indented."""
    found: list[tuple[str, list[str]]] = []
    for line in detail.splitlines():
        if line.startswith("    ") and found:
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return join(
        join([element("p", _rule(rule), class_="rule"), offending(rows)]) for rule, rows in found
    )


def _rule(line: str) -> Markup:
    severity, colon, message = line.partition(": ")
    if not colon:
        return quoted(line)
    return join([element("b", f"{severity}: ", class_=severity), quoted(message)])


def offending(rows: list[str] | tuple[str, ...]) -> Markup:
    """Return offending rows, each a JSON mapping of its values, as a table."""
    parsed = [_parsed(row) for row in rows]
    known = [row for row in parsed if row is not None]
    if not known:
        return join(element("pre", row) for row in rows)
    columns = list(dict.fromkeys(name for row in known for name in row if name != "row"))
    left = len(columns) - _MOST_COLUMNS
    columns = columns[:_MOST_COLUMNS]
    table = listing(
        ("row", *columns),
        [(str(row.get("row", "")), *[_value(row.get(name)) for name in columns]) for row in known],
        caption="The first offending rows, counted from 0",
    )
    return join([table, note(f"{plural(left, 'more column')} not shown.") if left > 0 else ""])


def _parsed(row: str) -> dict[str, object] | None:
    try:
        value = json.loads(row)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _value(value: object) -> str:
    if value is None:
        return element("i", "null")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def warnings_of(rows: tuple[str, ...]) -> Markup:
    """Return the rows that a warning is about, folded."""
    return folded(plural(len(rows), "row"), offending(rows)) if rows else Markup("")
