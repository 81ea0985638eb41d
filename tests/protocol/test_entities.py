"""Entities: what decides whether something issued is still alive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT
from protocol.entities.authorization import Authorization, AuthorizationCode
from protocol.entities.end_user import EndUser
from protocol.entities.token import RefreshToken
from protocol.security_profiles import PROFILES

LIVE = Authorization(
    id=1,
    client_id=1,
    client_identifier="web",
    client_is_active=True,
    security_profile="oauth21",
    user=EndUser(7, "5f0c"),
    scope=frozenset(),
    created_at=0,
    expires_at=100,
)


def test_a_live_authorization() -> None:
    assert LIVE.is_live(99)
    assert replace(LIVE, internal_users_only=True).is_live(99)
    assert replace(LIVE, user=EndUser(7, "5f0c", is_internal=False)).is_live(99)
    assert replace(LIVE, epoch=3, client_epoch=1, user=EndUser(7, "5f0c", epoch=2)).is_live(99)


@pytest.mark.parametrize(
    "dead",
    [
        replace(LIVE, is_revoked=True),
        replace(LIVE, client_epoch=1),
        replace(LIVE, user=EndUser(7, "5f0c", epoch=1)),
        replace(LIVE, epoch=2, client_epoch=1),
        replace(LIVE, expires_at=99),
        replace(LIVE, client_is_active=False),
        replace(LIVE, user=EndUser(7, "5f0c", is_active=False)),
        replace(LIVE, user=EndUser(7, "5f0c", is_internal=False), internal_users_only=True),
    ],
)
def test_each_reason_alone_ends_it(dead: Authorization) -> None:
    assert not dead.is_live(99)


@pytest.mark.parametrize(
    ("used_at", "is_contended", "is_replayed"),
    [(None, False, False), (0, False, True), (1, False, True), (None, True, True), (1, True, True)],
)
def test_used_or_held_means_replayed(
    used_at: int | None, is_contended: bool, is_replayed: bool
) -> None:
    code = AuthorizationCode(1, LIVE, "", True, None, 100, used_at, is_contended)
    token = RefreshToken(1, LIVE, frozenset(), 100, used_at, is_contended)
    assert code.is_replayed is token.is_replayed is is_replayed


def test_kinds_of_client() -> None:
    assert (CLIENT.is_public, CLIENT.is_native) == (False, False)
    assert (NATIVE_CLIENT.is_public, NATIVE_CLIENT.is_native) == (True, True)
    assert CLIENT.profile is PROFILES["oauth21"]
    assert ODOO_CLIENT.profile is PROFILES["odoo_login"]


def test_what_the_profiles_allow() -> None:
    oauth21, odoo_login = PROFILES["oauth21"], PROFILES["odoo_login"]
    assert oauth21.response_types == {"code"}
    assert oauth21.grant_types >= {"authorization_code", "refresh_token"}
    assert not oauth21.grant_types & {"implicit", "password"}
    assert not oauth21.own_userinfo_only
    assert odoo_login.response_types == {"token"}
    assert odoo_login.grant_types == {"implicit"}
    assert odoo_login.own_userinfo_only
