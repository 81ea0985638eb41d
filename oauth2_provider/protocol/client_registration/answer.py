"""What a client is told about its registration (RFC 7591 §3.2.1, RFC 7592 §3)."""

from __future__ import annotations

from typing import Any

from ..messages import Response
from ..settings import Settings
from .ports import Registration


def registration_answer(
    settings: Settings,
    registration: Registration,
    registration_token: str,
    *,
    secret: str | None = None,
    status: int = 200,
) -> Response:
    """:param secret: one that was just made; older ones are known to the client alone"""
    members: dict[str, Any] = {
        "client_id": registration.client_identifier,
        "client_id_issued_at": registration.issued_at,
        **registration.metadata,
        "registration_access_token": registration_token,
        "registration_client_uri": (
            f"{settings.issuer}/oauth2/register/{registration.client_identifier}"
        ),
    }
    if secret is not None:
        # RFC 7591 §3.2.1: beside a secret always; 0 stands for never.
        members |= {"client_secret": secret, "client_secret_expires_at": 0}
    return Response(status=status, json=members)
