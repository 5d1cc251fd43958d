"""The environment: Python, the distributions that the code reaches, and the code itself."""

from __future__ import annotations

from ...runtime.description.description import CodeUse, Description, EnvironmentUse
from ..terminal import size
from .markup import Markup, element, join
from .pieces import digest, folded, listing, note, plural, section

_MOST_FILES = 300


def environment_section(description: Description) -> Markup:
    """Return the section, or nothing where nothing was recorded."""
    found = description.environments
    if not found and not description.code:
        return Markup("")
    pythons = sorted({one.python for one in found})
    count = len({distribution for one in found for distribution in one.distributions})
    parts: list[str] = []
    if pythons:
        reached = plural(count, "distribution") if count else "no distribution"
        parts.append(element("p", f"Python {', '.join(pythons)}; the code reaches {reached}."))
    parts.append(_distributions(found))
    if description.code:
        parts.append(folded(plural(len(description.code), "file") + " of code", _code(description)))
    return section("environment", "Environment", *parts)


def _distributions(found: tuple[EnvironmentUse, ...]) -> Markup:
    """List distributions by who reaches them: what all do first, then where they differ."""
    everybody = tuple(sorted({name for one in found for name in one.transformations}))
    users: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for distribution in one.distributions:
            users.setdefault(distribution, []).extend(one.transformations)
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for distribution, names in sorted(users.items()):
        groups.setdefault(tuple(sorted(names)), []).append(distribution)
    order = sorted(groups, key=lambda names: (names != everybody, -len(names), names))
    return join(
        join(
            [
                note("Every transformation" if names == everybody else ", ".join(names)),
                element("ul", *[_item(*one) for one in groups[names]], class_="many"),
            ]
        )
        for names in order
    )


def _item(name: str, version: str) -> Markup:
    return element("li", name, " ", element("span", version))


def _code(description: Description) -> Markup:
    files: tuple[CodeUse, ...] = description.code
    everybody = tuple(sorted({name for one in files for name in one.transformations}))
    left = len(files) - _MOST_FILES
    rows = [
        (
            one.path,
            size(one.size),
            digest(one.sha256),
            "all" if one.transformations == everybody else ", ".join(one.transformations),
        )
        for one in files[:_MOST_FILES]
    ]
    return element(
        "div",
        listing(
            ("file", "size", "sha256", "reached by"), rows, caption="The code as it was", right=(1,)
        ),
        note(f"{left:,} more files not shown.") if left > 0 else "",
    )
