"""Machine secrets: 256 bits, a prefix for the kind, stored as SHA-256."""

from __future__ import annotations

import re
from hashlib import sha256

from fakes.randomness import CountedRandomness
from hypothesis import given
from hypothesis import strategies as st
from protocol import secret_hashing
from protocol.authorization_request.pending_request import HANDLE_PREFIX


def test_c16_a_secret_is_one_whole_draw_of_randomness() -> None:
    randomness = CountedRandomness()
    secret, secret_hash = secret_hashing.new_secret("o2c_", randomness)
    assert secret == "o2c_" + CountedRandomness().token()
    assert re.fullmatch(r"o2c_[A-Za-z0-9_-]{43}", secret)
    assert secret_hash == sha256(secret.encode()).hexdigest()
    assert randomness.drawn == 1


def test_c07_kinds_have_prefixes_of_their_own() -> None:
    prefixes = {
        secret_hashing.ACCESS_TOKEN_PREFIX,
        secret_hashing.REFRESH_TOKEN_PREFIX,
        secret_hashing.CODE_PREFIX,
        HANDLE_PREFIX,
    }
    assert len(prefixes) == 4
    assert len({len(prefix) for prefix in prefixes}) == 1  # none is the beginning of another


def test_equal_hashes() -> None:
    assert secret_hashing.is_same_hash("a" * 64, "a" * 64)
    assert not secret_hashing.is_same_hash("a" * 64, "b" * 64)


@given(st.text())
def test_any_text_has_a_hash(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", secret_hashing.hash_secret(text))


def test_an_unpaired_surrogate_has_a_hash() -> None:
    assert secret_hashing.hash_secret("\ud800") != secret_hashing.hash_secret("?")
