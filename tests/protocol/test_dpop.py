"""DPoP at the token endpoint, the authorization request and our resources (RFC 9449)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakes.constrained import (
    DPOP_CLIENT,
    NATIVE_REQUEST,
    REFRESHING_NATIVE_CLIENT,
    TOKEN_ADDRESS,
    USERINFO_ADDRESS,
    redeem,
    userinfo,
)
from fakes.proofs import proof, with_header
from fakes.provider import ISSUER, Provider
from fakes.signing_keys import signing_key
from fakes.wire import basic, code_exchange, code_request, error_of, tokens_of
from protocol.dpop import CLOCK_TOLERANCE, NONCE_LIFETIME, PROOF_LIFETIME, REPLAY_KIND
from protocol.jose.keys import generate_pem, load_signing_key
from protocol.jose.sign import sign
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings

KEY = signing_key("ES256")
OTHER_KEY = load_signing_key(generate_pem("ES256"), "ES256")


@pytest.fixture
def bound() -> Provider:
    """A provider with one client, which must use DPoP."""
    return Provider(DPOP_CLIENT)


def token_proof(provider: Provider, **parts: Any) -> str:
    return proof("POST", TOKEN_ADDRESS, provider.clock.now(), **parts)


def challenge(response: Response) -> str:
    return dict(response.headers)["WWW-Authenticate"]


def test_a_token_is_bound_to_the_proven_key(provider: Provider) -> None:
    tokens = tokens_of(redeem(provider, provider.get_code()))
    assert tokens["token_type"] == "DPoP"
    assert userinfo(provider, tokens["access_token"]).status == 200


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
def test_every_algorithm_of_the_metadata(provider: Provider, algorithm: str) -> None:
    key = signing_key(algorithm)
    tokens = tokens_of(redeem(provider, provider.get_code(), token_proof(provider, key=key)))
    assert userinfo(provider, tokens["access_token"], key=key).status == 200


def test_without_a_proof_a_client_that_may_gets_a_bearer_token(provider: Provider) -> None:
    assert provider.get_tokens()["token_type"] == "Bearer"


def test_a_client_that_must_use_dpop(bound: Provider) -> None:
    """invalid_request and not invalid_dpop_proof, since nothing was sent that could be wrong."""
    assert error_of(bound.post_token(code_exchange(bound.get_code()))) == "invalid_request"
    tokens = tokens_of(redeem(bound, bound.get_code()))
    assert error_of(bound.refresh(tokens["refresh_token"])) == "invalid_request"


WRONG_PROOFS: list[tuple[str, Callable[[str], str]]] = [
    ("two headers", lambda text: f"{text}, {text}"),
    ("no token", lambda _text: "proof"),
    ("empty", lambda _text: ""),
    ("two parts", lambda text: text.rpartition(".")[0]),
    ("no signature", lambda text: text.rpartition(".")[0] + "."),
    ("another signature", lambda text: text[:-8] + "AAAAAAAA"),
    ("no base64", lambda text: text[:-1] + "!"),
    ("alg none", lambda text: with_header(text, alg="none")),
    ("alg HS256", lambda text: with_header(text, alg="HS256")),
    ("alg a list", lambda text: with_header(text, alg=["ES256"])),
    ("no alg", lambda text: with_header(text, alg=None)),
    ("alg of another key", lambda text: with_header(text, alg="PS256")),
    ("unsigned change", lambda text: with_header(text, kid="x")),
    ("too long", lambda text: text + "A" * 20_000),
]


@pytest.mark.parametrize(
    "change", [pair[1] for pair in WRONG_PROOFS], ids=[n for n, _ in WRONG_PROOFS]
)
def test_x01_x02_what_is_no_signed_proof(provider: Provider, change: Callable[[str], str]) -> None:
    code = provider.get_code()
    response = redeem(provider, code, change(token_proof(provider)))
    assert (response.status, error_of(response)) == (400, "invalid_dpop_proof")
    assert redeem(provider, code).status == 200, "a wrong proof does not use up the code"


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": None},
        {"jwk": None},
        {"jwk": "key"},
        {"jwk": {}},
        {"jwk": {**KEY.public.jwk, "d": "AA"}},
        {"jwk": dict(OTHER_KEY.public.jwk)},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"crit": ["x"], "x": 1},
    ],
)
def test_x01_x02_wrong_headers(provider: Provider, header: dict[str, Any]) -> None:
    text = token_proof(provider, header=header)
    assert error_of(redeem(provider, provider.get_code(), text)) == "invalid_dpop_proof"


def test_x02_rs256_is_not_accepted(provider: Provider) -> None:
    text = token_proof(provider, key=signing_key("RS256"))
    assert error_of(redeem(provider, provider.get_code(), text)) == "invalid_dpop_proof"


@pytest.mark.parametrize(
    "claims",
    [
        *({name: None} for name in ("jti", "htm", "htu", "iat")),
        {"jti": ""},
        {"jti": 7},
        {"jti": "j" * 257},
        {"htm": "PUT"},
        {"htm": "post"},
        {"htu": 7},
        {"htu": "oauth2/token"},
        {"htu": f"{ISSUER}/oauth2/TOKEN"},
        {"htu": f"{ISSUER}/oauth2/userinfo"},
        {"htu": f"{ISSUER}/oauth2/token/"},
        {"htu": f"{ISSUER}.evil.example/oauth2/token"},
        {"htu": "https://evil.example/oauth2/token"},
        {"htu": "https://x@id.example.com/oauth2/token"},
        {"htu": "http://id.example.com/oauth2/token"},
        {"htu": "https://id.example.com:444/oauth2/token"},
        {"htu": f"{ISSUER}/oauth2/../oauth2/token"},
        {"htu": f"{ISSUER}/oauth2%2Ftoken"},
        {"iat": "now"},
        {"iat": 1.5},
        {"exp": 1},
        {"nbf": 2**40},
    ],
)
def test_x01_x03_wrong_claims(provider: Provider, claims: dict[str, Any]) -> None:
    text = token_proof(provider, **claims)
    assert error_of(redeem(provider, provider.get_code(), text)) == "invalid_dpop_proof"


@pytest.mark.parametrize(
    "htu",
    [
        f"{TOKEN_ADDRESS}?query=1#fragment",
        f"{TOKEN_ADDRESS}#fragment",
        "HTTPS://ID.EXAMPLE.COM/oauth2/token",
        "https://id.example.com:443/oauth2/token",
        f"{ISSUER}/oauth2/%74oken",
    ],
)
def test_x03_another_spelling_of_the_address(provider: Provider, htu: str) -> None:
    assert redeem(provider, provider.get_code(), token_proof(provider, htu=htu)).status == 200


def test_x03_the_address_is_the_configured_one() -> None:
    """With a path in the issuer, and at the address for certificates; whatever Host says."""
    settings = Settings(issuer=f"{ISSUER}/tenant", mtls_address="https://mtls.example.com/tenant")
    provider = Provider(settings=settings)
    for address in (settings.issuer, settings.mtls_address):
        text = proof("POST", f"{address}/oauth2/token", provider.clock.now())
        assert redeem(provider, provider.get_code(), text).status == 200
    text = proof("POST", "https://host.example/oauth2/token", provider.clock.now())
    headers = basic() | {"dpop": text, "host": "host.example"}
    response = provider.post_token(
        code_exchange(provider.get_code()), headers, path="/oauth2/token"
    )
    assert error_of(response) == "invalid_dpop_proof"


@pytest.mark.parametrize(
    ("seconds", "is_accepted"),
    [
        (-3600, False),
        (-PROOF_LIFETIME - 1, False),
        (-PROOF_LIFETIME, True),
        (-10, True),
        (10, True),
        (CLOCK_TOLERANCE, True),
        (CLOCK_TOLERANCE + 1, False),
        (3600, False),
    ],
)
def test_the_time_of_a_proof(provider: Provider, seconds: int, is_accepted: bool) -> None:
    text = token_proof(provider, iat=provider.clock.now() + seconds)
    assert (redeem(provider, provider.get_code(), text).status == 200) == is_accepted


def test_nbf_exp_and_unknown_members_do_no_harm(provider: Provider) -> None:
    now = provider.clock.now()
    text = token_proof(provider, nbf=now, exp=now + 300, tx=now, header={"x": 1})
    assert redeem(provider, provider.get_code(), text).status == 200


def test_x05_a_proof_counts_once(provider: Provider) -> None:
    text = token_proof(provider)
    assert redeem(provider, provider.get_code(), text).status == 200
    assert error_of(redeem(provider, provider.get_code(), text)) == "invalid_dpop_proof"


def test_x05_a_use_is_remembered_for_as_long_as_the_proof_is_good(provider: Provider) -> None:
    now = provider.clock.now()
    redeem(provider, provider.get_code(), token_proof(provider, iat=now + CLOCK_TOLERANCE))
    (end,) = (end for (kind, _), end in provider.replays.used.items() if kind == REPLAY_KIND)
    assert end > now + CLOCK_TOLERANCE + PROOF_LIFETIME


def test_x05_nobody_uses_up_the_names_of_others(provider: Provider) -> None:
    for key in (KEY, OTHER_KEY):
        text = token_proof(provider, key=key, jti="same")
        assert redeem(provider, provider.get_code(), text).status == 200


# Resources


@pytest.fixture
def token(provider: Provider) -> str:
    access_token: str = tokens_of(redeem(provider, provider.get_code()))["access_token"]
    return access_token


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_the_scheme_in_any_case(provider: Provider, token: str, scheme: str) -> None:
    assert userinfo(provider, token, scheme=scheme).status == 200


def test_x06_a_bound_token_is_no_bearer_token(provider: Provider, token: str) -> None:
    for text in (None, ""):
        response = userinfo(provider, token, text, scheme="Bearer")
        assert (response.status, error_of(response)) == (401, "invalid_token")
        assert challenge(response).startswith('DPoP realm="oauth2", algs="PS256 ES256 EdDSA"')


def test_x06_a_bound_token_in_the_body(provider: Provider, token: str) -> None:
    request = Request(
        "POST", form=Parameters((("access_token", token),)), mimetype=FORM, path="/oauth2/userinfo"
    )
    assert provider.server.handle("userinfo", request).status == 401


def test_x06_a_bearer_token_is_not_made_better_by_a_proof(provider: Provider) -> None:
    response = userinfo(provider, provider.get_tokens()["access_token"])
    assert (response.status, error_of(response)) == (401, "invalid_token")
    assert challenge(response).startswith("Bearer ")


def test_x06_without_a_proof(provider: Provider, token: str) -> None:
    response = userinfo(provider, token, None)
    assert (response.status, error_of(response)) == (401, "invalid_dpop_proof")
    assert challenge(response).startswith("DPoP ")
    assert 'error="invalid_dpop_proof"' in challenge(response)


def test_x06_the_key_of_somebody_else(provider: Provider, token: str) -> None:
    response = userinfo(provider, token, key=OTHER_KEY)
    assert (response.status, error_of(response)) == (401, "invalid_token")


@pytest.mark.parametrize("ath", [None, "", "A" * 43, "é" * 43, 7])
def test_x06_a_proof_for_another_token(provider: Provider, token: str, ath: object) -> None:
    text = proof("GET", USERINFO_ADDRESS, provider.clock.now(), access_token=token, ath=ath)
    response = userinfo(provider, token, text)
    assert (response.status, error_of(response)) == (401, "invalid_dpop_proof")


def test_x05_the_same_proof_twice_at_a_resource(provider: Provider, token: str) -> None:
    text = proof("GET", USERINFO_ADDRESS, provider.clock.now(), access_token=token)
    assert userinfo(provider, token, text).status == 200
    assert userinfo(provider, token, text).status == 401


def test_an_unknown_token_needs_no_proof_to_be_refused(provider: Provider) -> None:
    response = userinfo(provider, "unknown")
    assert (response.status, error_of(response)) == (401, "invalid_token")
    assert challenge(response).startswith("DPoP ")
    assert not provider.replays.used


# Refresh


def test_the_refresh_token_of_a_confidential_client_is_bound_to_the_client(
    provider: Provider,
) -> None:
    """RFC 9449 §5: it proves itself anyway, so it may take a new key."""
    tokens = tokens_of(redeem(provider, provider.get_code()))
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    headers = basic() | {"dpop": token_proof(provider, key=OTHER_KEY)}
    renewed = tokens_of(provider.post_token(form, headers, path="/oauth2/token"))
    assert userinfo(provider, renewed["access_token"], key=OTHER_KEY).status == 200
    assert userinfo(provider, renewed["access_token"]).status == 401


def refresh_native(provider: Provider, refresh_token: str, text: str | None) -> Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": "native",
    }
    headers = {} if text is None else {"dpop": text}
    return provider.post_token(form, headers, path="/oauth2/token")


def test_f13_the_refresh_token_of_a_public_client_is_bound_to_the_key() -> None:
    provider = Provider(REFRESHING_NATIVE_CLIENT)
    exchange = code_exchange(
        provider.get_code(NATIVE_REQUEST), client_id="native", redirect_uri="http://127.0.0.1/cb"
    )
    headers = {"dpop": token_proof(provider)}
    token = tokens_of(provider.post_token(exchange, headers, path="/oauth2/token"))["refresh_token"]
    for text in (None, token_proof(provider, key=OTHER_KEY)):
        assert error_of(refresh_native(provider, token, text)) == "invalid_grant"
    renewed = tokens_of(refresh_native(provider, token, token_proof(provider)))
    assert renewed["token_type"] == "DPoP"
    # Who stole the old one, but not the key, cannot end the family with it.
    assert error_of(refresh_native(provider, token, None)) == "invalid_grant"
    assert refresh_native(provider, renewed["refresh_token"], token_proof(provider)).status == 200


# Codes


def test_x07_a_code_bound_by_dpop_jkt(provider: Provider) -> None:
    request = code_request(dpop_jkt=KEY.public.kid)
    assert (
        error_of(provider.post_token(code_exchange(provider.get_code(request)))) == "invalid_grant"
    )
    wrong = token_proof(provider, key=OTHER_KEY)
    assert error_of(redeem(provider, provider.get_code(request), wrong)) == "invalid_grant"
    assert redeem(provider, provider.get_code(request)).status == 200


@pytest.mark.parametrize("jkt", ["x", "A" * 44, "A" * 42 + "="])
def test_x07_what_is_no_thumbprint(provider: Provider, jkt: str) -> None:
    assert error_of(provider.ask(code_request(dpop_jkt=jkt))) == "invalid_request"


def push(provider: Provider, text: str, **changes: str) -> Response:
    headers = basic() | {"dpop": text}
    return provider.push(code_request(**changes), headers)


def test_x07_a_proof_at_the_pushed_request_binds_too(provider: Provider) -> None:
    text = proof("POST", f"{ISSUER}/oauth2/par", provider.clock.now())
    pushed = push(provider, text)
    assert pushed.json is not None
    request = {"client_id": "web", "request_uri": pushed.json["request_uri"]}
    code = provider.get_code(request)
    wrong = token_proof(provider, key=OTHER_KEY)
    assert error_of(redeem(provider, code, wrong)) == "invalid_grant"


def test_x07_a_pushed_request_that_contradicts_itself(provider: Provider) -> None:
    for jkt, status in ((KEY.public.kid, 201), (OTHER_KEY.public.kid, 400)):
        text = proof("POST", f"{ISSUER}/oauth2/par", provider.clock.now())
        assert push(provider, text, dpop_jkt=jkt).status == status


def test_x01_a_wrong_proof_at_the_pushed_request(provider: Provider) -> None:
    text = proof("POST", TOKEN_ADDRESS, provider.clock.now())
    assert error_of(push(provider, text)) == "invalid_dpop_proof"


# Switches


def test_x08_where_dpop_is_off_nothing_is_promised() -> None:
    provider = Provider(settings=Settings(issuer=ISSUER, dpop=False))
    request = code_request(dpop_jkt=KEY.public.kid)
    tokens = tokens_of(redeem(provider, provider.get_code(request)))
    assert tokens["token_type"] == "Bearer"
    assert userinfo(provider, tokens["access_token"]).status == 401
    assert provider.get("userinfo", tokens["access_token"]).status == 200


def test_x08_where_dpop_is_off_who_must_use_it_gets_nothing() -> None:
    provider = Provider(DPOP_CLIENT, settings=Settings(issuer=ISSUER, dpop=False))
    assert error_of(redeem(provider, provider.get_code())) == "invalid_request"


@pytest.fixture
def with_nonces() -> Provider:
    return Provider(settings=Settings(issuer=ISSUER, dpop_nonces=True))


def nonce_of(response: Response) -> str:
    return dict(response.headers)["DPoP-Nonce"]


def test_a_nonce_is_asked_for_and_comes_with_the_refusal(with_nonces: Provider) -> None:
    code = with_nonces.get_code()
    refused = redeem(with_nonces, code)
    assert (refused.status, error_of(refused)) == (400, "use_dpop_nonce")
    answer = redeem(with_nonces, code, token_proof(with_nonces, nonce=nonce_of(refused)))
    token = tokens_of(answer)["access_token"]
    # RFC 9449 §8.2: the next one comes with the answer; at a resource it works as well.
    text = proof(
        "GET",
        USERINFO_ADDRESS,
        with_nonces.clock.now(),
        access_token=token,
        nonce=nonce_of(answer),
    )
    assert userinfo(with_nonces, token, text).status == 200
    refused = userinfo(with_nonces, token)
    assert (refused.status, error_of(refused)) == (401, "use_dpop_nonce")
    assert 'error="use_dpop_nonce"' in challenge(refused)
    assert nonce_of(refused)


def test_a_nonce_that_is_not_ours_or_old(with_nonces: Provider) -> None:
    code = with_nonces.get_code()
    own = nonce_of(redeem(with_nonces, code))
    foreign = sign({"exp": 2**40}, OTHER_KEY, typ="dpop-nonce+jwt")
    id_token = sign({"exp": 2**40}, signing_key("ES256"))
    for nonce in ("", "x", 7, foreign, id_token):
        text = token_proof(with_nonces, nonce=nonce)
        assert error_of(redeem(with_nonces, code, text)) == "use_dpop_nonce"
    with_nonces.clock.advance(NONCE_LIFETIME)
    text = token_proof(with_nonces, nonce=own)
    assert error_of(redeem(with_nonces, code, text)) == "use_dpop_nonce"


def test_without_nonces_no_header(provider: Provider) -> None:
    assert "DPoP-Nonce" not in dict(redeem(provider, provider.get_code()).headers)
