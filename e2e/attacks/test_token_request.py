"""The form of the token request and of its answer (attack cases C11 to C15)."""

import json

import pytest
import requests

from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System


def test_c11_parameters_come_in_a_form_body(visitor: HttpBrowser, web: RelyingParty) -> None:
    address = f"{web.provider.url}/oauth2/token"
    form = web.redemption(web.code(visitor)) | {
        "client_id": web.identifier,
        "client_secret": web.application.secret,
    }
    expect_json_error(requests.get(address, params=form), 405, "invalid_request")
    expect_json_error(requests.post(address, params=form), 415, "invalid_request")
    expect_json_error(requests.post(address, json=form), 415, "invalid_request")
    half = {"code": form.pop("code")}
    expect_json_error(requests.post(address, params=half, data=form), 400, "invalid_request")
    assert requests.post(address, data=form | half).status_code == 200, "none of it used the code"


def test_c12_multipart_is_no_form_body(visitor: HttpBrowser, web: RelyingParty) -> None:
    form = web.redemption(web.code(visitor)) | {
        "client_id": web.identifier,
        "client_secret": web.application.secret,
    }
    files = {name: (None, value) for name, value in form.items()}
    response = requests.post(f"{web.provider.url}/oauth2/token", files=files)
    expect_json_error(response, 415, "invalid_request")


@pytest.mark.parametrize(
    "name",
    ["code", "grant_type", "redirect_uri", "code_verifier", "client_id", "client_secret", "x"],
)
def test_c12_repeated_parameter(visitor: HttpBrowser, web: RelyingParty, name: str) -> None:
    form = web.redemption(web.code(visitor)) | {
        "client_id": web.identifier,
        "client_secret": web.application.secret,
        "x": "y",
    }
    pairs = [*form.items(), (name, form[name])]
    response = requests.post(f"{web.provider.url}/oauth2/token", data=pairs)
    expect_json_error(response, 400, "invalid_request")


@pytest.mark.parametrize(
    ("grant_type", "error"),
    [
        (None, "invalid_request"),
        ("", "invalid_request"),
        ("nonsense", "unsupported_grant_type"),
        ("password", "unsupported_grant_type"),
        ("client_credentials", "unauthorized_client"),
        ("implicit", "unsupported_grant_type"),
        ("Authorization_Code", "unsupported_grant_type"),
    ],
)
def test_c14_unknown_grant(web: RelyingParty, grant_type: str | None, error: str) -> None:
    expect_json_error(web.redeem("x", grant_type=grant_type), 400, error)


def test_c14_grant_that_the_client_is_not_registered_for(
    provider: System, visitor: HttpBrowser, odoo: RelyingParty
) -> None:
    without_refresh = register(provider)
    expect_json_error(without_refresh.refresh("x"), 400, "unauthorized_client")
    expect_json_error(odoo.redeem("x"), 400, "unauthorized_client")
    expect_json_error(odoo.refresh("x"), 400, "unauthorized_client")


def test_c15_answer_is_not_cached_and_leaves_no_cookie(
    visitor: HttpBrowser, web: RelyingParty
) -> None:
    response = web.redeem(web.code(visitor))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"].startswith("application/json")
    assert "Set-Cookie" not in response.headers
    assert response.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("name", ["code", "code_verifier", "redirect_uri", "grant_type"])
@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe",
        "' OR 1=1 --",
        json.dumps({"$ne": 1}),
    ],
)
def test_strange_values_are_refused_cleanly(
    web: RelyingParty, name: str, value: str | bytes
) -> None:
    response = web.token_request(web.redemption("x") | {name: value})
    assert response.status_code == 400
    expected = {"invalid_request", "invalid_grant", "unsupported_grant_type"}
    assert response.json()["error"] in expected
