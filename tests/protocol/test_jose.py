"""Keys, signatures and the refusal of everything that only looks like a token (RFC 7515, RFC 7638, RFC 8725)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from fakes.signing_keys import MemorySigningKeys, signing_key
from protocol.jose.algorithms import ALGORITHMS, half_hash
from protocol.jose.key_encryption import decrypt, encrypt
from protocol.jose.keys import (
    generate_pem,
    load_signing_key,
    load_verification_key,
    public_pem,
    thumbprint,
    verification_key_of,
)
from protocol.jose.sign import sign
from protocol.jose.verify import MAXIMUM_LENGTH, InvalidToken, audiences, verify

KEYS = MemorySigningKeys().published_keys()
CLAIMS = {"iss": "https://id.example.com", "aud": "web", "exp": 1}
SECRET = "s" * 32


def encode(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed(header: dict[str, object] | None = None, payload: bytes | None = None) -> str:
    """A token with our signature over whatever a test puts into it."""
    key = signing_key("ES256")
    return jwt.api_jws.PyJWS().encode(
        payload if payload is not None else json.dumps(CLAIMS).encode(),
        key.private,  # type: ignore[arg-type]
        algorithm="ES256",
        headers={"kid": key.public.kid} | (header or {}),
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_signed_verifies(algorithm: str) -> None:
    token = sign(CLAIMS, signing_key(algorithm))
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert verify(token, KEYS) == CLAIMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_others_can_verify_with_the_jwk(algorithm: str) -> None:
    token = sign(CLAIMS, signing_key(algorithm))
    jwk = jwt.PyJWK(dict(signing_key(algorithm).public.jwk))
    options = {"verify_exp": False}
    assert jwt.decode(token, jwk, [algorithm], options=options, audience="web") == CLAIMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_pem_keeps_the_key(algorithm: str) -> None:
    pem = generate_pem(algorithm)
    public = load_verification_key(public_pem(pem, algorithm), algorithm)
    assert public == load_signing_key(pem, algorithm).public
    assert verify(sign(CLAIMS, load_signing_key(pem, algorithm)), [public]) == CLAIMS


def test_thumbprint_of_the_standard() -> None:
    """RFC 7638 §3.1."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
        "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnY"
        "b9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0"
        "Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    members = {"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    assert thumbprint(members) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_key_is_for_its_algorithm() -> None:
    with pytest.raises(ValueError, match="ES256"):
        load_signing_key(generate_pem("EdDSA"), "ES256")
    shared = sign(CLAIMS, signing_key("RS256")).split(".")
    shared[0] = encode({"alg": "PS256", "kid": signing_key("RS256").public.kid})
    with pytest.raises(InvalidToken):
        verify(".".join(shared), KEYS)


def test_j15_half_hash_follows_the_algorithm() -> None:
    """The values of OpenID Connect Core, appendix A.4 and A.6."""
    assert (
        half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256")
        == "77QmUPtjPfzWtF2AnpK9RQ"
    )
    assert len(half_hash("a", "EdDSA")) == 43
    with pytest.raises(KeyError):
        half_hash("a", "HS256")


@pytest.mark.parametrize("name", ["none", "None", "nOnE", "", None, 1])
def test_j10_no_signature(name: object) -> None:
    with pytest.raises(InvalidToken):
        verify(f"{encode({'alg': name, 'typ': 'JWT'})}.{encode(CLAIMS)}.", KEYS)


def test_j10_empty_signature() -> None:
    with pytest.raises(InvalidToken):
        verify(signed().rpartition(".")[0] + ".", KEYS)


def test_a_public_key_is_no_shared_secret() -> None:
    """RFC 8725 §2.1: HS256 with the PEM of the public key as its secret."""
    header, payload = encode({"alg": "HS256", "typ": "JWT"}), encode(CLAIMS)
    with pytest.raises(InvalidToken):
        verify(f"{header}.{payload}.{encode('x' * 32)}", KEYS)


def test_j08_critical_extension() -> None:
    for header in ({"crit": ["exp"], "exp": 1}, {"crit": []}, {"b64": False}):
        token = signed().split(".")
        token[0] = encode({"alg": "ES256", "kid": signing_key("ES256").public.kid} | header)
        with pytest.raises(InvalidToken, match="critical"):
            verify(".".join(token), KEYS)


def test_j09_a_key_inside_the_token_is_not_looked_at() -> None:
    stranger = load_signing_key(generate_pem("ES256"), "ES256")
    token = jwt.encode(
        CLAIMS,
        stranger.private,  # type: ignore[arg-type]
        algorithm="ES256",
        headers={"jwk": dict(stranger.public.jwk)},
    )
    with pytest.raises(InvalidToken):
        verify(token, KEYS)


def test_type_must_be_the_wanted_one() -> None:
    token = sign(CLAIMS, signing_key("ES256"), typ="logout+jwt")
    with pytest.raises(InvalidToken, match="type"):
        verify(token, KEYS)
    assert verify(token, KEYS, types=["logout+jwt"]) == CLAIMS


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b",
        "a.b.c",
        "é.é.é",
        "\ud800.a.b",
        "e30.e30.e30.e30.e30",
        "x" * (MAXIMUM_LENGTH + 1),
        '{"payload":"e30","signatures":[]}',
        f"{encode('[1]')}.e30.e30",
        f"{encode('[' * 5000)}.e30.e30",
    ],
)
def test_j14_j23_what_is_no_token(token: str) -> None:
    with pytest.raises(InvalidToken):
        verify(token, KEYS)


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b"not json",
        b'{"sub": "a", "sub": "b"}',
        b'{"exp": NaN}',
        b'{"exp": "1"}',
        b'{"exp": 1.5}',
        b'{"exp": true}',
        b'{"exp": null}',
        b'{"nbf": null}',
        b'{"iat": null}',
        b'{"auth_time": null}',
        b'{"sub": "\\u0000"}',
        b'{"sub": "\\ud800"}',
        b'{"x": 1e999}',
        b'{"exp": 1180591620717411303424}',
        b'{"iss": 1}',
        b'{"sub": ["a"]}',
        b'{"aud": ["a", 1]}',
        b'{"aud": {"a": 1}}',
    ],
)
def test_j22_signed_nonsense(payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        verify(signed(payload=payload), KEYS)


def test_audiences() -> None:
    assert audiences({"aud": "a"}) == ("a",)
    assert audiences({"aud": ["a", "b"]}) == ("a", "b")
    assert audiences({}) == ()


def test_keys_at_rest() -> None:
    stored = encrypt("the key", SECRET)
    assert "the key" not in stored
    assert decrypt(stored, SECRET) == "the key"
    assert decrypt("never encrypted", None) == "never encrypted"
    for secret in (None, "t" * 32, "short"):
        with pytest.raises(ValueError, match=r"secret"):
            decrypt(stored, secret)
    with pytest.raises(ValueError, match="32"):
        encrypt("the key", "short")


def test_a_key_of_a_kind_that_signs_nothing_here() -> None:
    with pytest.raises(ValueError, match="unknown type"):
        verification_key_of(x25519.X25519PrivateKey.generate().public_key(), "EdDSA")  # type: ignore[arg-type]
