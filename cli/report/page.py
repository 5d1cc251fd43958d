"""The whole page: its head, its sections in the order in which people ask, and its rules."""

from __future__ import annotations

from ...runtime.description.description import Description
from .contracts import contracts_section
from .environment import environment_section
from .failures import failures_section
from .figures import figures_section
from .files import files_section
from .graph import graph_section
from .heading import heading
from .markup import Markup, element, join
from .metrics import metrics_section
from .parameters import parameters_section
from .reproduce import reproduce_section
from .script import SCRIPT, SCRIPT_HASH
from .spec import spec_section
from .style import STYLE
from .tables import tables_section
from .tasks import tasks_section
from .timeline import timeline_section
from .transformations import transformations_section

SECTIONS = (
    ("failures", "Failures", failures_section),
    ("graph", "Graph", graph_section),
    ("metrics", "Metrics", metrics_section),
    ("figures", "Figures", figures_section),
    ("parameters", "Parameters", parameters_section),
    ("transformations", "Transformations", transformations_section),
    ("contracts", "Contracts", contracts_section),
    ("tables", "Tables", tables_section),
    ("files", "Files", files_section),
    ("timeline", "Timeline", timeline_section),
    ("tasks", "Tasks", tasks_section),
    ("environment", "Environment", environment_section),
    ("spec", "Spec", spec_section),
    ("reproduce", "Reproduce", reproduce_section),
)
"""What there may be on a page, in order; a section with nothing to say is left out."""

POLICY = (
    f"default-src 'none'; script-src 'sha256-{SCRIPT_HASH}'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched, and no script runs but ours."""


def render(description: Description, *, version: str) -> str:
    """Return the page; equal descriptions give equal pages. `version` is that of reprocc."""
    written = [(name, title, write(description)) for name, title, write in SECTIONS]
    present = [(name, title, section) for name, title, section in written if section]
    contents = element(
        "nav",
        element(
            "ul",
            *[element("li", element("a", title, href=f"#{name}")) for name, title, _ in present],
        ),
        aria_label="Contents",
    )
    main = element("main", *[section for _, _, section in present], id="content")
    foot = element("footer", element("p", f"Written by reprocc {version} from the run's records."))
    skip = element("a", "Skip to the content", href="#content", class_="skip")
    body = element("body", skip, heading(description), contents, main, foot, _script())
    page = element("html", _head(description), body, lang="en")
    return f"<!doctype html>\n{page}\n"


def _head(description: Description) -> Markup:
    start = description.start
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{start.pipeline} · {start.run} · {description.state}"),
        element("style", Markup(STYLE)),
    )


def _script() -> Markup:
    return join([element("script", Markup(SCRIPT))])
