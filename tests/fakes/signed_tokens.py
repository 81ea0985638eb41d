"""Each kind of token that somebody else signs and we read: what a right one says, and where it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from fakes.assertions import KEY_CLIENT, assertion_form, claims, client_key, jwk, jwk_set
from fakes.clock import START
from fakes.openid import OPENID_CLIENT, openid_request
from fakes.proofs import proof, public_jwk
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT, SERVICE_CLIENT
from fakes.signing_keys import signing_key
from fakes.wire import basic, code_exchange, code_request, query_of, tokens_of
from jwt.algorithms import get_default_algorithms
from protocol.entities.client import Client
from protocol.entities.end_user import TrustedIssuer
from protocol.grants.jwt_bearer import GRANT_TYPE
from protocol.jose.algorithms import encode
from protocol.jose.keys import SigningKey
from protocol.messages import Parameters, Request, Response

GOODBYE = "https://app.example.com/goodbye"
PARTNER = TrustedIssuer("https://partner.example", jwks=jwk_set(jwk("ES256")))
JWKS = KEY_CLIENT.jwks
PLAIN = replace(OPENID_CLIENT, jwks=JWKS, post_logout_redirect_uris=(GOODBYE,))
STRICT = replace(CLIENT, jwks=JWKS, require_signed_request_object=True)
OWN_KEY = client_key("ES256")
SERVER_KEY = signing_key("ES256")
_TIMES = {"exp": START + 60, "iat": START, "nbf": START}
_OBJECT = {"iss": "web", "aud": ISSUER, "jti": "1", **_TIMES}
_HINT = {"iss": ISSUER, "sub": ALICE.public_subject, "aud": "web", "sid": "", **_TIMES}


def compact(header: Mapping[str, Any], content: bytes, key: SigningKey) -> str:
    """A token with a right signature, whatever it says."""
    message = f"{encode(json.dumps(header).encode())}.{encode(content)}"
    algorithm = get_default_algorithms()[key.public.algorithm]
    return f"{message}.{encode(algorithm.sign(message.encode(), key.private))}"


@dataclass(frozen=True)
class Kind:
    """``right``: the claims of a right one at a provider of this client. ``accepted``: what is answered to it."""

    client: Client
    right: Callable[[Provider], dict[str, Any]]
    send: Callable[[Provider, str], Response]
    accepted: Callable[[Response], bool] = lambda response: response.status in (200, 201)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "ES256"})
    key: SigningKey = OWN_KEY

    def provider(self) -> Provider:
        provider = Provider(self.client)
        provider.issuers.trusted[PARTNER] = {self.client.id}
        provider.log_in()
        return provider


def _proof_claims(method: str, path: str) -> dict[str, Any]:
    return {"jti": "1", "htm": method, "htu": ISSUER + path, "nonce": "x", **_TIMES}


def _bound_token(provider: Provider) -> str:
    address = f"{ISSUER}/oauth2/token"
    headers = basic() | {"dpop": proof("POST", address, START, key=OWN_KEY)}
    form = code_exchange(provider.get_code())
    return str(tokens_of(provider.post_token(form, headers, path="/oauth2/token"))["access_token"])


def _proof_for_userinfo(provider: Provider) -> dict[str, Any]:
    digest = sha256(_bound_token(provider).encode()).digest()
    return _proof_claims("GET", "/oauth2/userinfo") | {"ath": encode(digest)}


def _read_userinfo(provider: Provider, token: str) -> Response:
    # The provider's randomness is counted, so the token of a fresh one is always the same.
    bound = _bound_token(Provider(CLIENT))
    headers = {"authorization": f"DPoP {bound}", "dpop": token}
    request = Request("GET", path="/oauth2/userinfo", headers=headers)
    return provider.server.handle("userinfo", request)


def _is_going_on(response: Response) -> bool:
    return (response.location or "").startswith("/oauth2/authorize/continue")


def _ask_with_hint(provider: Provider, hint: str) -> Response:
    provider.agree(openid_request())
    request = openid_request(prompt="none", id_token_hint=hint)
    response = provider.ask(request)
    return provider.go_on(query_of(response)["rid"]) if _is_going_on(response) else response


def _log_out(provider: Provider, hint: str) -> Response:
    sent = {"id_token_hint": hint, "post_logout_redirect_uri": GOODBYE}
    request = Request("GET", query=Parameters(tuple(sent.items())))
    response = provider.server.handle("end_session", request)
    if response.location is None:
        return response
    rid = Parameters((("rid", query_of(response)["rid"]),))
    return provider.server.handle("end_session_continue", Request("GET", query=rid))


def _bear(provider: Provider, assertion: str) -> Response:
    return provider.post_token({"grant_type": GRANT_TYPE, "assertion": assertion})


PROOF_HEADER = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public_jwk(OWN_KEY)}
KINDS = {
    "DPoP proof": Kind(
        CLIENT,
        lambda _provider: _proof_claims("POST", "/oauth2/par"),
        lambda provider, token: provider.push(code_request(), basic() | {"dpop": token}),
        header=PROOF_HEADER,
    ),
    "DPoP proof at a resource": Kind(
        CLIENT, _proof_for_userinfo, _read_userinfo, header=PROOF_HEADER
    ),
    "request object": Kind(
        PLAIN,
        lambda _provider: {**openid_request(), "claims": {}, "max_age": 9, **_OBJECT},
        lambda provider, token: provider.ask({"client_id": "web", "request": token}),
        _is_going_on,
    ),
    "strict request object": Kind(
        STRICT,
        lambda _provider: {**code_request(), **_OBJECT},
        lambda provider, token: provider.ask({"client_id": "web", "request": token}),
        _is_going_on,
    ),
    "pushed request object": Kind(
        PLAIN,
        lambda _provider: {**openid_request(), "authorization_details": [], **_OBJECT},
        lambda provider, token: provider.push({"client_id": "web", "request": token}),
    ),
    "client assertion": Kind(
        KEY_CLIENT,
        lambda _provider: claims(nbf=START),
        lambda provider, token: provider.push(code_request() | assertion_form(token), {}),
    ),
    "assertion of a trusted issuer": Kind(
        replace(SERVICE_CLIENT, grant_types=frozenset({GRANT_TYPE})),
        lambda _provider: {**_OBJECT, "iss": PARTNER.issuer, "sub": "alice"},
        _bear,
    ),
    "hint at the authorization endpoint": Kind(
        replace(PLAIN, is_trusted=True),
        lambda _provider: _HINT,
        _ask_with_hint,
        lambda response: "code" in query_of(response),
        key=SERVER_KEY,
    ),
    "hint at the logout": Kind(
        PLAIN,
        lambda _provider: {name: value for name, value in _HINT.items() if name != "sid"},
        _log_out,
        lambda response: response.location == GOODBYE,
        key=SERVER_KEY,
    ),
}
