"""The token endpoint: whose code it is, once, for whoever holds the key; and refreshing."""

import time

import pytest

from e2e.fapi.client import FapiClient, present
from e2e.harness.moments import let_pass
from e2e.harness.plain_http import HttpBrowser, expect_json_error


def test_authorization_code_is_bound_to_client(
    client: FapiClient, other: FapiClient, browser: HttpBrowser
) -> None:
    form = client.redemption(client.authorize(browser)["code"])
    expect_json_error(other.ask_for_tokens(form), 400, "invalid_grant")


def test_reuse_of_authorization_code_after_one_second(
    client: FapiClient, browser: HttpBrowser
) -> None:
    form = client.redemption(client.authorize(browser)["code"])
    token = client.tokens_of(client.ask_for_tokens(form))["access_token"]
    assert client.resource(token).status_code == 200
    time.sleep(1)
    expect_json_error(client.ask_for_tokens(form), 400, "invalid_grant")
    assert client.resource(token).status_code == 401


def test_expired_authorization_code(client: FapiClient, browser: HttpBrowser) -> None:
    form = client.redemption(client.authorize(browser)["code"])
    let_pass(client.provider, 61, client.database_id)
    expect_json_error(client.ask_for_tokens(form), 400, "invalid_grant")


@pytest.mark.kinds(jarm=False)
@pytest.mark.parametrize("verifier", [None, "a" * 43])
def test_code_verifier(client: FapiClient, browser: HttpBrowser, verifier: str | None) -> None:
    form = client.redemption(client.authorize(browser)["code"], code_verifier=verifier)
    refused = client.ask_for_tokens(form)
    error = refused.json()["error"]
    assert error in ("invalid_grant", "invalid_request")
    expect_json_error(refused, 400, error)


def unproven(client: FapiClient) -> dict[str, object]:
    """A token request without the key that its tokens would be bound to, but with the client's own proof."""
    if client.variant.binding == "dpop":
        return {"headers": {}}
    return {"cert": None}


def test_holder_of_key_is_required(client: FapiClient, browser: HttpBrowser) -> None:
    form = client.redemption(client.authorize(browser)["code"])
    refused = client.ask_for_tokens(form, **unproven(client))
    if client.variant.authentication == client.variant.binding == "mtls":
        expect_json_error(refused, 401, "invalid_client")
    else:
        expect_json_error(refused, 400, "invalid_request")


@pytest.mark.kinds(signed=False, jarm=False)
@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": None, "code": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_status_of_every_error(client: FapiClient, form: dict[str, str | None], error: str) -> None:
    expect_json_error(client.ask_for_tokens(present(form)), 400, error)


def test_refresh_token(client: FapiClient, other: FapiClient, browser: HttpBrowser) -> None:
    tokens = client.tokens(browser)
    first = client.verify(tokens["id_token"])
    refresh_token = tokens["refresh_token"]
    for _time in range(2):
        renewed = client.tokens_of(client.refresh(refresh_token))
        # FAPI 2.0 §5.3.2.1: no rotation.
        assert renewed.get("refresh_token", refresh_token) == refresh_token
        assert renewed["access_token"] != tokens["access_token"]
        assert client.resource(renewed["access_token"]).status_code == 200
        again = client.verify(renewed["id_token"])
        same = ("iss", "sub", "aud", "auth_time")
        assert [again[name] for name in same] == [first[name] for name in same]
    refused = client.refresh(refresh_token, **unproven(client))
    is_known_by_certificate = client.variant.authentication == client.variant.binding == "mtls"
    error = "invalid_client" if is_known_by_certificate else "invalid_request"
    expect_json_error(refused, 401 if is_known_by_certificate else 400, error)
    without = {"client_id": client.identifier}
    options = {"cert": None} if client.variant.authentication == "mtls" else {}
    refused = client.refresh(refresh_token, credentials=without, **options)
    expect_json_error(refused, 401, "invalid_client")
    expect_json_error(other.refresh(refresh_token), 400, "invalid_grant")
    # None of this cost the client its connection.
    assert client.refresh(refresh_token).status_code == 200


def test_refresh_token_needs_its_own_consent(client: FapiClient, browser: HttpBrowser) -> None:
    """Without offline_access it ends with the person's login, and is given as well."""
    tokens = client.tokens(browser, client.parameters(scope="openid"))
    assert client.refresh(tokens["refresh_token"]).status_code == 200
