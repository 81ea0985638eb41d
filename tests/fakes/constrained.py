"""Clients whose tokens are bound to a key, and the requests that they send with proofs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT, NATIVE_CLIENT
from fakes.wire import basic, code_exchange, code_request
from protocol.jose.keys import SigningKey
from protocol.messages import Request, Response

TOKEN_ADDRESS = f"{ISSUER}/oauth2/token"
USERINFO_ADDRESS = f"{ISSUER}/oauth2/userinfo"
DPOP_CLIENT = replace(CLIENT, dpop_bound_access_tokens=True)
NATIVE_REQUEST = code_request(client_id="native", redirect_uri="http://127.0.0.1/cb")
REFRESHING_NATIVE_CLIENT = replace(
    NATIVE_CLIENT, grant_types=frozenset({"authorization_code", "refresh_token"})
)


def redeem(provider: Provider, code: str, text: str | None = None, **parts: Any) -> Response:
    """Redeem a code of ``CLIENT`` with a proof, by default a right one."""
    if text is None:
        text = proof("POST", TOKEN_ADDRESS, provider.clock.now())
    headers = basic() | {"dpop": text}
    return provider.post_token(code_exchange(code), headers, path="/oauth2/token", **parts)


def userinfo(
    provider: Provider,
    token: str,
    text: str | None = "",
    *,
    scheme: str = "DPoP",
    key: SigningKey | None = None,
    **parts: Any,
) -> Response:
    """Use a token at UserInfo with a proof: by default a right one, None for none."""
    headers = {"authorization": f"{scheme} {token}"}
    if text == "":
        text = proof("GET", USERINFO_ADDRESS, provider.clock.now(), access_token=token, key=key)
    if text is not None:
        headers["dpop"] = text
    request = Request("GET", path="/oauth2/userinfo", headers=headers)
    return provider.server.handle("userinfo", replace(request, **parts))
