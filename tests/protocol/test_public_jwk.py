"""Public keys of others (RFC 7517, RFC 7518 §6, RFC 8037)."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fakes.signing_keys import signing_key
from protocol.jose.algorithms import ALGORITHMS, encode
from protocol.jose.public_jwk import load_public_jwk
from protocol.jose.sign import sign
from protocol.jose.verify import verify


def jwk(algorithm: str, **changes: Any) -> dict[str, Any]:
    return {**signing_key(algorithm).public.jwk, **changes}


def number(value: int) -> str:
    return encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_published_key_comes_back(algorithm: str) -> None:
    key = load_public_jwk(jwk(algorithm), algorithm)
    assert key == signing_key(algorithm).public
    assert verify(sign({"iss": "me"}, signing_key(algorithm)), [key]) == {"iss": "me"}


def test_its_name_is_its_thumbprint() -> None:
    """Two JWKs of one key are one key, whatever their owner calls them."""
    assert load_public_jwk(jwk("ES256", kid="mine"), "ES256") == signing_key("ES256").public


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_x02_a_private_member_is_refused(member: str) -> None:
    with pytest.raises(ValueError, match="public"):
        load_public_jwk(jwk("RS256", **{member: "AA"}), "RS256")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_key_is_for_its_algorithm(algorithm: str) -> None:
    with pytest.raises(ValueError, match="EdDSA"):
        load_public_jwk(jwk(algorithm), "EdDSA")


@pytest.mark.parametrize(
    ("algorithm", "changes"),
    [
        ("ES256", {"kty": "oct"}),
        ("ES256", {"kty": None}),
        ("ES256", {"crv": "P-384"}),
        ("ES256", {"x": None}),
        ("ES256", {"x": 7}),
        ("ES256", {"x": ""}),
        ("ES256", {"x": "A" * 43}),  # not on the curve
        ("ES256", {"x": "!" * 43}),
        ("EdDSA", {"x": "AA"}),
        ("EdDSA", {"x": "A" * 5}),  # no length that base64 can have
        ("RS256", {"e": number(2**33 + 1)}),
        ("RS256", {"e": number(4)}),
        ("RS256", {"n": number(2**8200 + 1)}),
        ("RS256", {"n": "A" * 100_000}),
    ],
)
def test_malformed_keys(algorithm: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load_public_jwk(jwk(algorithm, **changes), algorithm)


def test_a_short_rsa_key_is_refused() -> None:
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    with pytest.raises(ValueError, match="short"):
        load_public_jwk({"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}, "PS256")
