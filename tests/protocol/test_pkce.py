"""PKCE with S256 (RFC 7636)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.pkce import METHODS, challenge_of, is_challenge, verifies

# RFC 7636 appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_example_of_the_standard() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE
    assert is_challenge(CHALLENGE)
    assert verifies(VERIFIER, CHALLENGE)


def test_p05_s256_is_the_only_method() -> None:
    assert METHODS == ("S256",)


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        "short",
        CHALLENGE + "A",
        CHALLENGE + "=",
        CHALLENGE + "\n",
        *(CHALLENGE[:-1] + letter for letter in "+/.~:@[^`{"),
        "é" * 43,
    ],
)
def test_no_challenge(challenge: str) -> None:
    assert not is_challenge(challenge)


@pytest.mark.parametrize(
    "verifier", ["", "a" * 42, "a" * 129, VERIFIER + "\n", VERIFIER[:-1] + "é", VERIFIER + "+"]
)
def test_malformed_verifier_never_verifies(verifier: str) -> None:
    digest_fits = is_challenge(CHALLENGE) and verifier.isascii()
    assert not verifies(verifier, challenge_of(verifier) if digest_fits else CHALLENGE)


@pytest.mark.parametrize("verifier", ["-._~" + "a" * 39, "Z9-._~" + "a" * 122])
def test_the_shortest_and_the_longest_verifier(verifier: str) -> None:
    assert verifies(verifier, challenge_of(verifier))


@given(st.text(), st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True))
def test_no_other_verifier_fits(verifier: str, challenge: str) -> None:
    assert not verifies(verifier, challenge)
    assert not verifies(verifier, CHALLENGE)


@given(st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True))
def test_every_wellformed_verifier_fits_its_own_challenge(verifier: str) -> None:
    assert is_challenge(challenge_of(verifier))
    assert verifies(verifier, challenge_of(verifier))
