"""Browsers of people: each visitor has cookies of their own."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

TIMEOUT = 15_000  # milliseconds


class Visitors:
    """Opens pages in fresh browser contexts, and shows them when a test has failed."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def new_page(self, **options: Any) -> Page:
        """A page of a visitor who has never been anywhere; `options` go to Playwright's `new_context`."""
        context = self._browser.new_context(
            **{"locale": "en-US", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(TIMEOUT)
        context.set_default_navigation_timeout(TIMEOUT)
        self._contexts.append(context)
        return context.new_page()

    def describe(self, folder: Path, name: str) -> str:
        """Addresses and texts of all open pages; their pictures go to the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self._contexts for page in context.pages]
        return "\n\n".join(
            self._describe(page, folder / f"{name}-{number}.png")
            for number, page in enumerate(pages, 1)
        )

    def _describe(self, page: Page, picture: Path) -> str:
        try:
            page.screenshot(path=picture, timeout=5_000)
            text = page.locator("body").inner_text(timeout=5_000)
        except Error as error:
            return f"{page.url}\n(no picture: {error.message})"
        return f"{page.url}\n{picture}\n{text[:2000]}"

    def leave(self) -> None:
        """Close everything that was opened."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
