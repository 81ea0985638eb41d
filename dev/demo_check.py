"""Plays the demo's login in a headless browser and takes the pictures of the documentation.

Runs in the tools' environment (Playwright); reads the scene as JSON from standard input.
"""

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

SIZE = {"width": 1100, "height": 760}
TIMEOUT = 30_000  # milliseconds
SETTLE = 500  # milliseconds; the back end keeps a connection open, so "network idle" never comes


class Player:
    """One browser, and a folder for the pictures; `page` is the one used last."""

    def __init__(self, browser: Browser, scene: dict[str, Any]) -> None:
        self.browser = browser
        self.page: Page | None = None
        self.scene = scene
        self.pictures = Path(scene["pictures"])
        self.pictures.mkdir(parents=True, exist_ok=True)

    def new_page(self) -> Page:
        """A page of a visitor who has never been here."""
        context = self.browser.new_context(viewport=SIZE, locale="en-US", reduced_motion="reduce")
        context.set_default_timeout(TIMEOUT)
        self.page = context.new_page()
        return self.page

    def picture(self, page: Page, name: str) -> None:
        """Save what the page shows now."""
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(SETTLE)
        page.screenshot(path=self.pictures / f"{name}.png", animations="disabled", caret="hide")
        print(f"  picture {name}.png", flush=True)

    def log_in_with_provider(self, page: Page) -> None:
        """From the client's login page to the client's own pages."""
        person = self.scene["person"]
        page.goto(f"{self.scene['client']}/web/login")
        self.picture(page, "client-login")
        page.get_by_text(self.scene["label"]).click()
        page.wait_for_url(f"{self.scene['provider']}/**")
        page.locator("input[name=login]").fill(person["login"])
        page.locator("input[name=password]").fill(person["password"])
        self.picture(page, "provider-login")
        page.locator("input[name=password]").press("Enter")
        consent = page.locator("#oauth2_consent")
        expect(consent).to_be_visible(timeout=TIMEOUT)
        self.picture(page, "consent")
        consent.locator("button[name=consent][value=allow]").click()
        page.wait_for_url(f"{self.scene['client']}/**")
        self.picture(page, "logged-in")

    def who_is_logged_in(self, page: Page) -> str:
        """Name of the client's session user, as the client itself tells."""
        answer = page.request.post(
            f"{self.scene['client']}/web/session/get_session_info",
            data={"jsonrpc": "2.0", "method": "call", "params": {}},
        )
        return answer.json().get("result", {}).get("name", "")

    def take_form_picture(self, system: str, model: str, record: int, name: str) -> Page:
        """Open a record as the administrator of a system; returns the page."""
        login, password = self.scene["admin"]
        page = self.new_page()
        page.goto(f"{self.scene[system]}/web/login?redirect=/odoo/{model}/{record}")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        expect(page.locator(".o_form_view .o_field_widget").first).to_be_visible(timeout=TIMEOUT)
        self.picture(page, name)
        return page


def play(player: Player) -> None:
    """The whole round; raises AssertionError or Playwright's Error where it breaks."""
    page = player.new_page()
    player.log_in_with_provider(page)
    expected, found = player.scene["person"]["name"], player.who_is_logged_in(page)
    if found != expected:
        raise AssertionError(f"logged in at the client is {found or 'nobody'}, not {expected}")
    print(f"  {found} is logged in at {player.scene['client']}", flush=True)
    scene = player.scene
    page = player.take_form_picture(
        "provider", "oauth2.provider.client", scene["application_id"], "application-form"
    )
    page.locator("button[name=action_connect_odoo]").click()
    expect(page.get_by_text("UserInfo URL").first).to_be_visible(timeout=TIMEOUT)
    player.picture(page, "connect-instructions")
    player.take_form_picture(
        "client", "auth.oauth.provider", scene["oauth_provider_id"], "oauth-provider-form"
    )


def main() -> int:
    """Play the scene; returns 0 if the login worked."""
    scene = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=scene["browser"],
            args=["--no-sandbox", "--disable-dev-shm-usage", *scene["switches"]],
        )
        player = Player(browser, scene)
        try:
            play(player)
        except (AssertionError, Error) as error:
            print(error, flush=True)
            if player.page:
                player.page.screenshot(path=scene["failure_picture"])
                print(f"at {player.page.url}; see {scene['failure_picture']}", flush=True)
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
