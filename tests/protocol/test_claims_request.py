"""The claims parameter (OpenID Connect Core §5.5) and JSON from strangers (Q15)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.claims_request import MAXIMUM_LENGTH, ClaimsRequest, parse_claims_request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["userinfo", "id_token", "acr", "sub", "value", "values", "essential"]),
            inner,
            max_size=4,
        )
    ),
)


def test_every_form_of_a_demand() -> None:
    text = json.dumps(
        {
            "userinfo": {"name": None, "email": {"essential": True}, "http://x/y": {"z": 1}},
            "id_token": {
                "auth_time": {"essential": True},
                "acr": {"essential": True, "values": ["mfa", "sfa"]},
                "sub": {"value": "5f0c"},
            },
            "unknown": [],
        }
    )
    assert parse_claims_request(text) == ClaimsRequest(
        userinfo=frozenset({"name", "email", "http://x/y"}),
        id_token=frozenset({"auth_time", "acr", "sub"}),
        acr_values=("mfa", "sfa"),
        acr_is_essential=True,
        wants_acr=True,
        auth_time_is_essential=True,
        subjects=frozenset({"5f0c"}),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"x"',
        "{",
        '{"userinfo": []}',
        '{"userinfo": {"name": true}}',
        '{"userinfo": {"name": {"essential": "yes"}}}',
        '{"id_token": {"acr": {"values": "mfa"}}}',
        '{"userinfo": null, "userinfo": null}',
        '{"userinfo": {"a": {"value": NaN}}}',
        '{"userinfo": {"a": {"value": ' + "[" * 3000 + "]" * 3000 + "}}}",
        '{"a": "' + "x" * MAXIMUM_LENGTH + '"}',
        json.dumps({"userinfo": {str(number): None for number in range(101)}}),
        json.dumps({"id_token": {"acr": {"values": ["x"] * 51}}}),
    ],
)
def test_q15_malformed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_claims_request(text)


@given(JSON)
def test_q15_any_json_is_read_or_refused(value: object) -> None:
    try:
        request = parse_claims_request(json.dumps(value))
    except ValueError:
        return
    assert isinstance(value, dict)
    assert request.userinfo <= frozenset(value.get("userinfo") or ())
