"""none: a public client names itself and proves nothing; PKCE protects its codes (RFC 6749 §2.1, RFC 7636)."""

from __future__ import annotations

from ..entities.client import Client
from ..messages import Request
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import Context


def present(request: Request) -> Credentials | None:
    """Whoever brings a proof, too, is left to the method of that proof: this one rests on the connection."""
    identifier = request.form.get("client_id")
    return None if identifier is None else Credentials(identifier)


def verify(_context: Context, client: Client | None, _credentials: Credentials) -> bool:
    return client is not None


NONE = ClientAuthenticationMethod(
    "none", frozenset({"none"}), present, verify, rests_on_connection=True
)
