"""OpenID Connect in a real browser: the form that posts itself, and the second login."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e.harness.applications import Application, create_application
from e2e.harness.browsing import decide, fill_login
from e2e.harness.people import create_person
from e2e.harness.systems import System

CALLBACK = "https://application.example/callback"


class Callback:
    """Plays the application's server: keeps what the browser brings."""

    def __init__(self, page: Page) -> None:
        self.methods: list[str] = []
        self.answer: dict[str, str] = {}
        page.route(f"{CALLBACK}*", self._receive)

    def _receive(self, route: Route) -> None:
        request = route.request
        self.methods.append(request.method)
        self.answer = dict(parse_qsl(request.post_data or urlsplit(request.url).query))
        route.fulfill(content_type="text/html", body="<h1>Welcome back</h1>")


@pytest.fixture
def application(provider: System) -> Application:
    return create_application(
        provider, CALLBACK, security_profile="oidc", use_implicit=True, use_hybrid=True
    )


def address(provider: System, application: Application, **changes: str) -> str:
    parameters = {
        "client_id": application.identifier,
        "redirect_uri": CALLBACK,
        "response_type": "code id_token",
        "response_mode": "form_post",
        "scope": "openid",
        "state": 'a "quoted" <state> & more',
        "nonce": "n",
    }
    return f"{provider.url}/oauth2/authorize?{urlencode(parameters | changes)}"


def test_form_post_posts_itself(provider: System, application: Application, page: Page) -> None:
    callback = Callback(page)
    page.goto(address(provider, application))
    fill_login(page, create_person(provider))
    decide(page, "allow")
    expect(page.get_by_role("heading")).to_have_text("Welcome back")
    assert callback.methods == ["POST"]
    assert callback.answer.keys() == {"code", "id_token", "state", "iss", "session_state"}
    assert callback.answer["state"] == 'a "quoted" <state> & more'


def test_form_post_without_scripts(
    provider: System, application: Application, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        callback = Callback(page)
        page.goto(address(provider, application, prompt="none"))
        page.locator("#oauth2_form_post button").click()
        expect(page.get_by_role("heading")).to_have_text("Welcome back")
        assert callback.answer["error"] == "login_required"


def test_q10_second_login(provider: System, application: Application, page: Page) -> None:
    person = create_person(provider)
    callback = Callback(page)
    page.goto(address(provider, application))
    fill_login(page, person)
    decide(page, "allow")
    expect(page.get_by_role("heading")).to_have_text("Welcome back")
    page.wait_for_timeout(1100)  # the time of a login is kept in whole seconds
    page.goto(address(provider, application, prompt="login"))
    fill_login(page, person, "a wrong password")
    expect(page.locator("#oauth2_wrong_password")).to_be_visible()
    assert len(callback.methods) == 1
    fill_login(page, person)
    expect(page.get_by_role("heading")).to_have_text("Welcome back")
    assert len(callback.methods) == 2
