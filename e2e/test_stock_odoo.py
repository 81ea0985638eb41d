"""What the product tells administrators about the stock Odoo on the other side, checked against a real one."""

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    decide,
    expect_arrival,
    expect_no_session,
    expect_session,
    fill_login,
    log_in_at_client,
    log_in_locally,
    start_login,
)
from e2e.harness.people import INTERNAL, PORTAL, create_person, subject_of
from e2e.harness.systems import System
from e2e.harness.visitors import Visitors

GROUPS = """
user = env["res.users"].search([("login", "=", login)])
result = [user._is_portal(), user._is_internal()]
"""
LINK = """
env["res.users"].browse(uid).write({"oauth_provider_id": oauth_provider_id, "oauth_uid": subject})
"""


@pytest.mark.parametrize("group", [INTERNAL, PORTAL])
def test_new_people_arrive_as_portal_users_if_sign_up_is_free(
    provider: System, client: System, page: Page, group: str
) -> None:
    connection, person = connect(provider, client), create_person(provider, group)
    log_in_at_client(page, connection, person)
    assert client.run(GROUPS, login=person.login) == [True, False]


def test_new_people_are_turned_away_if_sign_up_is_not_free(
    provider: System, client: System, page: Page
) -> None:
    connection = connect(provider, client, sign_up=False)
    start_login(page, connection)
    fill_login(page, create_person(provider))
    decide(page, "allow")
    page.wait_for_url("**oauth_error=3")
    expect(page.locator(".alert-danger")).to_be_visible()
    expect_no_session(page, client)


def test_stock_odoo_ends_other_sessions_at_each_login(
    provider: System, client: System, page: Page, visitors: Visitors
) -> None:
    """Because it keeps the newest token with the user, and a session depends on it."""
    connection, person = connect(provider, client), create_person(provider)
    log_in_at_client(page, connection, person)
    other = visitors.new_page()
    start_login(other, connection)
    fill_login(other, person)
    expect_arrival(other, client)
    expect_session(other, client, person)
    expect_no_session(page, client)
    expect_session(page, provider, person)  # ours stays


def test_after_offboarding_here_sessions_and_passwords_over_there_live_on(
    provider: System, client: System, page: Page, visitors: Visitors
) -> None:
    connection, person = connect(provider, client), create_person(provider)
    local = create_person(client)
    client.run(
        LINK,
        uid=local.id,
        oauth_provider_id=connection.oauth_provider_id,
        subject=subject_of(provider, person),
    )
    start_login(page, connection)
    fill_login(page, person)
    decide(page, "allow")
    expect_arrival(page, client)
    provider.run("env['res.users'].browse(uid).active = False", uid=person.id)
    expect_no_session(page, provider)
    expect_session(page, client, local)
    other = visitors.new_page()
    log_in_locally(other, client, local)
    expect_session(other, client, local)
