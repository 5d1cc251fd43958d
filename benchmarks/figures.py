"""Tables of figures, and how they are written: Markdown for people, JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
"""Where the last figures of this machine lie; not kept under version control."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures that belong together; `notes` say what was measured and how to read it.

    `bound` names what must hold of them, `holds` whether it did (None: nothing is asked).
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    bound: str = ""
    holds: bool | None = None


def markdown(table: Table) -> str:
    """Return a table with its title and notes, aligned for reading as plain text too."""
    cells = [table.columns, *(tuple(map(_shown, row)) for row in table.rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(table.columns))]
    lines = [f"## {table.title}", ""]
    lines.append(_line(cells[0], widths))
    lines.append("|" + "|".join(_rule(at, width) for at, width in enumerate(widths)) + "|")
    lines += [_line(row, widths) for row in cells[1:]]
    if table.bound:
        said = {True: "holds", False: "**does not hold**", None: "not judged"}[table.holds]
        lines += ["", f"Must hold: {table.bound}: {said}."]
    if table.notes:
        lines += ["", *(f"- {note}" for note in table.notes)]
    return "\n".join(lines) + "\n"


def machine() -> dict[str, str]:
    """Describe this machine in general terms, and what is installed that matters."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{os.cpu_count()} cores, {platform.machine()}",
        "memory": f"{memory:.0f} GiB",
        "system": platform.system(),
        "load": f"{os.getloadavg()[0]:.1f} over the last minute, at the end",
        "python": platform.python_version(),
        **{name: _version(name) for name in ("ray", "pyarrow", "pydantic", "typer")},
    }


def write_results(name: str, tables: list[Table]) -> tuple[Path, Path]:
    """Write `results/<name>.md` and `.json`; return both paths."""
    RESULTS.mkdir(exist_ok=True)
    found = machine()
    page, data = RESULTS / f"{name}.md", RESULTS / f"{name}.json"
    said = ", ".join(f"{key} {value}" for key, value in found.items())
    page.write_text("\n".join([f"{said}\n", *map(markdown, tables)]), encoding="utf-8")
    value = {"machine": found, "tables": [asdict(table) for table in tables]}
    data.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    return page, data


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case float():
            return f"{cell:.1f}" if cell >= 100 else f"{cell:.2f}"
        case int():
            return f"{cell:,}"
        case _:
            return cell


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return f"| {first[0]:<{first[1]}} |" + "".join(f" {text:>{width}} |" for text, width in rest)


def _rule(at: int, width: int) -> str:
    return "-" * (width + 2) if at == 0 else "-" * (width + 1) + ":"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
