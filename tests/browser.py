"""A headless Chromium that opens one file, lets nothing out, and notes whatever was tried."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
WANTED = "no Chromium: install `chromium`, or name one in REPROCC_CHROMIUM"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the program of a Chromium, or None where this machine has none."""
    named = os.environ.get("REPROCC_CHROMIUM")
    found = [shutil.which(name) for name in ([named] if named else NAMES)]
    return next((path for path in found if path), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page, with the addresses that it asked for beside itself, and what it complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Browser:
    """Opens files; each in a profile of its own, which ends with the browser."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium

    def open(
        self, file: Path, *, width: int = 1280, scheme: str = "light", javascript: bool = True
    ) -> Opened:
        """Open a file as a person would and wait until it is laid out."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
        )
        opened = Opened(page=context.new_page())
        own = file.as_uri()

        def answer(route: Any) -> None:
            if route.request.url.partition("#")[0] == own:
                route.continue_()
            else:
                route.abort()

        def note(request: Any) -> None:
            # What the page's own policy forbids is told too, and never sent.
            if request.failure == "csp":
                return
            if request.url.partition("#")[0] != own and not request.url.startswith("data:"):
                opened.asked.append(request.url)

        context.route("**/*", answer)
        context.on("requestfinished", note)
        context.on("requestfailed", note)
        opened.page.on("console", lambda said: opened.complaints.append(said.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
        opened.page.goto(own)
        return opened


@contextmanager
def launched(program: str) -> Iterator[Browser]:
    """Start a Chromium, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield Browser(chromium)
        finally:
            chromium.close()
