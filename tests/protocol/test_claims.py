"""Claims that a scope releases (OpenID Connect Core §5.4)."""

from __future__ import annotations

import pytest
from protocol.claims import SCOPE_CLAIMS, released_claims
from protocol.entities.end_user import EndUser

USER = EndUser(
    id=7,
    public_subject="5f0c",
    claims={
        "name": "Alice",
        "updated_at": 1,
        "email": "alice@example.com",
        "email_verified": False,
        "phone_number": "+32 2 555",
        "address": {"country": "BE"},
    },
)


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("", set()),
        ("openid", set()),
        ("unheard_of", set()),
        ("profile", {"name", "updated_at"}),
        ("email", {"email", "email_verified"}),
        ("phone", {"phone_number"}),
        ("address", {"address"}),
        ("openid email phone", {"email", "email_verified", "phone_number"}),
    ],
)
def test_a_scope_releases_its_claims_and_no_other(scope: str, names: set[str]) -> None:
    assert released_claims(USER, frozenset(scope.split())).keys() == names


def test_values_keep_their_types() -> None:
    claims = released_claims(USER, frozenset({"email", "profile"}))
    assert claims["email_verified"] is False
    assert claims["updated_at"] == 1


def test_t20_no_claim_can_take_the_place_of_sub() -> None:
    forger = EndUser(id=1, public_subject="real", claims={"sub": "forged", "iss": "x", "aud": "x"})
    assert released_claims(forger, frozenset(SCOPE_CLAIMS)) == {}
