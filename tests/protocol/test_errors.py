"""The table of errors and the character set of what strangers read (RFC 6749 §4.1.2.1 and §5.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.errors import ERRORS, OAuthError

ALLOWED = frozenset(map(chr, [*range(0x20, 0x22), *range(0x23, 0x5C), *range(0x5D, 0x7F)]))


@pytest.mark.parametrize("code", ERRORS)
def test_every_code_has_a_lawful_description_and_status(code: str) -> None:
    error = OAuthError(code)
    assert set(error.description) <= ALLOWED
    assert error.status == ERRORS[code].status
    assert error.members() == {"error": code, "error_description": error.description}
    assert str(error) == f"{code}: {error.description}"


@given(st.text(min_size=1))
def test_description_character_set(text: str) -> None:
    if set(text) <= ALLOWED:
        assert OAuthError("invalid_request", text).description == text
    else:
        with pytest.raises(ValueError, match="forbidden"):
            OAuthError("invalid_request", text)


@pytest.mark.parametrize("text", ['a "quote"', "back\\slash", "line\n", "tab\t", "é", "\x7f"])
def test_description_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="forbidden"):
        OAuthError("invalid_request", text)


def test_unknown_code_cannot_be_built() -> None:
    with pytest.raises(KeyError):
        OAuthError("made_up")


def test_detail_is_never_told() -> None:
    error = OAuthError("invalid_grant", detail="the code was used before")
    assert "used before" not in str(error.members())


def test_own_status_and_headers() -> None:
    error = OAuthError("invalid_request", status=405, headers=(("Allow", "POST"),))
    assert (error.status, error.headers) == (405, (("Allow", "POST"),))
