"""Revocation and introspection (attack cases T09 to T15)."""

import pytest
import requests

from e2e.harness.moments import let_pass
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System

KINDS = ("access_token", "refresh_token")


def introspect(party: RelyingParty, token: str, **form: str | None) -> requests.Response:
    return party.token_request({"token": token} | form, path="/oauth2/introspect")


def revoke(party: RelyingParty, token: str, **form: str | None) -> requests.Response:
    return party.token_request({"token": token} | form, path="/oauth2/revoke")


@pytest.mark.parametrize("kind", KINDS)
def test_introspection_of_an_own_token(visitor: HttpBrowser, web: RelyingParty, kind: str) -> None:
    token = web.tokens(visitor)[kind]
    for hint in (None, "access_token", "refresh_token", "nonsense"):
        answer = introspect(web, token, token_type_hint=hint).json()
        assert answer["active"] is True
        assert answer["client_id"] == web.identifier
        assert answer["iss"] == web.provider.url


@pytest.mark.parametrize("path", ["/oauth2/introspect", "/oauth2/revoke"])
def test_t09_without_client_authentication(
    visitor: HttpBrowser, web: RelyingParty, path: str
) -> None:
    token = web.tokens(visitor)["access_token"]
    for secret in (None, "wrong"):
        response = web.token_request({"token": token, "client_secret": secret}, path=path)
        expect_json_error(response, 401, "invalid_client")
    header = {"Authorization": f"Bearer {token}"}
    anonymous = requests.post(web.provider.url + path, data={"token": token}, headers=header)
    expect_json_error(anonymous, 401, "invalid_client")
    assert web.accepts(token)


def test_t09_public_client_may_not_introspect(native: RelyingParty) -> None:
    expect_json_error(introspect(native, "x"), 401, "invalid_client")


@pytest.mark.parametrize("kind", KINDS)
def test_t10_token_of_another_application(
    visitor: HttpBrowser, web: RelyingParty, other_web: RelyingParty, kind: str
) -> None:
    token = web.tokens(visitor)[kind]
    assert introspect(other_web, token).json() == {"active": False}
    assert introspect(other_web, "unknown").json() == {"active": False}
    revoke(other_web, token)
    assert introspect(web, token).json()["active"] is True


@pytest.mark.parametrize("kind", KINDS)
def test_t11_dead_tokens_are_inactive_at_once(
    provider: System, visitor: HttpBrowser, kind: str
) -> None:
    party = register(provider, use_refresh_token=True)
    expired, revoked = party.tokens(visitor)[kind], party.tokens(visitor)[kind]
    assert revoke(party, revoked).status_code == 200
    assert introspect(party, revoked).json() == {"active": False}
    let_pass(provider, 31 * 86400, party.application.id)
    assert introspect(party, expired).json() == {"active": False}


def test_t14_public_client_gives_back_its_own_token(
    visitor: HttpBrowser, native: RelyingParty
) -> None:
    token = native.tokens(visitor)["access_token"]
    assert revoke(native, token).status_code == 200
    assert not native.accepts(token)
    assert revoke(native, token).status_code == 200
    assert revoke(native, "unknown").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_t15_either_token_ends_both(visitor: HttpBrowser, web: RelyingParty, kind: str) -> None:
    tokens = web.tokens(visitor)
    other = web.tokens(visitor)
    assert revoke(web, tokens[kind]).status_code == 200
    assert not web.accepts(tokens["access_token"])
    expect_json_error(web.refresh(tokens["refresh_token"]), 400, "invalid_grant")
    assert web.accepts(other["access_token"]), "another login lives on"


@pytest.mark.parametrize("path", ["/oauth2/introspect", "/oauth2/revoke"])
def test_requests_are_as_strict_as_at_the_token_endpoint(web: RelyingParty, path: str) -> None:
    address = web.provider.url + path
    form = {"client_id": web.identifier, "client_secret": web.application.secret, "token": "x"}
    expect_json_error(requests.get(address, params=form), 405, "invalid_request")
    expect_json_error(requests.post(address, json=form), 415, "invalid_request")
    expect_json_error(requests.post(address, params=form), 415, "invalid_request")
    repeated = [*form.items(), ("token", "x")]
    expect_json_error(requests.post(address, data=repeated), 400, "invalid_request")
    form.pop("token")
    expect_json_error(requests.post(address, data=form), 400, "invalid_request")
