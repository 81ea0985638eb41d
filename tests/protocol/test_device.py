"""Devices without a browser (RFC 8628): the codes, the page of the person, the polling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.openid import read
from fakes.provider import ISSUER, Provider
from fakes.randomness import CountedRandomness
from fakes.registrations import ALICE, CLIENT, NATIVE_CLIENT
from fakes.server_secret import FixedServerSecret
from fakes.wire import basic, error_of, tokens_of
from protocol.entities.end_user import Factor
from protocol.grants.device_code import GRANT_TYPE
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.secret_hashing import hash_secret
from protocol.user_code import USER_CODE_LETTERS, hash_user_code, new_user_code

TELEVISION = replace(
    CLIENT,
    redirect_uris=(),
    grant_types=frozenset({GRANT_TYPE, "refresh_token"}),
    client_uri="https://tv.example.com/about",
)
TWO_FACTORS = ("pwd", "otp", "mfa")
SECRET = FixedServerSecret()
OTHER = replace(TELEVISION, id=9, client_identifier="other")


@pytest.fixture
def provider() -> Provider:
    return Provider(TELEVISION, OTHER)


def start(provider: Provider, client: str = "web", **form: str) -> Response:
    request = Request(
        "POST", form=Parameters.of(form.items()), headers=basic(client), mimetype=FORM
    )
    return provider.server.handle("device_authorization", request)


def codes_of(response: Response) -> dict[str, Any]:
    assert response.status == 200, response
    assert response.json is not None
    return dict(response.json)


def poll(provider: Provider, device_code: str, client: str = "web") -> Response:
    form = {"grant_type": GRANT_TYPE, "device_code": device_code}
    return provider.post_token(form, headers=basic(client))


def show(provider: Provider, user_code: str = "", method: str = "GET") -> Response:
    sent = Parameters((("user_code", user_code),)) if user_code else Parameters()
    parts: dict[str, Any] = {"form" if method == "POST" else "query": sent}
    request = Request(method, remote_address="192.0.2.1", **parts)
    return provider.server.handle("device_verification", request)


def decide(provider: Provider, user_code: str, decision: str = "allow") -> Response:
    form = Parameters((("user_code", user_code), ("consent", decision)))
    request = Request("POST", form=form, remote_address="192.0.2.1")
    return provider.server.handle("device_decision", request)


def page_of(response: Response) -> tuple[str, str]:
    """The page, and what it complains about."""
    assert response.page is not None, response
    return response.page.name, str(response.page.values.get("problem", ""))


def test_a_whole_flow(provider: Provider) -> None:
    codes = codes_of(start(provider, scope="openid email"))
    assert codes["verification_uri"] == f"{ISSUER}/oauth2/device"
    assert codes["verification_uri_complete"].endswith(
        f"/oauth2/device?user_code={codes['user_code']}"
    )
    assert (codes["expires_in"], codes["interval"]) == (600, 5)
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"
    logged_in_at = provider.clock.now() - 50
    provider.log_in(auth_time=logged_in_at, amr=("pwd",))
    assert page_of(show(provider, codes["user_code"]))[0] == "device_confirmation"
    done = decide(provider, codes["user_code"])
    assert done.page is not None
    assert (done.page.name, done.page.values["is_allowed"]) == ("device_done", True)
    provider.clock.advance(5)
    tokens = tokens_of(poll(provider, codes["device_code"]))
    assert tokens["scope"] == "openid email"
    assert {"id_token", "refresh_token"} <= tokens.keys()
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    for id_token in (read(tokens["id_token"]), read(renewed["id_token"])):
        assert (id_token["auth_time"], id_token["amr"]) == (logged_in_at, ["pwd"])
    given, issued = provider.store.events[:2]
    assert given.event_type == "consent_given"
    assert (issued.event_type, issued.user_id) == ("token_issued", ALICE.id)
    assert issued.detail == "device"


def test_a_connection_that_outlives_logins_is_asked_for(provider: Provider) -> None:
    for scope, lifetime in (("openid", 7), ("openid offline_access", 180)):
        codes = codes_of(start(provider, scope=scope))
        provider.log_in()
        decide(provider, codes["user_code"])
        assert tokens_of(poll(provider, codes["device_code"]))["scope"] == scope
        authorization = list(provider.store.authorizations.values())[-1]
        assert authorization.expires_at == provider.clock.now() + 600 + lifetime * 86400
        assert authorization.is_offline == ("offline_access" in scope)
        assert authorization.session_hash is None


def test_g04_single_use_and_of_one_client(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    assert error_of(poll(provider, codes["device_code"], "other")) == "invalid_grant"
    assert error_of(poll(provider, "o2d_unknown")) == "invalid_grant"
    assert error_of(poll(provider, codes["user_code"])) == "invalid_grant"
    assert poll(provider, codes["device_code"]).status == 200
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"
    assert len(provider.store.authorizations) == 1


def test_a_parallel_request_gets_nothing(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.device_codes.contended.add(hash_secret(codes["device_code"]))
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"
    assert not provider.store.tokens


def test_two_decisions_at_once_are_one(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read that nobody has decided yet; the database lets one of them write."""
    user_code = codes_of(start(provider))["user_code"]
    provider.log_in()
    undecided = provider.device_codes.find_by_user_code(
        hash_user_code(SECRET, user_code.replace("-", ""))
    )
    assert undecided is not None
    decide(provider, user_code, "deny")
    monkeypatch.setattr(provider.device_codes, "find_by_user_code", lambda _hash: undecided)
    response = decide(provider, user_code, "allow")
    assert (page_of(response), response.status) == (("device_code", "wrong"), 400)
    assert provider.event_types() == ["consent_denied"]


def test_slow_down(provider: Provider) -> None:
    device_code = codes_of(start(provider))["device_code"]
    assert error_of(poll(provider, device_code)) == "authorization_pending"
    provider.clock.advance(4)
    assert error_of(poll(provider, device_code)) == "slow_down"
    provider.clock.advance(9)
    assert error_of(poll(provider, device_code)) == "slow_down"
    provider.clock.advance(15)
    assert error_of(poll(provider, device_code)) == "authorization_pending"
    assert not provider.store.events


def test_expired(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.clock.advance(600)
    assert error_of(poll(provider, codes["device_code"])) == "expired_token"
    late = codes_of(start(provider))
    provider.clock.advance(600)
    assert page_of(show(provider, late["user_code"])) == ("device_code", "wrong")


def test_denied(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    assert page_of(decide(provider, codes["user_code"], "deny"))[0] == "device_done"
    response = poll(provider, codes["device_code"])
    assert (response.status, error_of(response)) == (400, "access_denied")
    assert page_of(decide(provider, codes["user_code"], "allow")) == ("device_code", "wrong")
    assert provider.event_types()[0] == "consent_denied"


@pytest.mark.parametrize("decision", ["", "yes", "Allow"])
def test_only_the_button_is_a_yes(provider: Provider, decision: str) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    assert page_of(decide(provider, codes["user_code"], decision))[0] == "device_confirmation"
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"


def test_g06_an_address_with_the_code_still_asks(provider: Provider) -> None:
    """Who sent the link is not who holds the device, perhaps: the person sees which application asks, and for what."""
    codes = codes_of(start(provider, scope="openid email"))
    provider.log_in()
    for method in ("GET", "POST"):
        response = show(provider, codes["user_code"].lower().replace("-", " "), method)
        assert page_of(response)[0] == "device_confirmation"
        assert response.page is not None
        values = response.page.values
        assert values["client"].name == "Web application"
        assert values["user_code"] == codes["user_code"]
        assert values["client_host"] == "tv.example.com"
        assert values["user"] == ALICE
        assert values["scope"] == ["openid", "email"]
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"


def test_login_comes_before_the_code(provider: Provider) -> None:
    codes = codes_of(start(provider))
    response = show(provider, codes["user_code"])
    assert response.page is not None
    assert response.page.name == "login"
    address = response.page.values["continue_address"]
    assert address == f"/oauth2/device?user_code={codes['user_code']}"
    assert decide(provider, codes["user_code"]).page == response.page
    provider.log_in(is_locked=True)
    assert page_of(show(provider, codes["user_code"]))[0] == "unlock"
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"


def test_g01_guessing(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    guess = "BBBB-BBBB" if codes["user_code"] != "BBBB-BBBB" else "CCCC-CCCC"
    for _attempt in range(10):
        assert page_of(show(provider, guess)) == ("device_code", "wrong")
    refused = show(provider, codes["user_code"])
    assert (refused.status, page_of(refused)) == (429, ("device_code", "too_many"))
    assert ("Retry-After", "600") in refused.headers
    assert page_of(decide(provider, codes["user_code"])) == ("device_code", "too_many")
    provider.log_in(replace(ALICE, id=77))
    assert page_of(show(provider, codes["user_code"]))[0] == "device_confirmation"
    provider.log_in()
    provider.clock.advance(599)
    assert page_of(show(provider, codes["user_code"])) == ("device_code", "too_many")
    provider.clock.advance(1)
    assert (
        page_of(show(provider, codes_of(start(provider))["user_code"]))[0] == "device_confirmation"
    )


@pytest.mark.parametrize(("key", "limit"), [("address 192.0.2.1", 30), ("all", 2000)])
def test_g01_guessing_with_many_accounts(provider: Provider, key: str, limit: int) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    now = provider.clock.now()
    for _attempt in range(limit - 1):
        provider.attempts.record_attempt("user_code", [key], now)
    assert page_of(show(provider, codes["user_code"]))[0] == "device_confirmation"
    assert page_of(show(provider, "nonsense")) == ("device_code", "wrong")
    assert page_of(show(provider, codes["user_code"])) == ("device_code", "too_many")


def test_g01_codes_are_wide_and_forgiving() -> None:
    randomness = CountedRandomness()
    codes = [new_user_code(randomness) for _draw in range(2000)]
    assert len(set(codes)) == 2000
    assert {letter for code in codes for letter in code} == {*USER_CODE_LETTERS, "-"}
    assert len(USER_CODE_LETTERS) ** 8 == 20**8
    hashed = hash_user_code(SECRET, "BCDF-GHJK")
    for typed in ("bcdfghjk", " bcdf ghjk ", "BCDF_GHJK", "b-c-d-f.g-h-j-k"):
        assert hash_user_code(SECRET, typed) == hashed
    for wrong in ("BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "1CDF-GHJK", "", "\N{KELVIN SIGN}CDFGHJK"):
        assert hash_user_code(SECRET, wrong) is None


def test_no_code_is_stored(provider: Provider) -> None:
    codes = codes_of(start(provider))
    stored = repr(provider.device_codes.new)
    assert codes["device_code"] not in stored
    assert codes["user_code"] not in stored
    assert codes["user_code"].replace("-", "") not in stored


@pytest.mark.parametrize("scope", ["openid unheard-of", "admin"])
def test_g05_scope_of_the_client_is_the_limit(provider: Provider, scope: str) -> None:
    assert error_of(start(provider, scope=scope)) == "invalid_scope"


def test_g05_scope_taken_away_meanwhile(provider: Provider) -> None:
    codes = codes_of(start(provider, scope="openid email"))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.change_client(scope=frozenset({"openid"}))
    assert tokens_of(poll(provider, codes["device_code"]))["scope"] == "openid"
    codes = codes_of(start(provider, scope="openid"))
    decide(provider, codes["user_code"])
    provider.change_client(scope=frozenset({"email"}))
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


def test_g05_scope_given_back_after_the_decision(provider: Provider) -> None:
    """The person agreed to what the page showed, which was less than the device had asked for."""
    codes = codes_of(start(provider, scope="openid email"))
    provider.log_in()
    provider.change_client(scope=frozenset({"openid"}))
    page = show(provider, codes["user_code"]).page
    assert page is not None
    assert page.values["scope"] == ["openid"]
    decide(provider, codes["user_code"])
    provider.change_client(scope=CLIENT.scope)
    assert tokens_of(poll(provider, codes["device_code"]))["scope"] == "openid"


def test_g05_u04_policy_holds_here_too(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    provider.change_client(group_ids=frozenset({5}))
    assert error_of(show(provider, codes["user_code"])) == "access_denied"
    assert error_of(decide(provider, codes["user_code"])) == "access_denied"
    provider.directory.groups[ALICE.id].add(5)
    decide(provider, codes["user_code"])
    provider.directory.groups[ALICE.id].clear()
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


def test_person_archived_meanwhile(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.change_user(is_active=False)
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


@pytest.mark.parametrize("ended", ["user", "client"])
def test_l10_access_ended_meanwhile(provider: Provider, ended: str) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.change_user(epoch=1) if ended == "user" else provider.change_client(epoch=1)
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


def test_l10_approval_revoked_meanwhile(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    provider.store.revocations.append((1, "password", provider.clock.now()))
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


def test_level_raised_meanwhile(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in(amr=("pwd",))
    decide(provider, codes["user_code"])
    provider.change_client(required_acr="mfa")
    assert error_of(poll(provider, codes["device_code"])) == "invalid_grant"


def test_client_archived_meanwhile(provider: Provider) -> None:
    codes = codes_of(start(provider))
    provider.log_in()
    provider.store.archived_clients.add(TELEVISION.id)
    assert page_of(show(provider, codes["user_code"])) == ("device_code", "wrong")


def test_client_authentication(provider: Provider) -> None:
    request = Request("POST", form=Parameters((("client_id", "web"),)), mimetype=FORM)
    assert error_of(provider.server.handle("device_authorization", request)) == "invalid_client"
    native = replace(NATIVE_CLIENT, grant_types=frozenset({GRANT_TYPE}))
    provider.store.clients[native.id] = native
    form = Parameters((("client_id", "native"), ("scope", "openid")))
    response = provider.server.handle("device_authorization", replace(request, form=form))
    assert response.status == 200


def test_c14_only_where_it_is_allowed() -> None:
    provider = Provider(CLIENT)
    assert error_of(start(provider)) == "unauthorized_client"
    assert error_of(poll(provider, "o2d_x")) == "unauthorized_client"


def test_g14_switched_off(provider: Provider) -> None:
    parts = provider.server.parts.without_grants(frozenset({GRANT_TYPE}))
    assert not [name for name in parts.endpoints if name.startswith("device")]
    provider.server = replace(provider.server, parts=parts)
    assert error_of(poll(provider, "o2d_x")) == "unsupported_grant_type"
    request = Request("GET", path="/.well-known/openid-configuration")
    document = provider.server.handle("discovery", request).json
    assert document is not None
    assert GRANT_TYPE not in document["grant_types_supported"]
    assert "device_authorization_endpoint" not in document


def test_a_user_code_is_worth_nothing_without_the_secret(provider: Provider) -> None:
    """Eight letters could be tried one after the other against a plain hash, by whoever reads a backup."""
    user_code = codes_of(start(provider))["user_code"]
    stored = provider.device_codes.new[1].user_code_hash
    assert stored == SECRET.derive(f"user code\n{user_code}")
    assert stored not in {hash_secret(text) for text in (user_code, f"user code {user_code}")}


def test_x10_pushing_binds_authorization_requests_alone(provider: Provider) -> None:
    provider.change_client(require_pushed_authorization_requests=True)
    codes = codes_of(start(provider))
    provider.log_in()
    decide(provider, codes["user_code"])
    assert poll(provider, codes["device_code"]).status == 200


def test_a_taken_code_is_drawn_again(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    first = codes_of(start(provider))["user_code"]
    drawn = iter([first, first, "BCDF-GHJK"])
    monkeypatch.setattr(
        "protocol.endpoints.device_authorization.new_user_code", lambda _randomness: next(drawn)
    )
    assert codes_of(start(provider))["user_code"] == "BCDF-GHJK"
    drawn = iter([first] * 3)
    assert error_of(start(provider)) == "temporarily_unavailable"


def test_a_typed_code_and_nothing_typed(provider: Provider) -> None:
    provider.log_in()
    response = show(provider)
    assert (response.status, page_of(response)) == (200, ("device_code", ""))
    assert not provider.attempts.attempts


def test_an_application_that_needs_a_stronger_login(provider: Provider) -> None:
    """Nobody gets past the level that an administrator holds the client to by taking this way; who can prove more is
    asked for it here, as in a browser of their own."""
    provider.change_client(required_acr="mfa")
    codes = codes_of(start(provider, scope="openid"))
    provider.log_in(auth_time=provider.clock.now(), amr=("pwd",))
    provider.browser.factors = (Factor("totp", frozenset(TWO_FACTORS)),)
    for response in (show(provider, codes["user_code"]), decide(provider, codes["user_code"])):
        assert page_of(response)[0] == "step_up"
        assert response.page is not None
        assert response.page.values["factors"] == ["totp"]
        assert response.page.values["handle"] == ("user_code", codes["user_code"])
        address = f"/oauth2/device?user_code={codes['user_code']}"
        assert response.page.values["continue_address"] == address
    assert error_of(poll(provider, codes["device_code"])) == "authorization_pending"
    provider.log_in(auth_time=provider.clock.now(), amr=TWO_FACTORS)
    assert page_of(show(provider, codes["user_code"]))[0] == "device_confirmation"
    assert page_of(decide(provider, codes["user_code"]))[0] == "device_done"
    provider.clock.advance(5)
    assert "access_token" in tokens_of(poll(provider, codes["device_code"]))


def test_a_stronger_login_that_cannot_be_had(provider: Provider) -> None:
    provider.change_client(required_acr="mfa")
    codes = codes_of(start(provider, scope="openid"))
    provider.log_in(auth_time=provider.clock.now(), amr=("pwd",))
    assert page_of(decide(provider, codes["user_code"]))[0] == "factor_missing"
    # A login of which nobody knows how it was done is done anew before a second factor counts.
    provider.log_in(auth_time=None)
    assert page_of(decide(provider, codes["user_code"]))[0] == "reauthenticate"
    assert page_of(decide(provider, codes["user_code"], "deny"))[0] == "device_done"
    assert error_of(poll(provider, codes["device_code"])) == "access_denied"
