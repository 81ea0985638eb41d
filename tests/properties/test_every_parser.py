"""Whatever a stranger sends is read or refused, never a failure: each parser by itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from fakes.certificates import header_forms, make_certificate
from fakes.generated import (
    ADDRESS,
    CERTIFICATES,
    EXAMPLES,
    KEYS,
    METADATA,
    PIECES,
    SENT,
    TOKENS,
    documents,
    words,
)
from fakes.signing_keys import MemorySigningKeys
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.authorization_details import parse_authorization_details
from protocol.claims_request import parse_claims_request
from protocol.client_metadata_document import check_address, read_document
from protocol.client_registration.metadata import Offer, read_metadata
from protocol.distinguished_name import parse_distinguished_name
from protocol.errors import OAuthError
from protocol.http_caching import freshness_of
from protocol.interaction.consent import _host as receiver_of
from protocol.jose.certificates import load_certificate
from protocol.jose.jwk_set import load_jwk_set
from protocol.jose.keys import load_verification_key
from protocol.jose.proof_of_possession import verify_with_own_key
from protocol.jose.public_jwk import load_public_jwk
from protocol.jose.verify import InvalidToken, unverified_claims, unverified_header, verify
from protocol.outbound_policy import OutboundPolicy, destination_of
from protocol.own_claims import check_names
from protocol.ports import Document
from protocol.redirect_uri_matching import check_registrable, matches
from protocol.resource_indicators import canonical, check_identifier
from protocol.scope import parse_scope
from protocol.session_management import origin_of
from protocol.settings import Settings
from protocol.strict_json import parse_array, parse_object
from protocol.user_code import USER_CODE_LETTERS, read_user_code
from protocol.web_address import host_of, is_same_address

Refusal = type[Exception] | tuple[type[Exception], ...]

CERTIFICATE = make_certificate()
HOME = "https://app.example.com/client.json"


def read(parser: Callable[[Any], Any], refusal: Refusal) -> Callable[[Any], None]:
    """A test step: the text is read, or refused in the way that the parser promises."""

    def step(text: Any) -> None:
        with contextlib.suppress(refusal):
            parser(text)

    return step


OFFER = Offer(
    methods=frozenset({"client_secret_basic", "none", "private_key_jwt"}),
    response_types=frozenset({"code", "id_token"}),
    grant_types=frozenset({"authorization_code", "refresh_token", "implicit"}),
    scope=frozenset({"openid", "email"}),
)


def read_published(members: Any) -> None:
    document = Document(
        200, "application/json", json.dumps({**members, "client_id": HOME}).encode()
    )
    read_document(HOME, document, OFFER)


OBJECTS = METADATA.filter(lambda value: isinstance(value, dict))
JWK = KEYS.filter(lambda value: isinstance(value, dict))
PARSERS: list[tuple[str, Callable[[Any], Any], Refusal, st.SearchStrategy[Any]]] = [
    ("object", lambda t: parse_object(t, maximum_length=999), ValueError, documents("a", "b")),
    ("array", lambda t: parse_array(t, maximum_length=999), ValueError, documents("a", "b")),
    ("bytes", lambda t: parse_object(t, maximum_length=999), ValueError, st.binary()),
    (
        "signed token",
        lambda t: verify(t, MemorySigningKeys().published_keys()),
        InvalidToken,
        TOKENS,
    ),
    (
        "token with its own key",
        lambda t: verify_with_own_key(t, typ="dpop+jwt", algorithms=["ES256"]),
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
    ("client metadata", lambda value: read_metadata(value, OFFER), OAuthError, OBJECTS),
    ("metadata document", read_published, (OAuthError, ValueError), OBJECTS),
    (
        "text of a metadata document",
        lambda body: read_document(HOME, Document(200, "application/json", body), OFFER),
        (OAuthError, ValueError),
        st.binary() | documents("client_id", "redirect_uris").map(str.encode),
    ),
    ("address of a metadata document", check_address, ValueError, ADDRESS),
    ("claims request", parse_claims_request, ValueError, SENT["claims"]),
    ("names of own claims", lambda t: check_names([t, "a.b"]), ValueError, words("a", ".", "\\")),
    ("scope", parse_scope, OAuthError, SENT["scope"]),
    ("resource", check_identifier, ValueError, ADDRESS),
    ("destination", destination_of, ValueError, ADDRESS),
    ("host", host_of, ValueError, ADDRESS),
    ("issuer", lambda t: Settings(issuer=t).validate(), ValueError, ADDRESS),
    (
        "destination that an administrator opens",
        lambda t: OutboundPolicy.of([t]),
        ValueError,
        ADDRESS | words("10.0.0.0", "/8", ":443", "[", "]", "::1", "host", ".", "-", "%eth0", "/"),
    ),
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
    parser: Callable[[Any], Any], refusal: Refusal, texts: st.SearchStrategy[Any]
) -> None:
    settings(max_examples=EXAMPLES)(given(texts)(read(parser, refusal)))()


@settings(max_examples=EXAMPLES)
@given(ADDRESS, ADDRESS)
def test_addresses_are_equal_or_not(left: str, right: str) -> None:
    assert is_same_address(left, right) == is_same_address(right, left)
    assert matches((left,), right, any_loopback_port=False) == (left == right)


@settings(max_examples=EXAMPLES * 4)
@given(ADDRESS)
def test_what_may_be_registered_can_be_used(address: str) -> None:
    """Later steps take such an address apart without asking again."""
    with contextlib.suppress(ValueError):
        check_registrable(address, application_type="native", local_development=True)
        assert urlsplit(address).scheme
        try:
            origin_of(address)
            receiver_of(address)
        except ValueError as error:
            raise AssertionError(address) from error


@settings(max_examples=EXAMPLES * 4)
@given(ADDRESS | st.text())
def test_any_text_can_be_compared_with_a_resource(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text) or text.endswith("//")


@settings(max_examples=EXAMPLES * 4)
@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "age", "expires", "date"]),
        words(
            *("max-age", "=", "60", ",", '"', "no-store", " ", "Mon, 30 Nov 2026 22:00:00", " GMT"),
            *("-0000", "+9999", "00", "99999999999999999999", ":"),
        ),
    )
)
def test_how_long_an_answer_is_good(headers: dict[str, str]) -> None:
    freshness = freshness_of(headers)
    assert freshness is None or freshness >= 0


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
