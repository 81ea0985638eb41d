"""The token endpoint and its siblings: client authentication, codes, refresh tokens, introspection, revocation."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import ALICE, CLIENT, NATIVE_CLIENT, SECRET
from fakes.wire import basic, code_exchange, code_request, error_of, tokens_of, without
from protocol.entities.client import ClientSecret
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM

OTHER = replace(
    CLIENT,
    id=9,
    client_identifier="other",
    secrets=(ClientSecret(9, sha256(b"other-secret").hexdigest()),),
)


@pytest.fixture
def provider() -> Provider:
    return Provider(CLIENT, OTHER, NATIVE_CLIENT)


def refused(response: Response, error: str, status: int = 400) -> bool:
    return (response.status, error_of(response)) == (status, error)


def ask(provider: Provider, endpoint: str, form: dict[str, str], **parts: Any) -> Response:
    request = Request("POST", form=Parameters(tuple(form.items())), headers=basic(), mimetype=FORM)
    return provider.server.handle(endpoint, replace(request, **parts))


# The request itself


def test_c11_get_is_refused(provider: Provider) -> None:
    response = provider.server.handle("token", Request("GET"))
    assert refused(response, "invalid_request", 405)


def test_c11_another_body_is_refused(provider: Provider) -> None:
    response = provider.post_token({}, mimetype="application/json")
    assert refused(response, "invalid_request", 415)


def test_a03_parameters_in_the_address_are_refused(provider: Provider) -> None:
    query = Parameters((("client_secret", SECRET),))
    assert refused(provider.post_token(code_exchange("x"), query=query), "invalid_request")


def test_c12_a_repeated_parameter_is_refused(provider: Provider) -> None:
    form = [*code_exchange("x").items(), ("code", "y")]
    assert refused(provider.post_token(form), "invalid_request")


def test_c14_grants_that_are_not_there_or_not_for_this_client(provider: Provider) -> None:
    assert refused(provider.post_token({}), "invalid_request")
    assert refused(provider.post_token({"grant_type": "password"}), "unsupported_grant_type")
    provider.change_client(grant_types=frozenset({"authorization_code"}))
    assert refused(provider.refresh("x"), "unauthorized_client")


# Client authentication


def header(text: bytes) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(text).decode()}


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Basic"},
        {"authorization": "Basic !!"},
        header(b"no colon"),
        header(b"web\xff:x"),
        header(b"web%00:x"),
        header(b"web:wrong"),
        header(b"stranger:x"),
        {"authorization": "Digest x"},
        {},
    ],
)
def test_a04_a05_a16_a_failed_proof_is_a_401_with_a_challenge(
    provider: Provider, headers: dict[str, str]
) -> None:
    response = provider.post_token(code_exchange("x"), headers)
    assert refused(response, "invalid_client", 401)
    assert any(name == "WWW-Authenticate" for name, _ in response.headers)


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "Basic  "])
def test_the_name_of_a_scheme_is_small_or_large(provider: Provider, scheme: str) -> None:
    """RFC 9110 §11.1 and §11.4."""
    headers = {"authorization": basic()["authorization"].replace("Basic", scheme)}
    assert refused(provider.post_token(code_exchange("x"), headers), "invalid_grant")


def test_a01_two_ways_at_once(provider: Provider) -> None:
    form = code_exchange("x", client_id="web", client_secret=SECRET)
    assert refused(provider.post_token(form), "invalid_request")


def test_a02_two_names_at_once(provider: Provider) -> None:
    assert refused(provider.post_token(code_exchange("x", client_id="other")), "invalid_request")


def test_a05_a_confidential_client_must_prove_itself(provider: Provider) -> None:
    response = provider.post_token(code_exchange("x", client_id="web"), {})
    assert refused(response, "invalid_client", 401)
    assert "registered for client_secret_basic" in provider.store.events[-1].detail


def test_a06_a_public_client_has_no_secret(provider: Provider) -> None:
    form = code_exchange("x", client_id="native", client_secret="")
    assert refused(provider.post_token(form, {}), "invalid_grant")
    form = code_exchange("x", client_id="native", client_secret="made up")
    assert refused(provider.post_token(form, {}), "invalid_client", 401)


def test_the_secret_may_come_in_the_form(provider: Provider) -> None:
    form = code_exchange(provider.get_code(), client_id="web", client_secret=SECRET)
    assert "access_token" in tokens_of(provider.post_token(form, {}))


def test_a_secret_may_hold_a_colon(provider: Provider) -> None:
    """RFC 7617 §2: the first one ends the identifier, also for clients that encode neither half."""
    provider.change_client(secrets=(ClientSecret(1, sha256(b"a:b").hexdigest()),))
    assert refused(provider.post_token(code_exchange("x"), header(b"web:a:b")), "invalid_grant")


def test_a_header_of_any_letters_of_base64(provider: Provider) -> None:
    text = bytes(code for code in range(32, 127) if code not in b"%+") + b"\xc3\xbf\xd0\xbf"
    provider.change_client(secrets=(ClientSecret(1, sha256(text).hexdigest()),))
    sent = header(b"web:" + text)
    assert set("AZaz09+/") <= set(sent["authorization"].removeprefix("Basic "))
    assert refused(provider.post_token(code_exchange("x"), sent), "invalid_grant")


def test_an_expired_secret_is_none(provider: Provider) -> None:
    secret = replace(CLIENT.secrets[0], expires_at=provider.clock.now())
    provider.change_client(secrets=(secret,))
    assert refused(provider.post_token(code_exchange("x")), "invalid_client", 401)


# Codes


def test_several_secrets_while_one_takes_over(provider: Provider) -> None:
    """Either is taken until the old one ends; of both the last use is noted."""
    old, new = (
        ClientSecret(number, sha256(text.encode()).hexdigest(), expires_at=end)
        for number, text, end in ((1, "old", provider.clock.now() + 100), (2, "new", None))
    )
    provider.change_client(secrets=(old, new))
    for text in ("old", "new"):
        assert (
            error_of(provider.post_token(code_exchange("x"), basic(secret=text))) == "invalid_grant"
        )
    used = provider.store.clients[1].secrets
    assert [secret.last_used_at for secret in used] == [provider.clock.now()] * 2
    provider.clock.advance(100)
    assert (
        error_of(provider.post_token(code_exchange("x"), basic(secret="old"))) == "invalid_client"
    )
    assert error_of(provider.post_token(code_exchange("x"), basic(secret="new"))) == "invalid_grant"


def test_c01_a_code_is_redeemed_once_and_its_replay_ends_everything(provider: Provider) -> None:
    code = provider.get_code()
    tokens = tokens_of(provider.post_token(code_exchange(code)))
    assert refused(provider.post_token(code_exchange(code)), "invalid_grant")
    assert provider.get("userinfo", tokens["access_token"]).status == 401
    assert refused(provider.refresh(tokens["refresh_token"]), "invalid_grant")
    assert provider.store.revocations == [(1, "code_replay", provider.clock.now())]
    redeemed, replayed = provider.store.events[-4:-2]
    assert (redeemed.event_type, redeemed.user_id) == ("token_issued", ALICE.id)
    assert (replayed.event_type, replayed.user_id) == ("replay_detected", ALICE.id)
    assert replayed.detail == "authorization code"


def test_c01_a_replay_ends_everything_though_no_scope_is_left(provider: Provider) -> None:
    """What an administrator takes away, they may give back; the thief's tokens must not come back with it."""
    code = provider.get_code()
    tokens = tokens_of(provider.post_token(code_exchange(code)))
    provider.change_client(scope=frozenset({"profile"}))
    assert refused(provider.post_token(code_exchange(code)), "invalid_grant")
    provider.change_client(scope=CLIENT.scope)
    assert provider.get("userinfo", tokens["access_token"]).status == 401
    assert refused(provider.refresh(tokens["refresh_token"]), "invalid_grant")


def test_c02_whoever_comes_while_another_redeems_is_a_replay(provider: Provider) -> None:
    code = provider.get_code()
    provider.store.contended |= set(provider.store.codes)
    assert refused(provider.post_token(code_exchange(code)), "invalid_grant")
    assert provider.store.revocations


def test_c03_a_code_of_another_client(provider: Provider) -> None:
    code = provider.get_code()
    response = provider.post_token(code_exchange(code), basic("other", "other-secret"))
    assert refused(response, "invalid_grant")
    assert "access_token" in tokens_of(provider.post_token(code_exchange(code)))


@pytest.mark.parametrize(
    "change",
    [
        lambda provider: provider.clock.advance(60),
        lambda provider: provider.change_user(is_active=False),
        lambda provider: provider.change_client(redirect_uris=("https://app.example.com/new",)),
        lambda provider: provider.change_client(group_ids=frozenset({3})),
        lambda provider: provider.change_client(scope=frozenset({"phone"})),
        lambda provider: provider.store.revocations.append((1, "user", 0)),
    ],
    ids=["expired", "archived", "address gone", "not in the group", "scope gone", "revoked"],
)
def test_c04_c08_c09_what_ended_meanwhile(
    provider: Provider, change: Callable[[Provider], None]
) -> None:
    code = provider.get_code()
    change(provider)
    assert refused(provider.post_token(code_exchange(code)), "invalid_grant")


@pytest.mark.parametrize(
    "form",
    [
        code_exchange("", redirect_uri="https://app.example.com/cb2"),
        without(code_exchange(""), "redirect_uri"),
        code_exchange("", code_verifier="w" * 43),
        without(code_exchange(""), "code_verifier"),
    ],
)
def test_c05_p02_what_does_not_fit_the_request(provider: Provider, form: dict[str, str]) -> None:
    code = provider.get_code()
    assert refused(provider.post_token(form | {"code": code}), "invalid_grant")


def test_c05_an_address_that_the_request_did_not_name(provider: Provider) -> None:
    """RFC 6749 §4.1.3: it may be left out then, and must be the right one if it comes all the same."""
    request = without(code_request(scope="email"), "redirect_uri")
    silent = without(code_exchange(provider.get_code(request)), "redirect_uri")
    assert "access_token" in tokens_of(provider.post_token(silent))
    named = code_exchange(provider.get_code(request))
    assert "access_token" in tokens_of(provider.post_token(named))
    other = code_exchange(provider.get_code(request), redirect_uri="https://app.example.com/cb2")
    assert refused(provider.post_token(other), "invalid_grant")


def test_c07_other_secrets_are_no_codes(provider: Provider) -> None:
    assert refused(provider.post_token(code_exchange("o2c_" + "x" * 43)), "invalid_grant")
    tokens = provider.get_tokens()
    for secret in (tokens["refresh_token"], tokens["access_token"]):
        assert refused(provider.post_token(code_exchange(secret)), "invalid_grant")


# Refresh tokens


def test_f06_a_refresh_token_of_another_client(provider: Provider) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": provider.get_tokens()["refresh_token"]}
    response = provider.post_token(form, basic("other", "other-secret"))
    assert refused(response, "invalid_grant")


def test_f07_scope_gets_narrower_and_never_wider(provider: Provider) -> None:
    first = provider.get_tokens()
    narrow = tokens_of(provider.refresh(first["refresh_token"], scope="openid"))
    assert narrow["scope"] == "openid"
    again = tokens_of(provider.refresh(narrow["refresh_token"]))
    assert again["scope"] == "openid email"
    assert refused(
        provider.refresh(again["refresh_token"], scope="openid profile"), "invalid_scope"
    )


def test_f12_f16_an_access_token_or_a_changed_one_is_no_refresh_token(provider: Provider) -> None:
    tokens = provider.get_tokens()
    refresh_token = tokens["refresh_token"]
    for secret in (tokens["access_token"], refresh_token[:-1], refresh_token + "A"):
        assert refused(provider.refresh(secret), "invalid_grant")


# Introspection and revocation


def test_t09_t10_introspection_is_for_the_owner(provider: Provider) -> None:
    token = provider.get_tokens()["access_token"]
    answer = ask(provider, "introspection", {"token": token}).json
    assert answer is not None
    assert (answer["active"], answer["client_id"]) == (True, "web")
    assert ask(
        provider, "introspection", {"token": token}, headers=basic("other", "other-secret")
    ).json == {"active": False}
    public = ask(provider, "introspection", {"token": token, "client_id": "native"}, headers={})
    assert refused(public, "invalid_client", 401)
    assert refused(ask(provider, "introspection", {}), "invalid_request")


@pytest.mark.parametrize(
    "end",
    [
        lambda provider: provider.clock.advance(3600),
        lambda provider: provider.change_user(is_active=False),
        lambda provider: provider.store.archived_clients.add(CLIENT.id),
        lambda provider: provider.store.revocations.append((1, "user", 0)),
    ],
)
def test_t11_f10_a_token_that_has_ended(
    provider: Provider, end: Callable[[Provider], None]
) -> None:
    token = provider.get_tokens()["access_token"]
    end(provider)
    assert refused(provider.get("userinfo", token), "invalid_token", 401)


def test_t14_t15_either_token_ends_both(provider: Provider) -> None:
    for kind in ("access_token", "refresh_token"):
        tokens = provider.get_tokens()
        assert ask(provider, "revocation", {"token": tokens[kind]}).status == 200
        assert provider.get("userinfo", tokens["access_token"]).status == 401
        assert refused(provider.refresh(tokens["refresh_token"]), "invalid_grant")
        # again, and one that nobody knows
        assert ask(provider, "revocation", {"token": tokens[kind]}).status == 200
    assert ask(provider, "revocation", {"token": "unknown"}).status == 200


def test_a_token_of_another_client_is_not_revoked(provider: Provider) -> None:
    token = provider.get_tokens()["access_token"]
    response = ask(provider, "revocation", {"token": token}, headers=basic("other", "other-secret"))
    assert response.status == 400
    assert provider.get("userinfo", token).status == 200


def test_u09_the_subject_is_the_same_everywhere(provider: Provider) -> None:
    token = provider.get_tokens()["access_token"]
    for endpoint in ("userinfo", "tokeninfo"):
        answer = provider.get(endpoint, token).json
        assert answer is not None
        assert answer["sub"] == ALICE.public_subject


def last_use(provider: Provider) -> int | None:
    return provider.store.clients[CLIENT.id].secrets[0].last_used_at


def test_use_of_a_secret_is_noted_once_an_hour(provider: Provider) -> None:
    first = provider.clock.now()
    provider.get_tokens()
    assert last_use(provider) == first
    provider.clock.advance(3599)
    provider.get_tokens()
    assert last_use(provider) == first
    provider.clock.advance(1)
    provider.get_tokens()
    assert last_use(provider) == first + 3600


def test_wrong_secret_is_no_use_of_the_right_one(provider: Provider) -> None:
    response = provider.post_token(code_exchange("x"), headers=basic(secret="wrong"))
    assert refused(response, "invalid_client", 401)
    assert last_use(provider) is None
