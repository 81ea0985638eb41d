"""client_secret_post: identifier and secret in the form body (RFC 6749 §2.3.1)."""

from __future__ import annotations

from ..messages import Request
from ..parts import ClientAuthenticationMethod, Credentials
from .secrets import SERVES, verify_secret


def present(request: Request) -> Credentials | None:
    secret = request.form.get("client_secret")
    if secret is None:
        return None
    # Without client_id nobody is found; refusing here would hide that another method is used beside this one.
    return Credentials(request.form.get("client_id") or "", secret)


CLIENT_SECRET_POST = ClientAuthenticationMethod(
    "client_secret_post", SERVES, present, verify_secret
)
