"""Authorizations that begin at the token endpoint: what is stored, and what the rest of the request goes by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT
from protocol.entities.authorization import NewAuthorization
from protocol.entities.client import OFFLINE_ACCESS
from protocol.entities.end_user import ProvenLogin
from protocol.grants import TokenContext
from protocol.grants.new_authorization import begin_authorization
from protocol.messages import Request
from protocol.settings import Settings

LOGIN = ProvenLogin(ALICE, 1000, ("pwd", "otp", "mfa"), "mfa")
STRICT_CLIENT = replace(
    CLIENT,
    security_profile="odoo_login",
    internal_users_only=True,
    sector_identifier="app.example.com",
    required_acr="mfa",
    epoch=3,
)
DETAILS = ({"type": "payment"},)
ACT = {"sub": "middle"}


def begin(provider: Provider, **parts: Any) -> TokenContext[None]:
    now = provider.clock.now()
    context = TokenContext[None](request=Request("POST"), server=provider.server, now=now)
    context.client = provider.store.clients[CLIENT.id]
    context.scope = frozenset({"email", OFFLINE_ACCESS})
    context.audience = ("https://api.example.com",)
    context.authorization_details = DETAILS
    begin_authorization(context, provider.store.users[ALICE.id], now + 100, **parts)
    return context


def test_what_is_stored() -> None:
    provider = Provider(STRICT_CLIENT, settings=Settings(ISSUER, pairwise_salt="salt"))
    provider.change_user(epoch=2)
    origins = begin(provider).authorization.grounds
    context = begin(provider, login=LOGIN, act=ACT, origins=origins)
    assert provider.store.authorizations[2] == NewAuthorization(
        client_id=CLIENT.id,
        user_id=ALICE.id,
        scope=frozenset({"email", OFFLINE_ACCESS}),
        redirect_uri="",
        session_hash=None,
        auth_time=1000,
        created_at=context.now,
        expires_at=context.now + 100,
        identifier=context.authorization.identifier,
        epoch=5,
        is_offline=True,
        audience=("https://api.example.com",),
        authorization_details=DETAILS,
        act=ACT,
        origins=(1,),
        acr="mfa",
        amr=("pwd", "otp", "mfa"),
    )


def test_the_request_goes_by_what_the_next_one_will_read() -> None:
    provider = Provider(STRICT_CLIENT, settings=Settings(ISSUER, pairwise_salt="salt"))
    provider.change_user(epoch=2)
    origins = begin(provider).authorization.grounds
    for parts in ({"login": LOGIN, "act": ACT, "origins": origins}, {"login": LOGIN}):
        authorization = begin(provider, **parts).authorization
        assert authorization == provider.store.find_authorization(authorization.identifier)


def test_without_a_login_nobody_was_there() -> None:
    provider = Provider(replace(STRICT_CLIENT, required_acr=None))
    begin(provider)
    (stored,) = provider.store.authorizations.values()
    assert (stored.auth_time, stored.acr, stored.amr) == (None, None, ())
