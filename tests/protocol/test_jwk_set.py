"""The JWK Sets of clients (RFC 7517)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.assertions import claims, client_key, jwk, jwk_set, signed
from protocol.jose.jwk_set import MAXIMUM_KEYS, load_jwk_set
from protocol.jose.verify import UnknownSignature, verify


def algorithms(*keys: dict[str, Any]) -> list[str]:
    return [key.algorithm for key in load_jwk_set(jwk_set(*keys)).verification_keys]


def test_a_key_serves_the_algorithm_it_names() -> None:
    assert algorithms(jwk("RS256"), jwk("ES256"), jwk("EdDSA")) == ["RS256", "ES256", "EdDSA"]


def test_a_key_that_names_none_serves_all_that_fit() -> None:
    assert algorithms(jwk("RS256", alg=None)) == ["RS256", "PS256"]
    assert algorithms(jwk("ES256", alg=None), jwk("EdDSA", alg=None)) == ["ES256", "EdDSA"]


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "X25519", "x": "AA"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"},
        {},
        {"kty": ["EC"], "crv": {"P-256": []}},
        jwk("RS256", use="enc"),
        jwk("RS256", alg="RSA-OAEP"),
        jwk("RS256", alg="RS512"),
        jwk("ES256", key_ops=["sign"]),
        jwk("ES256", key_ops="verify"),
    ],
)
def test_what_checks_no_signature_of_ours_is_ignored(key: dict[str, Any]) -> None:
    assert algorithms(key, jwk("EdDSA")) == ["EdDSA"]
    assert load_jwk_set(jwk_set(key)).keys == (key,)


def test_key_ops_that_verify() -> None:
    assert algorithms(jwk("ES256", key_ops=["verify"])) == ["ES256"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": {}}',
        '{"keys": ["a"]}',
        '{"keys": [], "keys": []}',
        jwk_set({"kty": "oct", "k": "AA"}),
        jwk_set({"kty": "oct"}),
        jwk_set(jwk("ES256", d="AA")),
        jwk_set(jwk("RS256", d="AA", use="enc")),
        jwk_set({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "d": "AA"}),
        jwk_set(jwk("RS256", p="AA")),
        jwk_set({"kty": "RSA", "e": "AQAB", "n": "_" * 171}),
        jwk_set(jwk("ES256", x="AA")),
        jwk_set(jwk("ES256", x=None)),
        jwk_set(jwk("EdDSA", x="AA")),
        jwk_set(jwk("ES256", kid=1)),
        json.dumps({"keys": [{}] * (MAXIMUM_KEYS + 1)}),
        json.dumps({"keys": [], "more": "x" * 70_000}),
    ],
)
def test_d03_what_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        load_jwk_set(text)


def test_keys_without_a_name_are_tried_whatever_the_token_names() -> None:
    keys = load_jwk_set(
        jwk_set(jwk("ES256", "other", kid=None), jwk("ES256", kid=None))
    ).verification_keys
    for kid in (None, "anything"):
        content = claims()
        assert verify(signed(content, kid=kid), keys) == content


def test_a_name_chooses_the_key() -> None:
    keys = load_jwk_set(
        jwk_set(jwk("ES256", kid="new"), jwk("ES256", "other", kid="old"))
    ).verification_keys
    content = claims()
    assert verify(signed(content, kid="new"), keys) == content
    assert verify(signed(content, kid=None), keys) == content
    for kid in ("old", "unknown"):
        with pytest.raises(UnknownSignature):
            verify(signed(content, kid=kid), keys)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_one_key_for_two_algorithms(algorithm: str) -> None:
    keys = load_jwk_set(jwk_set(jwk("RS256", alg=None))).verification_keys
    content = claims()
    assert verify(signed(content, algorithm), keys) == content
    assert client_key("RS256").public.kid == keys[0].kid == keys[1].kid
