"""none: a public client names itself and proves nothing; PKCE protects its codes (RFC 6749 §2.1, RFC 7636)."""

from __future__ import annotations

from ..entities import Client
from ..messages import Request
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import Context

# Whoever brings one of these wants to prove something, so another method answers for it.
_PROOFS = ("client_secret", "client_assertion", "client_assertion_type")


def present(request: Request) -> Credentials | None:
    identifier = request.form.get("client_id")
    has_proof = "authorization" in request.headers or any(map(request.form.get, _PROOFS))
    if identifier is None or has_proof:
        return None
    return Credentials(identifier)


def verify(_context: Context, client: Client | None, _credentials: Credentials) -> bool:
    return client is not None


NONE = ClientAuthenticationMethod(
    "none", frozenset({"none"}), present, verify, rests_on_connection=True
)
