"""The login that everything else is about: "Log in with …" at a stock Odoo, with the account of the provider."""

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    decide,
    expect_arrival,
    expect_session,
    fill_login,
    log_in_at_client,
    log_in_locally,
    start_login,
)
from e2e.harness.people import INTERNAL, PORTAL, create_person, subject_of
from e2e.harness.systems import System

ACCOUNT = """
user = env["res.users"].search([("login", "=", login)])
result = user and {
    "name": user.name, "oauth_uid": user.oauth_uid, "oauth_provider": user.oauth_provider_id.id, "share": user.share,
    "count": len(user),
}
"""


@pytest.mark.parametrize("group", [INTERNAL, PORTAL])
def test_first_login_creates_the_account_on_the_client_system(
    provider: System, client: System, page: Page, group: str
) -> None:
    """Internal and portal users of the provider both arrive as portal users at the client."""
    connection, person = connect(provider, client), create_person(provider, group)
    log_in_at_client(page, connection, person)
    expect_session(page, client, person)
    account = client.run(ACCOUNT, login=person.login)
    assert account == {
        "name": person.name,
        "oauth_uid": subject_of(provider, person),
        "oauth_provider": connection.oauth_provider_id,
        "share": True,
        "count": 1,
    }


def test_second_login_shows_no_page(provider: System, client: System, page: Page) -> None:
    """With a session at the provider and a consent given before, pressing the button is all there is to do."""
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    expect_arrival(page, client)
    expect_session(page, client, person)
    assert client.run(ACCOUNT, login=person.login)["count"] == 1


def test_second_login_in_another_browser_asks_who_but_not_whether(
    provider: System, client: System, page: Page, visitors
) -> None:
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    other = visitors.new_page()
    start_login(other, connection)
    fill_login(other, person)
    expect_arrival(other, client)
    expect_session(other, client, person)


def test_a_session_at_the_provider_is_enough(provider: System, client: System, page: Page) -> None:
    connection, person = connect(provider, client), create_person(provider)
    log_in_locally(page, provider, person)
    start_login(page, connection)
    expect(page.locator("#oauth2_account")).to_have_text(person.name)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)
