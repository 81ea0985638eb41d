"""JWT access tokens (RFC 9068), at our own endpoints and in other hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT
from fakes.signing_keys import MemorySigningKeys, signing_key
from fakes.wire import code_exchange, code_request, error_of, tokens_of
from protocol.confirmation import Confirmation
from protocol.jose.sign import sign
from protocol.jose.verify import InvalidToken, verify
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings


@pytest.fixture
def provider(provider: Provider) -> Provider:
    provider.change_client(access_token_format="jwt")
    provider.log_in(auth_time=provider.clock.now() - 10, amr=("pwd",))
    return provider


@pytest.fixture
def tokens(provider: Provider) -> dict[str, Any]:
    return provider.get_tokens()


def claims_of(token: str) -> Mapping[str, Any]:
    return verify(token, MemorySigningKeys().published_keys(), types=("at+jwt",))


def ask(provider: Provider, endpoint: str, token: str) -> Response:
    form = Parameters((("token", token),))
    request = Request("POST", form=form, headers=BASIC, mimetype=FORM)
    return provider.server.handle(endpoint, request)


BASIC = {"authorization": "Basic d2ViOmEtY2xpZW50LXNlY3JldA=="}


def active(provider: Provider, token: str) -> bool:
    response = ask(provider, "introspection", token)
    assert response.json is not None
    return bool(response.json["active"])


def test_t18_claims(provider: Provider, tokens: dict[str, Any]) -> None:
    claims = dict(claims_of(tokens["access_token"]))
    now = provider.clock.now()
    assert len(claims.pop("jti")) == 43
    assert len(claims.pop("authorization_id")) == 43
    assert claims == {
        "iss": ISSUER,
        "sub": ALICE.public_subject,
        "aud": ISSUER,
        "client_id": "web",
        "iat": now,
        "exp": now + 3600,
        "scope": "openid email",
        "auth_time": now - 10,
        "amr": ["pwd"],
    }
    assert tokens["expires_in"] == 3600


def test_t18_pairwise_subject() -> None:
    client = replace(CLIENT, access_token_format="jwt", sector_identifier="app.example.com")
    settings = Settings(issuer=ISSUER, pairwise_salt="s" * 32)
    tokens = Provider(client, settings=settings).get_tokens()
    assert claims_of(tokens["access_token"])["sub"] != ALICE.public_subject


def test_it_is_stored_nowhere(provider: Provider, tokens: dict[str, Any]) -> None:
    assert [stored.new.kind for stored in provider.store.tokens.values()] == ["refresh"]


def test_userinfo_and_introspection_accept_it(provider: Provider, tokens: dict[str, Any]) -> None:
    token = tokens["access_token"]
    assert provider.get("userinfo", token).status == 200
    members = ask(provider, "introspection", token).json
    assert members is not None
    claims = claims_of(token)
    for name in ("sub", "aud", "client_id", "scope", "iat", "exp", "iss"):
        assert members[name] == claims[name], name


@pytest.mark.parametrize("shown", ["access_token", "refresh_token"])
def test_revocation_counts_at_once(provider: Provider, tokens: dict[str, Any], shown: str) -> None:
    assert ask(provider, "revocation", tokens[shown]).status == 200
    assert provider.get("userinfo", tokens["access_token"]).status == 401
    assert not active(provider, tokens["access_token"])
    assert error_of(provider.refresh(tokens["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize("what", ["user", "client", "time", "issuer", "authorization"])
def test_it_dies_with_its_ground(provider: Provider, tokens: dict[str, Any], what: str) -> None:
    token = tokens["access_token"]
    if what == "user":
        provider.change_user(is_active=False)
    elif what == "client":
        provider.store.archived_clients.add(1)
    elif what == "time":
        provider.clock.advance(3600)
    elif what == "authorization":
        provider.store.authorizations.clear()
    else:
        token = sign(
            {**claims_of(token), "iss": "https://other.example"}, signing_key("ES256"), typ="at+jwt"
        )
    assert provider.get("userinfo", token).status == 401


def test_t05_other_signed_tokens_are_no_access_tokens(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    claims = claims_of(tokens["access_token"])
    for typ in ("JWT", "logout+jwt", "oauth-authz-req+jwt", "dpop+jwt"):
        forged = sign(claims, signing_key("ES256"), typ=typ)
        assert provider.get("userinfo", forged).status == 401, typ
        assert not active(provider, forged)
    assert provider.get("userinfo", tokens["id_token"]).status == 401
    assert not active(provider, tokens["id_token"])
    assert error_of(provider.refresh(tokens["access_token"])) == "invalid_grant"


def test_t05_an_access_token_is_no_id_token(provider: Provider, tokens: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        verify(tokens["access_token"], MemorySigningKeys().published_keys())
    request = code_request(prompt="none", id_token_hint=tokens["access_token"])
    assert error_of(provider.ask(request)) == "login_required"


@pytest.mark.parametrize("value", ["", "a.b", "a.b.c", "a.b.c.d", "x" * 50_000, "ü.ü.ü"])
def test_t19_nonsense(provider: Provider, value: str) -> None:
    assert not active(provider, value or "x")


def test_a_name_alone_opens_nothing(provider: Provider, tokens: dict[str, Any]) -> None:
    """Whoever knows the name of an authorization, as each resource server does, cannot make a token of it."""
    claims = claims_of(tokens["access_token"])
    for value in (claims["authorization_id"], claims["jti"], "o2a_" + claims["jti"]):
        assert not active(provider, value)


def test_the_algorithm_is_the_client_s(provider: Provider) -> None:
    provider.change_client(access_token_signed_response_alg="PS256")
    token = provider.get_tokens()["access_token"]
    assert claims_of(token)
    keys = [key for key in MemorySigningKeys().published_keys() if key.algorithm == "PS256"]
    assert verify(token, keys, types=("at+jwt",))


def test_f02_a_repeated_refresh_says_the_same(provider: Provider, tokens: dict[str, Any]) -> None:
    first = tokens_of(provider.refresh(tokens["refresh_token"]))
    provider.clock.advance(3)
    again = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert claims_of(again["access_token"]) == claims_of(first["access_token"])


def test_each_token_has_an_identifier_of_its_own(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    first, second = (claims_of(answer["access_token"]) for answer in (tokens, renewed))
    assert first["jti"] != second["jti"]
    assert first["authorization_id"] == second["authorization_id"]


def test_confirmation_comes_back() -> None:
    bound = Confirmation("thumbprint", "certificate")
    assert bound.members() == {"jkt": "thumbprint", "x5t#S256": "certificate"}


def test_code_replay_ends_it(provider: Provider) -> None:
    code = provider.get_code()
    token = tokens_of(provider.post_token(code_exchange(code)))["access_token"]
    assert error_of(provider.post_token(code_exchange(code))) == "invalid_grant"
    assert provider.get("userinfo", token).status == 401
