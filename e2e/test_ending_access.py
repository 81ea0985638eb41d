"""What ends access, what does not, and what applications see of it."""

import pytest
import requests
from playwright.sync_api import Page, expect

from e2e.harness.applications import Connection, connect
from e2e.harness.browsing import (
    Answers,
    decide,
    expect_arrival,
    expect_no_session,
    expect_session,
    fill_login,
    log_in_at_client,
    start_login,
)
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System, Systems

REVOKE_AUTHORIZATIONS = """
domain = [("client_id", "=", client_id), ("user_id", "=", uid)]
env["oauth2.provider.authorization"].search(domain).action_revoke()
"""
WITHDRAW_CONSENT = """
domain = [("client_id", "=", client_id), ("user_id", "=", uid)]
env["oauth2.provider.consent"].search(domain).action_revoke()
"""
ARCHIVE_USER = "env['res.users'].browse(uid).active = False"
ARCHIVE_APPLICATION = "env['oauth2.provider.client'].browse(client_id).active = False"
CHANGE_PASSWORD = "env['res.users'].browse(uid).password = 'Another-password-1'"
EXPIRE_TOKENS = """
from datetime import timedelta
tokens = env["oauth2.provider.token"].search([("client_id", "=", client_id)])
earlier = tokens[:1].expires_at - timedelta(hours=1)
env.cr.execute("UPDATE oauth2_provider_token SET expires_at = %s WHERE id IN %s", [earlier, tuple(tokens.ids)])
"""


@pytest.fixture(scope="module")
def more_clients(systems: Systems) -> list[System]:
    """Two further stock Odoos."""
    hosts = ("projects.localhost", "shop.localhost")
    started = [systems.start(host.partition(".")[0], ["auth_oauth"], host=host) for host in hosts]
    yield started
    for system in started:
        systems.stop(system)


def test_three_systems_with_one_account_and_one_revoked(
    provider: System, client: System, more_clients: list[System], page: Page
) -> None:
    person = create_person(provider)
    connections = [connect(provider, system) for system in (client, *more_clients)]
    tokens = []
    for number, connection in enumerate(connections):
        answers = Answers(page, connection.application.redirect_uri)
        start_login(page, connection)
        if number == 0:
            fill_login(page, person)  # one login serves all three
        decide(page, "allow")
        expect_arrival(page, connection.client)
        tokens.append(answers.received[0]["access_token"])
    for connection in connections:
        expect_session(page, connection.client, person)
    first, *others = zip(connections, tokens, strict=True)
    assert [_is_accepted(*pair) for pair in (first, *others)] == [True, True, True]
    _run(provider, WITHDRAW_CONSENT, first[0], person)
    assert [_is_accepted(*pair) for pair in (first, *others)] == [False, True, True]
    for connection, _token in others:
        expect_session(page, connection.client, person)
        page.goto(f"{connection.client.url}/web/session/logout")
        start_login(page, connection)
        expect_arrival(page, connection.client)
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connections[0])
    expect(page.locator("#oauth2_consent")).to_be_visible()  # only the first has to ask again


@pytest.mark.parametrize(
    "end",
    [
        REVOKE_AUTHORIZATIONS,
        WITHDRAW_CONSENT,
        ARCHIVE_USER,
        ARCHIVE_APPLICATION,
        CHANGE_PASSWORD,
        EXPIRE_TOKENS,
    ],
    ids=["revoked", "consent", "archived-user", "archived-application", "password", "expired"],
)
def test_token_dies_at_once(provider: System, end: str) -> None:
    party, person = (
        register(provider, security_profile="odoo_login", is_trusted=False),
        create_person(provider),
    )
    visitor = HttpBrowser(provider)
    visitor.log_in(person)
    token = party.authorization_answer(visitor, party.implicit_parameters())["access_token"]
    assert _is_accepted(party, token)
    _run(provider, end, party, person)
    assert not _is_accepted(party, token)


def test_token_of_a_stock_login_lives_for_two_minutes(
    provider: System, client: System, page: Page
) -> None:
    connection = connect(provider, client)
    answers = Answers(page, connection.application.redirect_uri)
    log_in_at_client(page, connection, create_person(provider))
    assert answers.received[0]["expires_in"] == "120"
    assert "refresh_token" not in answers.received[0]


def test_revoked_authorization_then_login_again(
    provider: System, client: System, page: Page
) -> None:
    """Ending an authorization is no ban: the consent stands, so the next login is as quick as ever."""
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    _run(provider, REVOKE_AUTHORIZATIONS, connection, person)
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_withdrawn_consent_is_asked_for_again(provider: System, client: System, page: Page) -> None:
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    _run(provider, WITHDRAW_CONSENT, connection, person)
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_archived_user_cannot_log_in_here_but_stays_logged_in_there(
    provider: System, client: System, page: Page
) -> None:
    """Stock Odoo never asks again once somebody is in: off-boarding here has to be repeated over there."""
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    _run(provider, ARCHIVE_USER, connection, person)
    expect_no_session(page, provider)
    expect_session(page, client, person)
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    fill_login(page, person)
    expect(page.locator(".alert-danger")).to_be_visible()
    expect_no_session(page, client)


def _run(provider: System, code: str, party: Connection | RelyingParty, person: Person) -> None:
    provider.run(code, client_id=party.application.id, uid=person.id)


def _is_accepted(party: Connection | RelyingParty, token: str) -> bool:
    address = f"{party.provider.url}/oauth2/userinfo/{party.application.identifier}"
    response = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT)
    if response.status_code == 200:
        return True
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
    return False
