"""The report of a run in a browser: what a person reads, and what the page never does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import PIPELINES, Ran

pytest.importorskip("playwright")

SCRIPT = [sys.executable, "-m", "reprocc.cli"]


def report(folder: Path, into: Path, *more: str) -> Path:
    """Write the report of the newest run of the store in a folder."""
    done = subprocess.run(
        [*SCRIPT, "show", "--html", "-o", str(into), *more],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return into


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "hostile"
    shutil.copytree(PIPELINES / "hostile", folder, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [*SCRIPT, "submit", "pipeline.yaml", "--executor", "inline", "--keep-going"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("REPROCC_")},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stderr
    return report(folder, folder / "run.html")


@pytest.fixture
def page(two_runs: tuple[Path, Any], tmp_path: Path) -> Path:
    return report(two_runs[0], tmp_path / "run.html")


def cells(page: Any, selector: str) -> list[list[str]]:
    """Return the words of a table's body, row by row."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"{selector} tbody tr",
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))",
    )
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of `rgb(r, g, b)`, as WCAG 2.2 defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_report_asks_for_nothing_and_complains_of_nothing(browser: Any, page: Path) -> None:
    opened = browser.open(page)
    opened.page.locator("svg.graph a").first.focus()
    assert opened.asked == []
    assert opened.complaints == []


def test_the_tasks_of_the_report_are_those_of_the_store(browser: Any, page: Path, ran: Ran) -> None:
    shown = ran("show", "--json").json
    read = browser.open(page).page
    signs = {"succeeded": "✓", "reused": "↺"}
    expected = {
        task["task"]: (
            f"{signs[task['state']]} {task['state']}",
            sorted(f"{o['artifact']}@{o['version']}" for o in task["outputs"].values()),
        )
        for task in shown["tasks"]
    }
    found = {
        row[0]: (row[1].split("\n")[0], sorted(re.findall(r"[a-z]+@\d+", row[7])))
        for row in cells(read, "#tasks table")
    }
    assert found == expected
    head = read.inner_text("header")
    assert shown["run"] in head
    assert shown["plan"].rpartition(":")[2][:12] in head
    assert "✓ 1 succeeded" in head
    assert "↺ 8 reused" in head


def test_the_metrics_of_the_report_are_those_of_the_store(
    browser: Any, page: Path, ran: Ran
) -> None:
    read = browser.open(page).page
    found = cells(read, "#metrics table")
    assert [row[0] for row in found] == ["1", "2", "3"]
    for width, row in zip((1, 2, 3), found, strict=True):
        (path,) = ran("get", f"scores[width={width}]").stdout.splitlines()
        value = json.loads(Path(path).read_text())
        assert f"{value['total']:.6g}" in row
        assert str(value["size"]) in " ".join(row)


def test_parameters_that_are_not_their_default_are_marked(browser: Any, page: Path) -> None:
    found = {row[0]: row[1:4] for row in cells(browser.open(page).page, "#parameters table")}
    assert found == {
        "factor": ["2", "2", "integer"],
        "title": ['"Other" not the default', '"Report"', "string"],
    }


def test_the_graph_has_a_box_for_each_transformation(browser: Any, page: Path) -> None:
    read = browser.open(page).page
    names = read.locator("svg.graph .name").all_text_contents()
    assert sorted(names) == ["clean", "evaluate", "fit", "scale", "write"]
    assert "3 reused" in "".join(read.locator("svg.graph text.line").all_text_contents())
    read.locator("svg.graph [data-box=fit] > a").first.focus()
    said = read.inner_text("#about")
    assert said.startswith("fit: stages.fit:fit; 3 tasks over width: 3 reused")
    assert read.locator("svg.graph .near").count() == 2


def test_every_link_leads_somewhere(browser: Any, page: Path, hostile: Path) -> None:
    for file in (page, hostile):
        lost = browser.open(file).page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
            ".filter(to => !to.startsWith('#') || !document.getElementById(to.slice(1)))"
        )
        assert lost == []


def test_a_click_sorts_a_table_of_metrics_by_number(browser: Any, hostile: Path) -> None:
    read = browser.open(hostile).page
    head = read.locator("#metrics table.sortable th button", has_text=re.compile(r"^width$"))

    def axis() -> list[str]:
        return [row[0] for row in cells(read, "#metrics table.sortable")]

    head.click()
    assert axis() == ["2", "9", "10"]
    head.click()
    assert axis() == ["10", "9", "2"]
    assert read.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_hostile_text_is_text(browser: Any, hostile: Path) -> None:
    opened = browser.open(hostile)
    read = opened.page
    read.wait_for_function("document.querySelector('iframe').contentWindow.length === 0")
    assert read.title().startswith("hostile · ")
    assert opened.asked == []
    assert read.locator("script").count() == 1
    assert read.locator("img").count() == 1
    refused = ("Blocked script execution", "Content Security Policy", "sandboxed")
    assert [s for s in opened.complaints if not any(word in s for word in refused)] == []
    shown = read.inner_text("main")
    assert "<script>parent.document.title='owned'" in shown
    assert "</pre></span>" in shown
    assert "<b>bold</b> & co" in shown


def test_failures_come_first_and_are_told_whole(browser: Any, hostile: Path) -> None:
    read = browser.open(hostile).page
    assert read.locator("main > section").first.get_attribute("id") == "failures"
    told = read.inner_text("#failures")
    assert "2 tasks failed" in told
    assert "`" not in told.split("Traceback")[0]
    assert "broken breaks its contract: text has 3 values outside the declared values" in told
    assert 'File "stages.py", line' in told
    assert "printed <script>" in told
    rows = cells(read, "#failures table")
    assert [row[0] for row in rows] == ["1", "2", "3"]


def test_contracts_tell_what_holds_what_warns_and_what_broke(browser: Any, hostile: Path) -> None:
    rows = cells(browser.open(hostile).page, "#contracts .wide:first-of-type table")
    found = {row[0]: row[2] for row in rows if len(row) == 3}
    assert found == {"broken": "✕ broken, see Failures", "rows": "! holds, 1 warning"}


def test_the_page_of_a_figure_has_its_text_and_no_script(browser: Any, hostile: Path) -> None:
    read = browser.open(hostile).page
    frame = read.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    assert read.frame_locator("iframe").locator("p").inner_text() == "A page"
    assert read.eval_on_selector("img", "one => one.decode().then(() => one.naturalWidth)") == 40


def test_a_report_reads_without_script(browser: Any, page: Path, hostile: Path) -> None:
    for file in (page, hostile):
        plain = browser.open(file, javascript=False).page
        scripted = browser.open(file).page
        for section in ("#metrics", "#transformations", "#parameters", "#graph"):
            # A heading that can be clicked is laid out a little differently.
            found = [one.inner_text(section).split() for one in (plain, scripted)]
            assert found[0] == found[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, hostile: Path, scheme: str) -> None:
    read = browser.open(hostile, scheme=scheme).page
    ground = read.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) > 0.5) == (scheme == "light")
    colours = read.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.innerText && "
        "!e.closest('svg, iframe, pre')).map(e => getComputedStyle(e).color)"
    )
    assert len(set(colours)) >= 5
    for colour in set(colours):
        assert contrast(colour, ground) >= 4.5, colour


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_page_never_scrolls_sideways(browser: Any, page: Path, hostile: Path, width: int) -> None:
    for file in (page, hostile):
        read = browser.open(file, width=width).page
        read.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert read.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_shows_what_is_folded_on_screen(browser: Any, page: Path) -> None:
    read = browser.open(page).page
    assert not read.locator("pre.spec").is_visible()
    read.emulate_media(media="print")
    assert not read.locator("nav").is_visible()
    assert read.locator("pre.spec").bounding_box()["height"] > 100


def test_what_is_folded_opens_by_the_keyboard(browser: Any, page: Path) -> None:
    read = browser.open(page).page
    read.locator("nav a", has_text="Spec").press("Enter")
    assert read.url.endswith("#spec")
    read.locator("#spec summary").press("Enter")
    assert read.locator("pre.spec .key", has_text="parameters").first.is_visible()


def test_a_report_fits_on_paper(browser: Any, page: Path, hostile: Path) -> None:
    for file in (page, hostile):
        read = browser.open(file, width=680).page  # A4 less its margins
        read.emulate_media(media="print")
        assert read.evaluate("document.documentElement.scrollWidth") <= 680
