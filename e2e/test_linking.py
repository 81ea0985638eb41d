"""People who already have an account at the other system: how their account gets linked, by what stock Odoo offers."""

import csv
import io

import pytest
from playwright.sync_api import Page

from e2e.harness.applications import Connection, connect
from e2e.harness.browsing import (
    decide,
    expect_arrival,
    expect_session,
    fill_login,
    log_in_at_client,
    start_login,
)
from e2e.harness.people import Person, create_person, subject_of
from e2e.harness.systems import System

# What "Send an invitation" and "Send password reset instructions" put into their mails.
MAILED_LINK = """
partner = env["res.users"].browse(uid).partner_id
partner.signup_prepare(signup_type=signup_type)
result = partner._get_signup_url()
"""
EXPORT_OF_USERS = """
users = env["res.users"].search([("login", "in", logins)])
result = users.with_context(import_compat=True).export_data(["id", "login"])["datas"]
"""
ACCOUNTS_FILE = """
import base64
content = other_users and base64.b64encode(other_users.encode())
export = env["oauth2.provider.account.export"].create({"client_id": client_id, "other_users": content})
result = {
    "csv": base64.b64decode(export.content).decode(),
    "provider_name": export.client_id.odoo_provider_name,
}
"""
IMPORT_OF_USERS = """
wizard = env["base_import.import"].with_context(no_reset_password=True).create({
    "res_model": "res.users", "file": content.encode(), "file_type": "text/csv", "file_name": "accounts.csv",
})
columns = content.splitlines()[0].split(",")
options = {"quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8"}
result = wizard.execute_import(columns, columns, options)
"""
NAME_PROVIDER = """
providers = env["auth.oauth.provider"]
providers.search([("name", "=", name)]).name = "Earlier"
providers.browse(id).name = name
"""
LINKED = """
user = env["res.users"].search([("login", "=", login)])
result = {"id": user.id, "oauth_uid": user.oauth_uid, "internal": not user.share}
"""


@pytest.mark.parametrize("signup_type", ["reset", "signup"])
def test_existing_user_links_by_opening_a_mailed_link_and_pressing_the_button(
    provider: System, client: System, page: Page, signup_type: str
) -> None:
    connection = connect(provider, client, sign_up=False)
    person, local = create_person(provider), create_person(client)
    page.goto(client.run(MAILED_LINK, uid=local.id, signup_type=signup_type))
    page.get_by_role("link", name=connection.label).click()
    fill_login(page, person)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, local)
    linked = client.run(LINKED, login=local.login)
    assert linked == {
        "id": local.id,
        "oauth_uid": subject_of(provider, person),
        "internal": True,
    }
    page.goto(f"{client.url}/web/session/logout")
    start_login(page, connection)
    expect_arrival(page, client)
    expect_session(page, client, local)


def test_existing_users_link_by_importing_our_file(
    provider: System, client: System, page: Page
) -> None:
    connection = connect(provider, client, sign_up=False)
    local = create_person(client)
    person = _same_login(provider, local)
    stranger = create_person(client)
    exported = client.run(EXPORT_OF_USERS, logins=[local.login, stranger.login])
    made = _accounts_file(connection, _csv([["id", "login"], *exported]))
    assert person.login in made
    assert stranger.login not in made
    _import(client, made)
    linked = client.run(LINKED, login=local.login)
    assert linked["id"] == local.id
    assert linked["oauth_uid"] == subject_of(provider, person)
    log_in_at_client(page, connection, person)
    assert expect_session(page, client, local)["uid"] == local.id


def test_accounts_can_be_imported_before_people_come(
    provider: System, client: System, page: Page
) -> None:
    connection, person = connect(provider, client, sign_up=False), create_person(provider)
    rows = list(csv.reader(io.StringIO(_accounts_file(connection, ""))))
    wanted = [row for row in rows if row[0] == person.login]
    assert len(wanted) == 1
    _import(client, _csv([rows[0], *wanted]))
    log_in_at_client(page, connection, person)
    expect_session(page, client, person)


def _same_login(provider: System, local: Person) -> Person:
    person = create_person(provider)
    provider.run(
        "env['res.users'].browse(uid).write({'login': login, 'email': login})",
        uid=person.id,
        login=local.login,
    )
    return Person(person.id, person.name, local.login, person.password)


def _accounts_file(connection: Connection, other_users: str) -> str:
    made = connection.provider.run(
        ACCOUNTS_FILE, client_id=connection.application.id, other_users=other_users
    )
    # the administrator gives the provider the name that our page shows
    connection.client.run(
        NAME_PROVIDER, id=connection.oauth_provider_id, name=made["provider_name"]
    )
    return made["csv"]


def _import(client: System, content: str) -> None:
    result = client.run(IMPORT_OF_USERS, content=content)
    assert not [message for message in result["messages"] if message["type"] == "error"], result
    assert len(result["ids"]) == 1


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
