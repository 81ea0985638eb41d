"""The FAPI 2.0 Security Profile: what the profile of a client forbids and what it needs (§5.3.2, §5.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import assertion_form, claims, signed
from fakes.bank import BANK, assertion, push, pushed, redeem
from fakes.certificates import header_forms, make_certificate
from fakes.constrained import userinfo
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT
from fakes.wire import (
    basic,
    code_exchange,
    code_request,
    error_of,
    fragment_of,
    query_of,
    tokens_of,
)
from protocol.jose.keys import generate_pem, load_signing_key
from protocol.messages import ClientCertificate, Response
from protocol.settings import Settings

OTHER_KEY = load_signing_key(generate_pem("ES256"), "ES256")


@pytest.fixture
def bank() -> Provider:
    return Provider(BANK)


def test_the_whole_flow(bank: Provider) -> None:
    response = bank.agree(pushed(bank))
    answer = query_of(response)
    assert answer["iss"] == ISSUER
    tokens = tokens_of(redeem(bank, answer["code"]))
    assert tokens["token_type"] == "DPoP"
    assert userinfo(bank, tokens["access_token"]).status == 200
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    headers = {"dpop": proof("POST", f"{ISSUER}/oauth2/token", bank.clock.now())}
    renewed = bank.post_token(form | assertion(), headers, path="/oauth2/token")
    assert userinfo(bank, tokens_of(renewed)["access_token"]).status == 200


def test_x10_only_pushed_requests(bank: Provider) -> None:
    assert query_of(bank.ask(code_request()))["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "code id_token", "nonce": "n"}, "unauthorized_client"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"redirect_uri": "", "scope": "email"}, "invalid_request"),
        ({"redirect_uri": "https://other.example/cb"}, "invalid_request"),
        ({"redirect_uri": "http://app.example.com/cb"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"request_uri": "urn:x"}, "invalid_request"),
    ],
)
def test_what_may_not_be_pushed(bank: Provider, changes: dict[str, str], error: str) -> None:
    response = push(bank, **changes)
    assert (response.status, error_of(response)) == (400, error)


def test_tokens_are_bound_to_a_key() -> None:
    """Also of a client for which nobody has said by which."""
    bank = Provider(replace(BANK, dpop_bound_access_tokens=False))
    code = bank.get_code(pushed(bank))
    response = redeem(bank, code, proven=False)
    assert (response.status, error_of(response)) == (400, "invalid_request")
    assert tokens_of(redeem(bank, code))["token_type"] == "DPoP"


def test_tokens_bound_to_a_certificate() -> None:
    bank = Provider(
        replace(
            BANK, dpop_bound_access_tokens=False, tls_client_certificate_bound_access_tokens=True
        ),
        settings=Settings(issuer=ISSUER, mtls=True),
    )
    shown = ClientCertificate(header_forms(make_certificate())["nginx"], is_verified=False)
    code = bank.get_code(pushed(bank))
    form = code_exchange(code) | assertion()
    assert error_of(bank.post_token(form, {})) == "invalid_request"
    form = code_exchange(code) | assertion()
    tokens = tokens_of(bank.post_token(form, {}, client_certificate=shown))
    assert tokens["token_type"] == "Bearer"
    token = tokens["access_token"]
    response = userinfo(bank, token, None, scheme="Bearer", client_certificate=shown)
    assert response.status == 200
    assert userinfo(bank, token, None, scheme="Bearer").status == 401


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_no_other_authentication(method: str) -> None:
    """A registration that slipped through does not count."""
    bank = Provider(replace(BANK, token_endpoint_auth_method=method, secrets=CLIENT.secrets))
    form = code_exchange("x") | ({"client_id": "web"} if method == "none" else {})
    response = bank.post_token(form, {} if method == "none" else basic())
    assert error_of(response) == "invalid_client"


@pytest.mark.parametrize(
    "audience", [f"{ISSUER}/oauth2/token", f"{ISSUER}/oauth2/par", [ISSUER], [ISSUER, "x"]]
)
def test_a09_the_issuer_is_the_only_audience(bank: Provider, audience: object) -> None:
    form = code_request() | assertion(aud=audience)
    assert error_of(bank.push(form, {})) == "invalid_client"


@pytest.mark.parametrize(("algorithm", "status"), [("RS256", 401), ("PS256", 201), ("EdDSA", 201)])
def test_algorithms_of_assertions(bank: Provider, algorithm: str, status: int) -> None:
    form = code_request() | assertion_form(signed(claims(), algorithm))
    assert bank.push(form, {}).status == status


def test_a_registered_algorithm_that_the_profile_forbids() -> None:
    bank = Provider(replace(BANK, token_endpoint_auth_signing_alg="RS256"))
    form = code_request() | assertion_form(signed(claims(), "RS256"))
    assert bank.push(form, {}).status == 401


@pytest.mark.parametrize("changes", [{}, {"is_trusted": True}])
def test_consent_is_asked_for_every_time(changes: dict[str, Any]) -> None:
    bank = Provider(replace(BANK, **changes))
    bank.agree(pushed(bank))
    bank.agree(pushed(bank))
    rid = bank.start(pushed(bank))
    response = bank.go_on(rid)
    assert response.page is not None
    assert response.page.name == "consent"


def test_x07_a_proof_at_the_pushed_request_binds_the_code(bank: Provider) -> None:
    header = {"dpop": proof("POST", f"{ISSUER}/oauth2/par", bank.clock.now(), key=OTHER_KEY)}
    response = push(bank, header=header)
    assert response.json is not None
    code = bank.get_code({"client_id": "web", "request_uri": response.json["request_uri"]})
    assert error_of(redeem(bank, code)) == "invalid_grant"


INTERACTION_ID = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"


@pytest.mark.parametrize("token", ["", "unknown"])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (INTERACTION_ID, INTERACTION_ID),
        (None, None),
        ("", None),
        ("x\r\ny", None),
        ("1" * 36, None),
    ],
)
def test_the_interaction_id_comes_back(
    provider: Provider, token: str, sent: str | None, expected: str | None
) -> None:
    token = token or provider.get_tokens()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    if sent is not None:
        headers["x-fapi-interaction-id"] = sent
    response = userinfo(provider, token, None, scheme="Bearer", headers=headers)
    assert dict(response.headers).get("x-fapi-interaction-id") == expected


# Message Signing


def push_object(bank: Provider, algorithm: str = "ES256", **changes: Any) -> Response:
    now = bank.clock.now()
    content = code_request() | {
        "iss": "web",
        "aud": ISSUER,
        "nbf": now,
        "exp": now + 60,
        "response_mode": "jwt",
    }
    request = signed(content | changes, algorithm)
    headers = {"dpop": proof("POST", f"{ISSUER}/oauth2/par", now)}
    return bank.push({"request": request} | assertion(), headers)


def test_a_signed_request_with_a_signed_answer() -> None:
    bank = Provider(
        replace(BANK, require_signed_request_object=True, authorization_signed_response_alg="ES256")
    )
    pushed_object = push_object(bank)
    assert pushed_object.json is not None
    request = {"client_id": "web", "request_uri": pushed_object.json["request_uri"]}
    answer = read(query_of(bank.agree(request))["response"])
    assert (answer["iss"], answer["aud"], answer["state"]) == (ISSUER, "web", "st")
    assert redeem(bank, answer["code"]).status == 200
    # The proof at the pushed request binds the code also where the parameters come in the object.
    pushed_object = push_object(bank)
    assert pushed_object.json is not None
    request = {"client_id": "web", "request_uri": pushed_object.json["request_uri"]}
    code = read(query_of(bank.agree(request))["response"])["code"]
    other = proof("POST", f"{ISSUER}/oauth2/token", bank.clock.now(), key=OTHER_KEY)
    form = code_exchange(code) | assertion()
    assert error_of(bank.post_token(form, {"dpop": other}, path="/oauth2/token")) == "invalid_grant"
    assert error_of(push(bank)) == "invalid_request"


@pytest.mark.parametrize(
    ("algorithm", "status"), [("RS256", 400), ("PS256", 201), ("ES256", 201), ("EdDSA", 201)]
)
def test_algorithms_of_request_objects(bank: Provider, algorithm: str, status: int) -> None:
    assert push_object(bank, algorithm).status == status


@pytest.mark.parametrize("response_type", ["code token", "id_token token", "code id_token token"])
def test_a_browser_gets_no_token_that_is_bound_to_a_key(response_type: str) -> None:
    provider = Provider(replace(OPENID_CLIENT, dpop_bound_access_tokens=True))
    answer = provider.ask(openid_request(response_type=response_type))
    assert fragment_of(answer)["error"] == "unauthorized_client"
    answer = provider.agree(openid_request(response_type="code id_token"))
    assert fragment_of(answer)["id_token"]
