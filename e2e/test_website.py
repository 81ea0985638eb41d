"""The same with the add-on website installed, which wraps every page in its own layout and adds languages."""

from urllib.parse import urlencode

import requests
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    decide,
    expect_arrival,
    expect_error_page,
    expect_session,
    log_in_at_client,
    session_of,
    start_login,
)
from e2e.harness.people import PORTAL, create_person, someone
from e2e.harness.relying_party import register
from e2e.harness.systems import System


def test_login_with_website(website_provider: System, client: System, page: Page) -> None:
    connection = connect(website_provider, client)
    person = create_person(website_provider, PORTAL)
    log_in_at_client(page, connection, person)
    expect_session(page, client, person)


def test_website_sign_up_user(website_provider: System, client: System, page: Page) -> None:
    """With a website people sign themselves up, if it lets them; their address is not verified by that."""
    website_provider.run("env['website'].search([]).auth_signup_uninvited = 'b2c'")
    connection, person = connect(website_provider, client), someone()
    page.goto(f"{website_provider.url}/web/signup")
    page.locator("input[name=login]").fill(person.login)
    page.locator("input[name=name]").fill(person.name)
    page.locator("input[name=password]").fill(person.password)
    page.locator("input[name=confirm_password]").fill(person.password)
    page.locator("form.oe_signup_form button[type=submit]").click()
    expect_arrival(page, website_provider)
    start_login(page, connection)
    decide(page, "allow")
    expect_arrival(page, client)
    page.goto(f"{client.url}/web/health")
    session = session_of(page)
    assert session["name"] == person.name
    assert session["username"].startswith(f"provider_{connection.oauth_provider_id}_user_")


def test_pages_with_website(website_provider: System, page: Page) -> None:
    party = register(website_provider)
    wrong = urlencode(party.parameters(redirect_uri="https://elsewhere.example/"))
    page.goto(f"{website_provider.url}/oauth2/authorize?{wrong}")
    expect_error_page(page, "invalid_request")
    page.goto(f"{website_provider.url}/oauth2/authorize/continue?rid=unknown")
    expect(page.locator("#oauth2_start_again")).to_be_visible()


def test_preflight_with_website(website_provider: System) -> None:
    """What website adds to each request, utm for one, wants to know parameters where there are none."""
    answer = requests.options(
        f"{website_provider.url}/oauth2/token",
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
        timeout=30,
    )
    assert answer.status_code == 204, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
