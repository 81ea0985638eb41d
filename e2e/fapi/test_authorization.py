"""Whole authorizations: the happy flow, and what a client may vary in it."""

import json
import secrets

import pytest

from e2e.fapi.client import SCOPE, FapiClient
from e2e.harness.people import Person
from e2e.harness.plain_http import HttpBrowser


def test_happy_flow(
    client: FapiClient, other: FapiClient, browser: HttpBrowser, person: Person
) -> None:
    sent = client.parameters()
    tokens = client.tokens(browser, sent)
    claims = client.verify(tokens["id_token"])
    assert claims["nonce"] == sent["nonce"]
    assert claims.keys() <= {
        *("iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr"),
    }
    answer = client.resource(tokens["access_token"])
    assert (answer.json()["sub"], answer.json()["email"]) == (claims["sub"], person.login)
    # A second client, and what happens when the first one gets hold of its token.
    foreign = other.tokens(browser)["access_token"]
    assert other.resource(foreign).status_code == 200
    assert client.resource(foreign).status_code == 401


def test_resource_requests(client: FapiClient, browser: HttpBrowser) -> None:
    """FAPI 2.0 §5.3.4: never in the query; and what the headers of a bank may say beside the token."""
    token = client.tokens(browser)["access_token"]
    proof = client.proof("GET", "userinfo_endpoint", token)
    refused = client.send("GET", "userinfo_endpoint", params={"access_token": token}, headers=proof)
    assert refused.status_code in (400, 401)
    interaction = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"
    headers = {
        "x-fapi-interaction-id": interaction,
        "x-fapi-auth-date": "Tue, 11 Sep 2012 19:43:31 UTC",
        "x-fapi-customer-ip-address": "2001:db8::1893:25c8:1946",
    }
    for accept in ("application/json; charset=utf-8", "application/json, application/*+json, */*"):
        answer = client.resource(token, headers=headers | {"Accept": accept})
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["x-fapi-interaction-id"] == interaction
        assert answer.headers["Date"]


def test_access_token_type_in_another_case(client: FapiClient, browser: HttpBrowser) -> None:
    token = client.tokens(browser)["access_token"]
    scheme = "DPoP" if client.variant.binding == "dpop" else "Bearer"
    for spelling in (scheme.swapcase(), scheme.lower(), scheme.upper()):
        assert client.resource(token, scheme=spelling).status_code == 200


def test_user_rejects_authentication(client: FapiClient, browser: HttpBrowser) -> None:
    sent = client.parameters()
    page = client.open(browser, client.request_uri(sent))
    answer = client.read_answer(browser.decide(page, "deny"))
    assert answer["error"] == "access_denied"
    assert answer["state"] == sent["state"]
    assert answer.keys() <= {"error", "error_description", "state", "session_state"}


def test_authorization_request_without_state(client: FapiClient, browser: HttpBrowser) -> None:
    answer = client.authorize(browser, client.parameters(state=None))
    assert set(answer) == {"code", "session_state"}


def test_authorization_request_without_nonce(client: FapiClient, browser: HttpBrowser) -> None:
    tokens = client.tokens(browser, client.parameters(nonce=None))
    assert "nonce" not in client.verify(tokens["id_token"])


@pytest.mark.parametrize("length", [64, 384])
def test_nonce_of_any_usual_length(client: FapiClient, browser: HttpBrowser, length: int) -> None:
    nonce = secrets.token_hex(length)[:length]
    tokens = client.tokens(browser, client.parameters(nonce=nonce))
    assert client.verify(tokens["id_token"])["nonce"] == nonce


def test_long_state(client: FapiClient, browser: HttpBrowser) -> None:
    """`authorize` compares it with what comes back."""
    assert client.authorize(browser, client.parameters(state=secrets.token_hex(500)))["code"]


def test_other_scope_order(client: FapiClient, browser: HttpBrowser) -> None:
    backwards = " ".join(reversed(SCOPE.split()))
    tokens = client.tokens(browser, client.parameters(scope=backwards))
    assert client.resource(tokens["access_token"]).status_code == 200


def test_code_is_long_and_random(client: FapiClient, browser: HttpBrowser) -> None:
    codes = {client.authorize(browser)["code"] for _time in range(3)}
    assert len(codes) == 3
    assert all(len(code) >= 43 for code in codes)


def test_claims_parameter(client: FapiClient, browser: HttpBrowser, person: Person) -> None:
    wanted = {
        "given_name": None,
        "name": {"essential": True},
        "email": {"value": person.login},
        "unknown_claim": None,
    }
    claims = json.dumps({"id_token": wanted, "userinfo": wanted, "unknown_place": wanted})
    tokens = client.tokens(browser, client.parameters(scope="openid", claims=claims))
    for answer in (
        client.verify(tokens["id_token"]),
        client.resource(tokens["access_token"]).json(),
    ):
        assert (answer["name"], answer["email"]) == (person.name, person.login)
        assert "unknown_claim" not in answer


def test_reused_request_uri_before_the_login_is_complete(
    client: FapiClient, browser: HttpBrowser
) -> None:
    """A page that is loaded again: the reference is used up by the answer, not by the visit."""
    request_uri = client.request_uri()
    client.open(browser, request_uri)
    page = client.open(browser.copy(), request_uri)
    assert 'id="oauth2_consent"' in page.text


def test_consent_is_asked_for_every_time(client: FapiClient, browser: HttpBrowser) -> None:
    client.authorize(browser)
    page = client.open(browser, client.request_uri())
    assert 'id="oauth2_consent"' in page.text
