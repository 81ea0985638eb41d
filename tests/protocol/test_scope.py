"""The scope parameter (RFC 6749 §3.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.errors import OAuthError
from protocol.scope import format_scope, parse_scope

NAMES = st.from_regex(r"[\x21\x23-\x5b\x5d-\x7e]+", fullmatch=True)


def test_q05_odd_spaces_are_forgiven() -> None:
    assert parse_scope(" openid  email ") == {"openid", "email"}
    assert parse_scope("") == frozenset()
    assert parse_scope("   ") == frozenset()


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\tb", "a\nb", "openid\n", "é", "\x7f", "\0"])
def test_q05_forbidden_characters(value: str) -> None:
    with pytest.raises(OAuthError) as caught:
        parse_scope(value)
    assert caught.value.code == "invalid_scope"


def test_names_are_case_sensitive() -> None:
    assert parse_scope("Email email") == {"Email", "email"}


def test_openid_stands_first() -> None:
    assert format_scope(frozenset({"email", "openid", "address"})) == "openid address email"
    assert format_scope(frozenset()) == ""


@given(st.frozensets(NAMES))
def test_format_and_parse_are_inverse(scope: frozenset[str]) -> None:
    assert parse_scope(format_scope(scope)) == scope


@given(st.text())
def test_any_text_parses_or_is_refused(value: str) -> None:
    try:
        scope = parse_scope(value)
    except OAuthError as error:
        assert error.code == "invalid_scope"
    else:
        assert scope == set(value.split(" ")) - {""}
