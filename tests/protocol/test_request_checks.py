"""Checks that every endpoint shares (RFC 6749 §3.1 and §3.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.errors import OAuthError
from protocol.messages import Parameters
from protocol.request_checks import check_parameters


def test_c12_a_repeat_is_refused() -> None:
    with pytest.raises(OAuthError) as caught:
        check_parameters(Parameters((("code", "a"), ("x", ""), ("code", "a"))))
    assert caught.value.code == "invalid_request"


def test_r21_resource_alone_may_repeat() -> None:
    check_parameters(Parameters((("resource", "a"), ("resource", "b"), ("x", "y"))))


@pytest.mark.parametrize("bad", ["\0", "a\0b", "\ud800", "a\udfff"])
def test_a14_characters_that_no_database_takes(bad: str) -> None:
    for pair in ((bad, "x"), ("x", bad)):
        with pytest.raises(OAuthError) as caught:
            check_parameters(Parameters((pair,)))
        assert caught.value.code == "invalid_request"


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_what_passes_can_be_stored_and_sent(pairs: list[tuple[str, str]]) -> None:
    try:
        check_parameters(Parameters.of(pairs))
    except OAuthError as error:
        assert error.code == "invalid_request"
    else:
        for key, value in pairs:
            assert b"\0" not in (key + value).encode()
