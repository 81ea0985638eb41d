"""Odoo's add-on auth_timeout: a locked screen gives nothing away until its owner has proved to be there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    Answers,
    decide,
    expect_arrival,
    expect_session,
    fill_login,
    log_in_locally,
    start_login,
)
from e2e.harness.people import INTERNAL, create_person
from e2e.harness.systems import System

SET_LIMIT = "env.ref(group)[field] = minutes"
# As if the time had passed: the session's file is what the server reads at each request.
AGE_SESSION = """
import time
from odoo.http import root
session = root.session_store.get(sid)
session[key] = time.time() - 3600
root.session_store.save(session)
"""


@pytest.fixture
def limits(website_provider: System) -> Iterator[dict[str, int]]:
    """Limits in minutes for internal users, by field."""
    chosen: dict[str, int] = {}
    yield chosen
    for field in chosen:
        website_provider.run(SET_LIMIT, group=INTERNAL, field=field, minutes=0)


def _set_limit(provider: System, limits: dict[str, int], field: str) -> None:
    limits[field] = 10
    provider.run(SET_LIMIT, group=INTERNAL, field=field, minutes=10)


def _age_session(provider: System, page: Page, key: str) -> None:
    cookies = page.context.cookies(provider.url)
    sid = next(cookie["value"] for cookie in cookies if cookie["name"] == "session_id")
    provider.run(AGE_SESSION, sid=sid, key=key)


def test_locked_screen_gives_no_answer_until_it_is_unlocked(
    website_provider: System, client: System, page: Page, limits: dict[str, int]
) -> None:
    _set_limit(website_provider, limits, "lock_timeout_inactivity")
    connection = connect(website_provider, client, is_trusted=True)
    person = create_person(website_provider)
    log_in_locally(page, website_provider, person)
    page.goto(
        f"{website_provider.url}/web/health"
    )  # leaves the page whose script tells that somebody is there
    _age_session(website_provider, page, "identity-check-next")
    answers = Answers(page, connection.application.redirect_uri)
    start_login(page, connection)
    page.wait_for_url("**/auth-timeout/check-identity?*")
    assert not answers.received
    page.locator("input[name=password]").fill(person.password)
    page.locator("input[name=password]").press("Enter")
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_session_over_its_limit_logs_in_again(
    website_provider: System, client: System, page: Page, limits: dict[str, int]
) -> None:
    _set_limit(website_provider, limits, "lock_timeout")
    connection, person = connect(website_provider, client), create_person(website_provider)
    log_in_locally(page, website_provider, person)
    page.goto(f"{website_provider.url}/web/health")
    _age_session(website_provider, page, "create_time")
    start_login(page, connection)
    expect(page.locator("#oauth2_consent")).not_to_be_attached()
    fill_login(page, person)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)
