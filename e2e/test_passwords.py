"""Wrong and forgotten passwords on the way: the authorization request waits in the browser that began it."""

from playwright.sync_api import Page, expect

from e2e.harness.applications import Connection, connect
from e2e.harness.browsing import (
    decide,
    expect_arrival,
    expect_no_session,
    expect_session,
    fill_login,
    start_login,
)
from e2e.harness.mailbox import Mailbox
from e2e.harness.people import Person, create_person
from e2e.harness.systems import System
from e2e.harness.visitors import Visitors

NEW_PASSWORD = "New-password-1"
RESET_LINK = r"http[^\"]*/web/reset_password[^\"]*"


def test_wrong_password_then_right(provider: System, client: System, page: Page) -> None:
    connection, person = connect(provider, client), create_person(provider)
    start_login(page, connection)
    for _attempt in range(2):
        # The message of the first attempt is still there during the second: wait for the page itself.
        with page.expect_event("load"):
            fill_login(page, person, "wrong")
        expect(page.locator(".alert-danger")).to_be_visible()
    fill_login(page, person)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_reset_password_in_the_same_browser_goes_on(
    provider: System, client: System, page: Page, mailbox: Mailbox
) -> None:
    connection, person = connect(provider, client), create_person(provider)
    link = _ask_for_reset(page, connection, person, mailbox)
    page.goto(link)
    _choose_password(page)
    fill_login(page, person, NEW_PASSWORD)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_reset_mail_opened_in_another_browser_says_to_start_again(
    provider: System, client: System, page: Page, visitors: Visitors, mailbox: Mailbox
) -> None:
    """The password is changed there, but the login that was begun elsewhere cannot be finished there."""
    connection, person = connect(provider, client), create_person(provider)
    link = _ask_for_reset(page, connection, person, mailbox)
    other = visitors.new_page()
    other.goto(link)
    _choose_password(other)
    fill_login(other, person, NEW_PASSWORD)
    expect(other.locator("#oauth2_start_again")).to_be_visible()
    expect_session(other, provider, person)
    expect_no_session(other, client)
    start_login(other, connection)
    decide(other, "allow")
    expect_arrival(other, client)
    expect_session(other, client, person)


def _ask_for_reset(page: Page, connection: Connection, person: Person, mailbox: Mailbox) -> str:
    start_login(page, connection)
    page.locator("a[href^='/web/reset_password']").click()
    page.locator("input[name=login]").fill(person.login)
    # The mail can be here before the browser has its answer, which would then come in the way of the link.
    with page.expect_event("load"):
        page.locator("form.oe_reset_password_form button[type=submit]").click()
    return mailbox.link(person.login, RESET_LINK)


def _choose_password(page: Page) -> None:
    page.locator("input[name=password]").fill(NEW_PASSWORD)
    page.locator("input[name=confirm_password]").fill(NEW_PASSWORD)
    page.locator("form.oe_reset_password_form button[type=submit]").click()
    page.get_by_text("Back to Login").click()
