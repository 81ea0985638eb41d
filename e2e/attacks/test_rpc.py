"""Odoo's programming interfaces in the hands of people who administer nothing (attack cases U11, U12)."""

import contextlib
from collections.abc import Callable

import pytest

from e2e.harness.people import INTERNAL, PORTAL, Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty
from e2e.harness.rpc import (
    NOT_CALLABLE,
    RIGHTS,
    Call,
    Refused,
    by_api_key,
    by_password,
    by_session,
    refused,
)
from e2e.harness.systems import System

MODEL = "oauth2.provider."


@pytest.fixture(scope="module")
def eve(provider: System) -> Person:
    return create_person(provider, INTERNAL)


@pytest.fixture(scope="module")
def paul(provider: System) -> Person:
    return create_person(provider, PORTAL)


@pytest.fixture(scope="module", params=["session", "api_key", "password", "portal_session"])
def call(request: pytest.FixtureRequest, provider: System, eve: Person, paul: Person) -> Call:
    """The interfaces, as somebody without any right of administration."""
    makers: dict[str, Callable[[], Call]] = {
        "session": lambda: by_session(provider, eve),
        "api_key": lambda: by_api_key(provider, eve),
        "password": lambda: by_password(provider, eve),
        "portal_session": lambda: by_session(provider, paul),
    }
    return makers[request.param]()


@pytest.fixture(autouse=True)
def refusals_are_logged(allowed_loggers: list[str]) -> None:
    allowed_loggers.extend(["odoo.http", "odoo.addons.rpc.controllers.jsonrpc"])


@pytest.mark.parametrize(
    "model",
    [
        "client",
        "client.secret",
        "redirect.uri",
        "event",
        "token",
        "authorization.code",
        "authorization.request",
        "authorization.revocation",
        "scope",
    ],
)
def test_u12_models_of_administrators_are_closed(
    provider: System, call: Call, model: str, web: RelyingParty
) -> None:
    name = MODEL + model
    refused(RIGHTS, call, name, "search_read", [], ["id"])
    refused(RIGHTS, call, name, "search_count", [])
    refused(RIGHTS, call, name, "write", [1], {"id": 1})
    refused(RIGHTS, call, name, "create", [{}])
    refused(RIGHTS, call, name, "unlink", [1])


@pytest.mark.parametrize("model", ["authorization", "consent"])
def test_u12_own_records_are_read_only(
    provider: System, visitor: HttpBrowser, call: Call, model: str, asking: RelyingParty
) -> None:
    asking.code(visitor)
    name = MODEL + model
    assert call(name, "search_read", [], ["id"]) == []
    somebodys = provider.run(f"result = env['{name}'].search([], limit=1).id")
    refused(RIGHTS, call, name, "read", [somebodys], ["scope"])
    refused(RIGHTS, call, name, "write", [somebodys], {"scope": "x"})
    refused(RIGHTS, call, name, "create", [{}])
    refused(RIGHTS, call, name, "unlink", [somebodys])
    refused(RIGHTS, call, name, "action_revoke", [somebodys])


@pytest.mark.parametrize(
    "method", ["action_revoke_authorizations", "action_export_accounts", "action_archive"]
)
def test_u12_buttons_of_an_application(call: Call, web: RelyingParty, method: str) -> None:
    refused(RIGHTS, call, f"{MODEL}client", method, [web.application.id])


def test_u12_nobody_else_makes_a_secret(provider: System, call: Call, web: RelyingParty) -> None:
    """The button first asks for the password of whoever presses it, which is no refusal yet."""
    with contextlib.suppress(Refused):
        action = call(f"{MODEL}client", "action_new_secret", [web.application.id])
        assert action["res_model"] == "res.users.identitycheck"
    secrets = provider.run(
        "result = len(env['oauth2.provider.client'].browse(id).secret_ids)", id=web.application.id
    )
    assert secrets == 1


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("client.secret", "_generate"),
        ("client", "_record_change"),
        ("client", "_revoke_authorizations"),
        ("authorization", "_revoke"),
        ("authorization", "_revoke_where"),
        ("event", "_record"),
        ("server", "_authorization_server"),
        ("server", "_settings"),
        ("token", "_gc_expired"),
    ],
)
def test_u12_inner_methods_cannot_be_called(call: Call, model: str, method: str) -> None:
    refused(NOT_CALLABLE, call, MODEL + model, method)


@pytest.mark.parametrize("model", ["connect.odoo", "account.export", "client.secret.show"])
def test_u12_dialogs_of_administrators_are_closed(call: Call, model: str) -> None:
    refused(RIGHTS, call, MODEL + model, "create", [{}])


@pytest.mark.parametrize("field", ["oauth2_subject", "oauth2_email_origin"])
def test_u12_nobody_chooses_who_they_are(
    provider: System, call: Call, eve: Person, paul: Person, field: str
) -> None:
    for person in (eve, paul):
        refused(
            RIGHTS | {"UserError"}, call, "res.users", "write", [person.id], {field: "verified"}
        )
        refused(RIGHTS, call, "res.users", "read", [person.id], [field])
    refused(RIGHTS, call, "res.users", "search_read", [[field, "=", "verified"]], ["id"])


def test_u12_user_cannot_end_the_logins_of_others(
    visitor: HttpBrowser, call: Call, web: RelyingParty, ada: Person
) -> None:
    token = web.tokens(visitor)["access_token"]
    refused(RIGHTS, call, "res.users", "action_oauth2_revoke_authorizations", [ada.id])
    assert web.accepts(token)


def test_u11_user_sees_and_ends_only_their_own_logins(
    provider: System, visitor: HttpBrowser, asking: RelyingParty
) -> None:
    bob = create_person(provider, PORTAL)
    browser = HttpBrowser(provider)
    browser.log_in(bob)
    mine, adas = asking.tokens(browser), asking.tokens(visitor)
    call = by_session(provider, bob)
    own = call(f"{MODEL}authorization", "search_read", [], ["user_id", "state"])
    assert [record["user_id"][0] for record in own] == [bob.id]
    assert call(f"{MODEL}consent", "search_count", []) == 1
    call(f"{MODEL}authorization", "action_revoke", [own[0]["id"]])
    assert not asking.accepts(mine["access_token"])
    assert asking.accepts(adas["access_token"])


def test_withdrawing_consent_ends_the_tokens_and_asks_again(
    provider: System, asking: RelyingParty
) -> None:
    bob = create_person(provider)
    browser = HttpBrowser(provider)
    browser.log_in(bob)
    token = asking.tokens(browser)["access_token"]
    call = by_session(provider, bob)
    call(f"{MODEL}consent", "action_revoke", call(f"{MODEL}consent", "search", []))
    assert not asking.accepts(token)
    assert 'id="oauth2_consent"' in browser.authorize(asking.parameters()).text
