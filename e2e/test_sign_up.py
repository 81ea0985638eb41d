"""People who sign up at the provider while they are logging in elsewhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from e2e.harness.applications import Connection, connect
from e2e.harness.browsing import decide, expect_arrival, session_of, start_login
from e2e.harness.people import Person, create_person, someone
from e2e.harness.systems import System

WITHHOLD = "oauth2_provider.withhold_unverified_email"


@pytest.fixture
def open_provider(provider: System) -> Iterator[System]:
    """The provider with free sign-up."""
    provider.parameter("auth_signup.invitation_scope", "b2c")
    yield provider
    provider.parameter("auth_signup.invitation_scope", "b2b")
    provider.parameter(WITHHOLD, "1")


def test_new_user_signs_up_and_goes_on_with_the_login(
    open_provider: System, client: System, page: Page
) -> None:
    """The e-mail address that nobody has verified stays at the provider: the account elsewhere goes by the subject."""
    connection, person = connect(open_provider, client), someone()
    _sign_up_on_the_way(page, connection, person)
    session = _session_at_client(page, client)
    subject = open_provider.run(
        "result = env['res.users'].search([('login', '=', login)]).oauth2_subject",
        login=person.login,
    )
    assert session["username"] == f"provider_{connection.oauth_provider_id}_user_{subject}"
    assert session["name"] == person.name


def test_unverified_address_takes_over_no_account_elsewhere(
    open_provider: System, client: System, page: Page
) -> None:
    """Signing up here under the address of somebody who has an account there opens an account of one's own, no more."""
    connection, victim = connect(open_provider, client), create_person(client)
    impostor = Person(0, "Impostor", victim.login, "Impostor-1")
    _sign_up_on_the_way(page, connection, impostor)
    session = _session_at_client(page, client)
    assert session["uid"] != victim.id
    assert victim.login not in session["username"]


def test_unverified_address_is_released_if_the_administrator_says_so(
    open_provider: System, client: System, page: Page
) -> None:
    open_provider.parameter(WITHHOLD, "0")
    connection, person = connect(open_provider, client), someone()
    _sign_up_on_the_way(page, connection, person)
    assert _session_at_client(page, client)["username"] == person.login


def _sign_up_on_the_way(page: Page, connection: Connection, person: Person) -> None:
    start_login(page, connection)
    page.locator("a[href^='/web/signup']").click()
    page.locator("input[name=login]").fill(person.login)
    page.locator("input[name=name]").fill(person.name)
    page.locator("input[name=password]").fill(person.password)
    page.locator("input[name=confirm_password]").fill(person.password)
    page.locator("form.oe_signup_form button[type=submit]").click()
    decide(page, "allow")
    expect_arrival(page, connection.client)


def _session_at_client(page: Page, client: System) -> dict:
    page.goto(f"{client.url}/web/health")
    return session_of(page)
