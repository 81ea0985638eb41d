"""Who takes part in the sequences, and what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakes.assertions import jwk, jwk_set
from fakes.openid import OPENID_CLIENT
from fakes.provider import ISSUER
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT, ROBOT, SECRET, SERVICE_CLIENT
from hypothesis import strategies
from protocol.entities.client import Client
from protocol.entities.end_user import TrustedIssuer
from protocol.grants.device_code import GRANT_TYPE as DEVICE
from protocol.grants.jwt_bearer import GRANT_TYPE as JWT_BEARER
from protocol.grants.token_exchange import GRANT_TYPE as EXCHANGE
from protocol.security_profiles import PROFILES


class Actor(Client):
    """A client that a failed sequence names in one word."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(self.client_identifier.upper())


def actor(client: Client, **changes: Any) -> Actor:
    return Actor(**vars(replace(client, **changes)))


WEB = actor(
    CLIENT, grant_types=PROFILES["oauth21"].grant_types - {JWT_BEARER}, service_user_id=ROBOT.id
)
NATIVE = actor(NATIVE_CLIENT, grant_types=NATIVE_CLIENT.grant_types | {DEVICE})
ODOO = actor(ODOO_CLIENT)
# Hybrid flows, no PKCE, and access tokens that are stored nowhere.
CLASSIC = actor(
    OPENID_CLIENT,
    id=4,
    client_identifier="classic",
    redirect_uris=("https://classic.example.com/cb",),
    access_token_format="jwt",
)
SERVICE = actor(
    SERVICE_CLIENT,
    id=5,
    client_identifier="service",
    grant_types=frozenset({"client_credentials", EXCHANGE, JWT_BEARER}),
    exchange_client_ids=frozenset({WEB.id, NATIVE.id, CLASSIC.id}),
)
# It may look at everybody's access tokens, and shows the machine which of them live.
RESOURCE_SERVER = actor(
    CLIENT,
    id=6,
    client_identifier="api",
    redirect_uris=(),
    grant_types=frozenset(),
    served_resources=frozenset({ISSUER}),
)
BROWSED = (WEB, NATIVE, CLASSIC, ODOO)
CLIENTS = (*BROWSED, SERVICE, RESOURCE_SERVER)
PARTNER = TrustedIssuer("https://partner.example", jwks=jwk_set(jwk("ES256")))

OF_A_LOGIN = frozenset({"openid", "offline_access"})
SCOPES = ("openid", "openid email", "openid profile email", "email", "email offline_access")
FORBIDDEN_SCOPES = ("openid phone", "admin")
RESPONSE_TYPES = {
    WEB: ("code",),
    NATIVE: ("code",),
    ODOO: ("token",),
    CLASSIC: ("code", "code token", "code id_token token"),
}
VERIFIERS = ("v" * 43, "w" * 43)
FOREIGN_ADDRESSES = (
    "https://app.example.com/cb/../evil",
    "https://app.example.com.evil.example/cb",
    "https://evil.example/cb",
    "javascript:alert(1)",
    "//evil.example",
)

# What goes right most of the time, so that sequences get far.
MOSTLY = strategies.sampled_from((True, True, True, False))
SOME_SCOPE = strategies.sampled_from(SCOPES[:3] * 2 + SCOPES + FORBIDDEN_SCOPES)
SOME_BROWSED = strategies.sampled_from(BROWSED)
# Which of what there is, counted from the latest.
WHICH = strategies.integers(0, 12)


def form_of(client: Client, **members: str) -> dict[str, str]:
    """The form of a client that proves itself; what is empty is left out."""
    secret = {"client_secret": SECRET} if client.secrets else {}
    sent = {name: value for name, value in members.items() if value}
    return {"client_id": client.client_identifier, **secret, **sent}


def other_than(client: Client) -> Client:
    return NATIVE if client is WEB else WEB
