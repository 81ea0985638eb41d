"""The clients and the person that most tests are about."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from protocol.entities.client import Client, ClientSecret
from protocol.entities.end_user import EndUser

SECRET = "a-client-secret"

CLIENT = Client(
    id=1,
    client_identifier="web",
    name="Web application",
    secrets=(ClientSecret(1, sha256(SECRET.encode()).hexdigest()),),
    redirect_uris=("https://app.example.com/cb",),
    grant_types=frozenset({"authorization_code", "refresh_token"}),
    scope=frozenset({"openid", "profile", "email"}),
)
ODOO_CLIENT = replace(
    CLIENT,
    id=2,
    client_identifier="other-odoo",
    security_profile="odoo_login",
    redirect_uris=("https://odoo.example.com/auth_oauth/signin",),
    response_types=frozenset({"token"}),
    grant_types=frozenset({"implicit"}),
    access_token_lifetime=120,
)
NATIVE_CLIENT = replace(
    CLIENT,
    id=3,
    client_identifier="native",
    application_type="native",
    token_endpoint_auth_method="none",
    secrets=(),
    redirect_uris=("http://127.0.0.1/cb", "com.example.app:/cb"),
)
ALICE = EndUser(
    id=7,
    public_subject="5f0c",
    name="Alice",
    login="alice",
    claims={"name": "Alice", "email": "alice@example.com", "email_verified": True},
)
ROBOT = EndUser(id=8, public_subject="r0b0", name="Nightly import", login="robot")
SERVICE_CLIENT = replace(
    CLIENT,
    redirect_uris=(),
    grant_types=frozenset({"client_credentials", "refresh_token"}),
    service_user_id=ROBOT.id,
)
