"""Client certificates out of a proxy's header (RFC 8705, RFC 9440)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fakes.certificates import (
    ALTERNATIVE_NAMES,
    SUBJECT_TEXT,
    der,
    header_forms,
    make_certificate,
    thumbprint,
)
from fakes.clock import START
from fakes.signing_keys import signing_key
from protocol.distinguished_name import parse_distinguished_name
from protocol.jose.certificates import MAXIMUM_LENGTH, load_certificate

CERTIFICATE = make_certificate(names=ALTERNATIVE_NAMES)
FORMS = header_forms(CERTIFICATE)


@pytest.mark.parametrize("form", FORMS)
def test_every_form(form: str) -> None:
    loaded = load_certificate(FORMS[form])
    assert loaded.thumbprint == thumbprint(CERTIFICATE)
    assert loaded.subject == parse_distinguished_name(SUBJECT_TEXT)
    assert loaded.alternative_names == {
        "dns": {"client.example.com"},
        "uri": {"https://client.example.com/id"},
        "ip": {"192.0.2.7"},
        "email": {"client@example.com"},
    }


def test_without_alternative_names() -> None:
    loaded = load_certificate(header_forms(make_certificate())["nginx"])
    assert set(loaded.alternative_names.values()) == {frozenset()}


def test_any_type_of_key() -> None:
    """Only whose key it is counts here; the proxy has checked the proof."""
    key = ec.generate_private_key(ec.SECP384R1())
    assert load_certificate(header_forms(make_certificate(key=key))["nginx"]).public_key


def test_its_time() -> None:
    loaded = load_certificate(header_forms(make_certificate(start=START, days=1))["nginx"])
    times = (START - 1, START, START + 86399, START + 86400)
    assert [loaded.is_valid_at(now) for now in times] == [False, True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "::",
        "certificate",
        "AAAA",
        "A",
        FORMS["haproxy"][:-40],
        "-----BEGIN CERTIFICATE-----",
        FORMS["rfc9440"][:-1],
        f"{FORMS['envoy']},{FORMS['envoy']}",
        f"{FORMS['envoy']};{FORMS['envoy']}",
        'Hash=00;Subject="CN=a"',
        "A" * (MAXIMUM_LENGTH + 4),
        "é",
    ],
)
def test_what_is_no_certificate(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load_certificate(text)


X5C = b64encode(der(CERTIFICATE)).decode()
OTHER_X5C = b64encode(der(make_certificate(days=1))).decode()
JWK = dict(signing_key("ES256").public.jwk)


@pytest.mark.parametrize(
    ("jwk", "expected"),
    [
        (JWK, True),
        ({"kty": "EC", "crv": "P-384", "x5c": [X5C]}, True),
        (JWK | {"x5c": [OTHER_X5C]}, True),  # a newer certificate for the same key
        (JWK | {"x5c": "x"}, True),
        (dict(signing_key("RS256").public.jwk), False),
        ({"kty": "EC", "crv": "P-384", "x5c": [OTHER_X5C, X5C]}, False),
        ({"x5c": ["not base64!"]}, False),
        ({}, False),
    ],
)
def test_the_key_of_a_jwk(jwk: dict[str, Any], expected: bool) -> None:
    assert load_certificate(FORMS["nginx"]).has_key(jwk) == expected
