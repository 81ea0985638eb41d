"""What a person does in the browser: start a login at a client, log in, decide, look who they are."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, Request, expect

from .applications import Connection
from .people import Person
from .systems import System

WHO = """async () => {
    const answer = await fetch("/web/session/get_session_info", {
        method: "POST", headers: {"Content-Type": "application/json"}, body: "{}",
    });
    return (await answer.json()).result || {};
}"""


def start_login(page: Page, connection: Connection) -> None:
    """Open the client's login page and press the provider's button there."""
    page.goto(f"{connection.client.url}/web/login", wait_until="commit")
    page.get_by_role("link", name=connection.label).click()


def fill_login(page: Page, person: Person, password: str = "") -> None:
    """Send Odoo's login form as that person."""
    page.locator("input[name=login]").fill(person.login)
    page.locator("input[name=password]").fill(password or person.password)
    page.locator("input[name=password]").press("Enter")


def decide(page: Page, answer: str) -> None:
    """Press `allow` or `deny` on the consent page."""
    page.locator(f"#oauth2_consent button[name=consent][value={answer}]").click()


def expect_arrival(page: Page, system: System) -> None:
    """Wait until the browser stands on a page of that system that only follows a login."""
    login = r"(?!web/login\b(?!_successful)|web/signup|auth_oauth/)"
    arrived = re.compile(re.escape(f"{system.url}/") + login)
    page.wait_for_url(
        arrived, wait_until="commit"
    )  # the page itself is stock Odoo's, and long to load


def log_in_at_client(page: Page, connection: Connection, person: Person) -> None:
    """The whole first login: button, login at the provider, consent, arrival at the client."""
    start_login(page, connection)
    fill_login(page, person)
    decide(page, "allow")
    expect_arrival(page, connection.client)


def log_in_locally(page: Page, system: System, person: Person) -> None:
    """Log in to a system itself, with its own password."""
    page.goto(f"{system.url}/web/login", wait_until="commit")
    fill_login(page, person)
    expect_arrival(page, system)


def session_of(page: Page) -> dict[str, Any]:
    """What the system of the page's address says about the browser's session there; empty: nobody is logged in."""
    return page.evaluate(WHO)


def expect_session(page: Page, system: System, person: Person) -> dict[str, Any]:
    """Check that the browser is that person's at the system; returns the session's description."""
    page.goto(f"{system.url}/web/health")  # a light page of the same origin
    session = session_of(page)
    assert session.get("username") == person.login, session.get("username")
    return session


def expect_no_session(page: Page, system: System) -> None:
    """Check that the browser is nobody at the system."""
    page.goto(f"{system.url}/web/health")
    assert not session_of(page).get("uid")


def expect_error_page(page: Page, error: str) -> None:
    """Check that the provider refused, before it could trust any address to redirect to."""
    expect(page.locator("#oauth2_error_code")).to_have_text(error)


class Answers:
    """Records what the provider sends back through the browser to a redirect address."""

    def __init__(self, page: Page, redirect_uri: str) -> None:
        self._redirect_uri = redirect_uri
        self.received: list[dict[str, str]] = []
        page.on("framenavigated", lambda frame: self._read(frame.url))
        page.on("request", self._read_request)

    def _read_request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._read(request.url)

    def _read(self, url: str) -> None:
        if url.partition("?")[0].partition("#")[0] != self._redirect_uri:
            return
        parts = urlsplit(url)
        values = dict(parse_qsl(parts.fragment or parts.query))
        if values and values not in self.received:
            self.received.append(values)
