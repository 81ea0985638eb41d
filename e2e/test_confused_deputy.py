"""Stock Odoo never asks for whom a token was issued. The provider does it in its place: an address per application."""

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
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
from e2e.harness.people import create_person
from e2e.harness.relying_party import register
from e2e.harness.systems import STOCK_LOGIN_LOGGER, System
from e2e.harness.visitors import Visitors
from e2e.harness.web_site import WebSite

SET_VALIDATION_ENDPOINT = "env['auth.oauth.provider'].browse(id).validation_endpoint = address"


def test_token_of_another_application_opens_nothing(
    provider: System,
    client: System,
    page: Page,
    web_site: WebSite,
    visitors: Visitors,
    allowed_loggers: list[str],
) -> None:
    """The people of one application take a victim's token to the sign-in address of a stock Odoo."""
    allowed_loggers.append(STOCK_LOGIN_LOGGER)
    victim = create_person(provider)
    connection = connect(provider, client)
    log_in_at_client(page, connection, victim)
    malicious = register(
        provider,
        f"{web_site.url()}/callback",
        security_profile="odoo_login",
        local_development=True,
        is_trusted=True,
    )
    stolen = Answers(page, malicious.redirect_uri)
    parameters = malicious.implicit_parameters()
    page.goto(f"{provider.url}/oauth2/authorize?{urlencode(parameters)}")
    page.wait_for_url(f"{malicious.redirect_uri}*")
    token = stolen.received[0]["access_token"]

    attacker = visitors.new_page()
    own = Answers(attacker, connection.application.redirect_uri)
    start_login(attacker, connection)
    fill_login(attacker, create_person(provider))
    decide(attacker, "deny")
    attacker.wait_for_url("**oauth_error=*")
    state = own.received[0]["state"]
    replayed = urlencode({"access_token": token, "state": state})
    attacker.goto(f"{connection.application.redirect_uri}?{replayed}")
    expect(attacker.locator(".alert-danger")).to_be_visible()
    expect_no_session(attacker, client)


def test_mistyped_plain_address_fails_for_everyone(
    provider: System, client: System, page: Page, allowed_loggers: list[str]
) -> None:
    """An administrator who leaves the application's identifier out must notice at once, not after an attack."""
    allowed_loggers.append(STOCK_LOGIN_LOGGER)
    for path in ("/oauth2/userinfo", "/oauth2/tokeninfo"):
        connection = connect(provider, client, is_trusted=True)
        client.run(
            SET_VALIDATION_ENDPOINT,
            id=connection.oauth_provider_id,
            address=provider.url + path,
        )
        start_login(page, connection)
        if path == "/oauth2/userinfo":
            fill_login(page, create_person(provider))
        page.wait_for_url("**oauth_error=*")
        expect_no_session(page, client)


def test_the_right_address_works_by_header_and_by_query(
    provider: System, client: System, page: Page
) -> None:
    """`auth_oauth.authorization_header` keeps the token out of the addresses that the client's server asks."""
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    assert "access_token=" in _userinfo_request(provider, connection.application.identifier)
    client.parameter("auth_oauth.authorization_header", "1")
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    expect_arrival(page, client)
    client.parameter("auth_oauth.authorization_header", "")
    expect_session(page, client, person)
    assert "access_token" not in _userinfo_request(provider, connection.application.identifier)


def _userinfo_request(provider: System, identifier: str) -> str:
    """The newest line of the provider's log about a request to the application's UserInfo address."""
    lines = provider.server.log_text().splitlines()
    return next(line for line in reversed(lines) if f"/oauth2/userinfo/{identifier}" in line)
