"""ID tokens from both endpoints, in every flow (OpenID Connect Core §2, §3 and §12)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import ISSUER, Provider
from fakes.wire import code_exchange, error_of, fragment_of, tokens_of
from protocol.jose.algorithms import ALGORITHMS, half_hash
from protocol.messages import Response

FLOWS = ["id_token", "id_token token", "code id_token", "code token", "code id_token token"]


@pytest.fixture
def provider() -> Provider:
    provider = Provider(OPENID_CLIENT)
    provider.log_in(auth_time=provider.clock.now() - 10, amr=("pwd",))
    return provider


def redeem(provider: Provider, **changes: str) -> Response:
    form = code_exchange(provider.get_code(openid_request(**changes)))
    del form["code_verifier"]
    return provider.post_token(form)


def test_code_flow(provider: Provider) -> None:
    tokens = tokens_of(redeem(provider))
    now = provider.clock.now()
    assert read(tokens["id_token"]) == {
        "iss": ISSUER,
        "sub": "5f0c",
        "aud": "web",
        "azp": "web",
        "iat": now,
        "exp": now + 3600,
        "auth_time": now - 10,
        "amr": ["pwd"],
        "nonce": "n",
        "at_hash": half_hash(tokens["access_token"], "RS256"),
    }


def test_q07_without_openid_no_id_token(provider: Provider) -> None:
    assert "id_token" not in tokens_of(redeem(provider, scope="email"))


def test_f14_refresh(provider: Provider) -> None:
    tokens = tokens_of(redeem(provider))
    first = read(tokens["id_token"])
    provider.clock.advance(100)
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    second = read(renewed["id_token"])
    same = ("iss", "sub", "aud", "auth_time", "amr")
    assert [second[name] for name in same] == [first[name] for name in same]
    assert second["iat"] == first["iat"] + 100
    assert "nonce" not in second


@pytest.mark.parametrize("response_type", FLOWS)
def test_through_the_browser(provider: Provider, response_type: str) -> None:
    answer = fragment_of(provider.agree(openid_request(response_type=response_type)))
    names = {"token": "access_token"}
    expected = {names.get(part, part) for part in response_type.split()}
    assert answer.keys() & {"code", "id_token", "access_token"} == expected
    assert answer["iss"] == ISSUER
    if "id_token" in answer:
        claims = read(answer["id_token"])
        assert claims["nonce"] == "n"
        code, token = answer.get("code"), answer.get("access_token")
        assert claims.get("c_hash") == (half_hash(code, "RS256") if code else None)
        assert claims.get("at_hash") == (half_hash(token, "RS256") if token else None)


def test_claims_of_the_scope_stand_in_the_id_token_only_where_nothing_else_tells_them(
    provider: Provider,
) -> None:
    for response_type, expected in (("id_token", "Alice"), ("id_token token", None)):
        request = openid_request(response_type=response_type, scope="openid profile")
        claims = read(fragment_of(provider.agree(request))["id_token"])
        assert claims.get("name") == expected


@pytest.mark.parametrize("is_ticked", [True, False])
def test_claims_of_the_scope_for_clients_that_read_nothing_else(
    provider: Provider, is_ticked: bool
) -> None:
    provider.change_client(has_scope_claims_in_id_token=is_ticked)
    expected = ("Alice", None) if is_ticked else (None, None)
    tokens = tokens_of(redeem(provider, scope="openid profile"))
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    request = openid_request(response_type="code id_token", scope="openid profile")
    answer = fragment_of(provider.agree(request))
    for token in (tokens["id_token"], renewed["id_token"], answer["id_token"]):
        claims = read(token)
        assert (claims.get("name"), claims.get("email")) == expected


@pytest.mark.parametrize("response_type", ["id_token", "id_token token", "code id_token"])
def test_q07_nonce_is_required(provider: Provider, response_type: str) -> None:
    response = provider.ask(openid_request(response_type=response_type, nonce=""))
    assert fragment_of(response)["error"] == "invalid_request"


def test_nonce_is_kept_whole(provider: Provider) -> None:
    nonce = "".join(chr(33 + number % 94) for number in range(384))
    tokens = tokens_of(redeem(provider, nonce=nonce))
    assert read(tokens["id_token"])["nonce"] == nonce
    assert error_of(provider.ask(openid_request(nonce="x" * 2001))) == "invalid_request"


def test_an_id_token_needs_openid(provider: Provider) -> None:
    response = provider.ask(openid_request(response_type="id_token", scope="email"))
    assert fragment_of(response)["error"] == "invalid_request"


def test_flows_that_are_not_ticked(provider: Provider) -> None:
    provider.change_client(response_types=frozenset({"code"}))
    for response_type in FLOWS:
        response = provider.ask(openid_request(response_type=response_type))
        assert fragment_of(response)["error"] == "unauthorized_client"


def test_claims_by_name(provider: Provider) -> None:
    claims = '{"userinfo": {"name": null}, "id_token": {"email": null, "phone_number": null}}'
    tokens = tokens_of(redeem(provider, claims=claims))
    id_token = read(tokens["id_token"])
    assert id_token["email"] == "alice@example.com"
    assert "name" not in id_token
    userinfo = provider.get("userinfo", tokens["access_token"])
    assert userinfo.json == {"sub": "5f0c", "name": "Alice"}


def test_claims_by_name_keep_to_the_scope_of_the_client_and_need_consent(
    provider: Provider,
) -> None:
    provider.change_client(scope=frozenset({"openid", "email"}))
    claims = '{"id_token": {"email": null, "name": null}}'
    page = provider.go_on(provider.start(openid_request(claims=claims))).page
    assert page is not None
    assert page.values["scope"] == ["openid", "email"]
    id_token = read(tokens_of(redeem(provider, claims=claims))["id_token"])
    assert "email" in id_token
    assert "name" not in id_token


def test_t20_claims_cannot_replace_what_the_token_says(provider: Provider) -> None:
    provider.change_user(claims={"iss": "https://evil.example", "aud": "x", "name": "Alice"})
    claims = '{"id_token": {"iss": null, "aud": null, "name": null}}'
    id_token = read(tokens_of(redeem(provider, claims=claims))["id_token"])
    assert (id_token["iss"], id_token["aud"]) == (ISSUER, "web")


def test_signed_userinfo(provider: Provider) -> None:
    provider.change_client(userinfo_signed_response_alg="ES256")
    tokens = tokens_of(redeem(provider, scope="openid email"))
    response = provider.get("userinfo", tokens["access_token"])
    assert response.jwt is not None
    claims = read(response.jwt)
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, "web", "5f0c")
    assert claims["email_verified"] is True
    assert not {"nonce", "exp"} & claims.keys()


def test_pkce_is_optional_for_confidential_clients_alone(provider: Provider) -> None:
    assert error_of(provider.ask(openid_request(code_challenge_method="S256"))) == "invalid_request"
    public = replace(OPENID_CLIENT, token_endpoint_auth_method="none", secrets=())
    assert error_of(Provider(public).ask(openid_request())) == "invalid_request"


def test_offline_access_is_ignored_where_nothing_can_follow(provider: Provider) -> None:
    asked = {"scope": "openid offline_access", "prompt": "consent"}
    assert tokens_of(redeem(provider, **asked))["scope"] == "openid offline_access"
    request = openid_request(response_type="id_token token", **asked)
    assert fragment_of(provider.agree(request))["scope"] == "openid"
    provider.change_client(grant_types=frozenset({"authorization_code"}))
    assert tokens_of(redeem(provider, **asked))["scope"] == "openid"


def test_t05_an_id_token_is_no_access_token(provider: Provider) -> None:
    tokens = tokens_of(redeem(provider))
    response = provider.get("userinfo", tokens["id_token"])
    assert (response.status, error_of(response)) == (401, "invalid_token")
    assert provider.get("userinfo", tokens["access_token"]).status == 200


def test_j17_no_id_token_is_signed_with_a_secret() -> None:
    assert not [name for name in ALGORITHMS if name.startswith("HS") or name == "none"]
