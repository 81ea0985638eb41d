"""Whatever a stranger sends is read or refused, never a failure: each parser by itself, and each address as a whole.

Text is drawn at random and, since random text rarely gets past the first look, from pieces that each parser knows. JSON
is drawn as trees of the names that a parser looks for, with values of every kind.
"""

from __future__ import annotations

import contextlib
import json
import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import KEY_CLIENT, assertion_form, claims, jwk, signed
from fakes.bank import BANK
from fakes.certificates import header_forms, make_certificate
from fakes.clock import START
from fakes.proofs import proof
from fakes.provider import ISSUER
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT
from fakes.registrations_store import OpenProvider
from fakes.signing_keys import MemorySigningKeys
from fakes.wire import basic, code_exchange, code_request
from hypothesis import example, given, settings
from hypothesis import strategies as st
from protocol.authorization_details import parse_authorization_details
from protocol.client_registration.metadata import Offer, read_metadata
from protocol.distinguished_name import parse_distinguished_name
from protocol.errors import OAuthError
from protocol.jose.certificates import load_certificate
from protocol.jose.jwk_set import load_jwk_set
from protocol.jose.keys import load_verification_key
from protocol.jose.public_jwk import load_public_jwk
from protocol.jose.verify import InvalidToken, unverified_claims, unverified_header, verify
from protocol.messages import ClientCertificate, Parameters, Request
from protocol.outbound_policy import destination_of
from protocol.redirect_uri_matching import check_registrable, matches
from protocol.request_checks import FORM
from protocol.resource_indicators import check_identifier
from protocol.scope import parse_scope
from protocol.strict_json import parse_array, parse_object
from protocol.user_code import USER_CODE_LETTERS, read_user_code
from protocol.web_address import host_of, is_same_address

# A few each time; `make fuzz` draws many.
EXAMPLES = int(os.environ.get("OAUTH2_PROVIDER_EXAMPLES", "12"))
PROVIDER = OpenProvider(CLIENT)
CERTIFICATE = make_certificate()
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary()
).map(lambda value: value if not isinstance(value, bytes) else value.hex())


def words(*pieces: str) -> st.SearchStrategy[str]:
    """Text out of pieces that mean something, and of anything else."""
    piece = st.sampled_from(pieces) | st.text(max_size=4)
    return st.lists(piece, max_size=8).map("".join) | st.text()


def trees(*names: str, values: st.SearchStrategy[Any] = SCALARS) -> st.SearchStrategy[Any]:
    """JSON with these names in it."""
    key = st.sampled_from(names) | st.text(max_size=5)
    return st.recursive(
        values,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(key, inner, max_size=6),
        max_leaves=12,
    )


def documents(*names: str, **options: Any) -> st.SearchStrategy[str]:
    written = trees(*names, **options).map(json.dumps)
    return written | words("{", "}", "[", "]", '"', ":", ",", "NaN", "1e999", *names)


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


HEADER = trees(
    *("alg", "typ", "kid", "crit", "jwk", "jku", "x5u", "b64", "zip", "enc"),
    values=SCALARS | st.sampled_from(["ES256", "RS256", "none", "HS256", "at+jwt", "dpop+jwt"]),
)
CLAIMS = trees("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "htm", "htu", "ath", "nonce")
PART = (HEADER | CLAIMS).map(encoded) | st.binary(max_size=20).map(
    lambda value: urlsafe_b64encode(value).decode()
)
TOKENS = st.lists(PART, max_size=5).map(".".join) | words(".", "eyJ", "e30", "=", "{}")
KEYS = trees(
    *("keys", "kty", "crv", "x", "y", "n", "e", "d", "alg", "use", "kid", "key_ops", "k", "x5c"),
    values=SCALARS | st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "AQAB", "AA"]),
)
ADDRESS = words(
    *("https://", "http://", "app.example.com", "127.0.0.1", "[::1]", "localhost", "//", "@", ":"),
    *(":443", "/cb", "?", "a=b", "#", "%2e", "..", "com.example:", "\\", "javascript:", "xn--"),
)
SENT = {
    **dict.fromkeys(("redirect_uri", "resource", "request_uri", "audience"), ADDRESS),
    **dict.fromkeys(("request", "client_assertion", "id_token_hint", "assertion"), TOKENS),
    **dict.fromkeys(("subject_token", "actor_token", "token"), TOKENS),
    "claims": documents("userinfo", "id_token", "acr", "sub", "value", "values", "essential"),
    "authorization_details": documents("type", "locations", "actions", "datatypes", "identifier"),
    "scope": words("openid", "email", " ", "offline_access", '"', "\\"),
    "ui_locales": words("de", "-", "en-US", " ", "x-"),
    "user_code": words("BCDF", "-", "GHJK", " "),
    "max_age": words("0", "-1", "9999999999", "1e3", "٣"),
    "prompt": words("none", " ", "login", "consent", "create"),
    "response_type": words("code", " ", "token", "id_token"),
    "response_mode": words("query", "fragment", "form_post", ".jwt", "jwt"),
    "grant_type": st.sampled_from(sorted(PROVIDER.server.parts.grants)) | st.text(max_size=9),
    "code_verifier": words("v" * 43, "~", "ü"),
    "client_id": st.sampled_from(["web", "native", "other-odoo", "bank"]) | ADDRESS,
}
NAMES = [*sorted(SENT), "state", "nonce", "code", "refresh_token", "device_code", "rid", "consent"]


def read(parser: Callable[[Any], Any], refusal: type[Exception]) -> Callable[[Any], None]:
    """A test step: the text is read, or refused in the way that the parser promises."""

    def step(text: Any) -> None:
        with contextlib.suppress(refusal):
            parser(text)

    return step


def offered(metadata: Any) -> Any:
    offer = Offer(
        methods=frozenset({"client_secret_basic", "none", "private_key_jwt"}),
        response_types=frozenset({"code", "id_token"}),
        grant_types=frozenset({"authorization_code", "refresh_token", "implicit"}),
        scope=frozenset({"openid", "email"}),
    )
    return read_metadata(metadata, offer)


METADATA = trees(
    *("redirect_uris", "client_name", "client_name#de", "jwks", "jwks_uri", "logo_uri", "scope"),
    *("response_types", "grant_types", "token_endpoint_auth_method", "application_type"),
    *("subject_type", "default_max_age", "require_auth_time", "keys", "contacts"),
    values=SCALARS | ADDRESS | st.sampled_from(["code", "implicit", "web", "native", "pairwise"]),
)
OBJECTS = METADATA.filter(lambda value: isinstance(value, dict))
JWK = KEYS.filter(lambda value: isinstance(value, dict))
PIECES = words("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "\n", "%0A", ":", "MII")
CERTIFICATES = PIECES | st.binary(max_size=60).map(lambda der: b64encode(der).decode())
PARSERS: list[tuple[str, Callable[[Any], Any], type[Exception], st.SearchStrategy[Any]]] = [
    ("object", lambda t: parse_object(t, maximum_length=999), ValueError, documents("a", "b")),
    ("array", lambda t: parse_array(t, maximum_length=999), ValueError, documents("a", "b")),
    ("bytes", lambda t: parse_object(t, maximum_length=999), ValueError, st.binary()),
    (
        "signed token",
        lambda t: verify(t, MemorySigningKeys().published_keys()),
        InvalidToken,
        TOKENS,
    ),
    ("header of a token", unverified_header, InvalidToken, TOKENS),
    ("claims of a token", unverified_claims, InvalidToken, TOKENS),
    ("key set", load_jwk_set, ValueError, KEYS.map(json.dumps) | documents("keys")),
    ("RSA key", lambda value: load_public_jwk(value, "RS256"), ValueError, JWK),
    ("EC key", lambda value: load_public_jwk(value, "ES256"), ValueError, JWK),
    ("OKP key", lambda value: load_public_jwk(value, "EdDSA"), ValueError, JWK),
    ("PEM", lambda t: load_verification_key(t, "RS256"), ValueError, PIECES),
    ("certificate", load_certificate, ValueError, CERTIFICATES),
    (
        "distinguished name",
        parse_distinguished_name,
        ValueError,
        words("CN=", "O=", ",", "+", "\\", "\\2C", "#", '"', " ", "2.5.4.3=", "OID.", "\\ff"),
    ),
    ("details", parse_authorization_details, ValueError, SENT["authorization_details"]),
    ("client metadata", offered, OAuthError, OBJECTS),
    ("scope", parse_scope, OAuthError, SENT["scope"]),
    ("resource", check_identifier, ValueError, ADDRESS),
    ("destination", destination_of, ValueError, ADDRESS),
    ("host", host_of, ValueError, ADDRESS),
    (
        "redirect address",
        lambda t: check_registrable(t, application_type="native", local_development=True),
        ValueError,
        ADDRESS,
    ),
]


@pytest.mark.parametrize(
    ("parser", "refusal", "texts"), [row[1:] for row in PARSERS], ids=[row[0] for row in PARSERS]
)
def test_it_is_read_or_refused(
    parser: Callable[[Any], Any], refusal: type[Exception], texts: st.SearchStrategy[Any]
) -> None:
    settings(max_examples=EXAMPLES)(given(texts)(read(parser, refusal)))()


@settings(max_examples=EXAMPLES)
@given(ADDRESS, ADDRESS)
def test_addresses_are_equal_or_not(left: str, right: str) -> None:
    assert is_same_address(left, right) == is_same_address(right, left)
    assert matches((left,), right, any_loopback_port=False) == (left == right)


@given(SENT["user_code"] | st.text(USER_CODE_LETTERS + "- _.", max_size=14))
def test_a_user_code_is_one_or_none(typed: str) -> None:
    code = read_user_code(typed)
    assert code is None or read_user_code(code.lower()) == code


@settings(max_examples=EXAMPLES)
@given(
    st.sampled_from(sorted(header_forms(CERTIFICATE))), st.integers(0, 2000), st.text(max_size=3)
)
def test_a_certificate_with_a_wrong_place(form: str, place: int, text: str) -> None:
    whole = header_forms(CERTIFICATE)[form]
    read(load_certificate, ValueError)(whole[:place] + text + whole[place + 1 :])


# Whole addresses


def parameters() -> st.SearchStrategy[Parameters]:
    pair = st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(st.just(name), SENT.get(name, st.text(max_size=9)))
    )
    known = st.sampled_from(
        [
            tuple(code_request().items()),
            tuple(code_exchange("o2c_x").items()),
            tuple(assertion_form(signed(claims(jti="x"))).items()),
            (),
        ]
    )
    return st.tuples(known, st.lists(pair, max_size=5).map(tuple)).map(
        lambda both: Parameters(tuple((dict(both[0]) | dict(both[1])).items()))
    )


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.sampled_from([basic()["authorization"], "Bearer x", "DPoP x"])
        | st.binary(max_size=30).map(lambda value: "Basic " + b64encode(value).decode())
        | words("Basic", "Bearer", "DPoP", " ", "d2ViOng=", ":", ","),
        "dpop": TOKENS | st.just(proof("POST", f"{ISSUER}/oauth2/token", START, jti="x")),
        "accept": words("application/json", ",", "*/*", "application/token-introspection+jwt"),
        "if-none-match": words("W/", '"', "*", ","),
        "x-fapi-interaction-id": words("-", "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"),
    },
)
SHOWN = st.none() | CERTIFICATES.map(lambda text: ClientCertificate(text, is_verified=True))


@settings(max_examples=EXAMPLES // 2)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    query=parameters(),
    form=parameters(),
    headers=HEADERS,
    body=documents("redirect_uris", "client_id", "jwks", "client_name").map(str.encode),
    certificate=SHOWN,
    place=st.none() | st.sampled_from(["web", "other-odoo"]) | st.text(max_size=9),
)
def refused_or_answered(
    endpoint: str,
    method: str,
    query: Parameters,
    form: Parameters,
    headers: dict[str, str],
    body: bytes,
    certificate: ClientCertificate | None,
    place: str | None,
) -> None:
    provider = OpenProvider(
        CLIENT, NATIVE_CLIENT, ODOO_CLIENT, replace(BANK, id=8, client_identifier="bank")
    )
    provider.log_in()
    is_post = method == "POST"
    is_json = "registration" in endpoint or "configuration" in endpoint
    request = Request(
        method,
        path="/.well-known/openid-configuration" if endpoint == "discovery" else "",
        query=Parameters() if is_post else query,
        form=form if is_post else Parameters(),
        headers=headers,
        mimetype="application/json" if is_json else FORM if is_post else "",
        body=body if is_json else b"",
        client_certificate=certificate,
        path_client_identifier=place,
    )
    response = provider.server.handle(endpoint, request)
    assert response.status < 500
    assert [response.json, response.jwt, response.page, response.location] != [None] * 4 or (
        response.status in (200, 204, 304)
    )


@pytest.mark.parametrize("endpoint", PROVIDER.server.parts.endpoints)
def test_every_address_answers(endpoint: str) -> None:
    refused_or_answered(endpoint)


@given(documents("keys", "kty").map(lambda text: replace(KEY_CLIENT, jwks=text)), TOKENS)
@example(
    replace(KEY_CLIENT, jwks=json.dumps({"keys": [jwk("ES256") | {"x": 7}]})), signed(claims())
)
@settings(max_examples=EXAMPLES)
def test_keys_of_a_client_that_are_none(client: Any, token: str) -> None:
    """They are checked when they are registered; an administrator's own SQL may have changed them since."""
    provider = OpenProvider(client)
    response = provider.post_token(code_exchange("x") | assertion_form(token), {})
    assert response.status in (400, 401)
