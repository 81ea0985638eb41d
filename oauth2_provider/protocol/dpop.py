"""DPoP: a request proves, by a fresh signature over itself, that its sender holds a key (RFC 9449)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from .errors import OAuthError
from .jose.algorithms import encode
from .jose.proof_of_possession import verify_with_own_key
from .jose.sign import sign
from .jose.verify import InvalidToken, verify
from .secret_hashing import is_same_hash
from .server import AuthorizationServer, Context
from .web_address import is_same_address

# RS256 is left out: FAPI 2.0 Security Profile §5.4 forbids it, and a client that can do DPoP can do better.
ALGORITHMS = ("PS256", "ES256", "EdDSA")
# Seconds that a proof is good for, and that a client's clock may be ahead of ours (RFC 9449 §11.1).
PROOF_LIFETIME = 60
CLOCK_TOLERANCE = 30
NONCE_LIFETIME = 300
REPLAY_KIND = "dpop_proof"
_NONCE_TYPE = "dpop-nonce+jwt"
_NONCE_ALGORITHM = "ES256"
_MAXIMUM_JTI_LENGTH = 256


def prove_key(context: Context, *, access_token: str | None = None) -> str | None:
    """The thumbprint of the key that the request proves; None if it does not try to, or DPoP is switched off.

    :param access_token: which the request comes with, so that the proof must be made for it
    :raises OAuthError: invalid_dpop_proof; use_dpop_nonce if the proof needs a nonce from us (RFC 9449 §8)
    """
    proof = context.request.headers.get("dpop")
    if proof is None or not context.settings.dpop:
        return None
    try:
        claims, jkt = verify_with_own_key(proof, typ="dpop+jwt", algorithms=ALGORITHMS)
    except InvalidToken as error:
        # A second header arrives joined to the first one, which makes no token either.
        raise _invalid_proof(str(error)) from error
    _check_request(context, claims)
    _check_time(context, claims)
    _check_access_token(claims, access_token)
    _check_nonce(context, claims)
    _use_up(context, claims, jkt)
    return jkt


def _invalid_proof(detail: str) -> OAuthError:
    return OAuthError("invalid_dpop_proof", detail=detail)


def _check_request(context: Context, claims: Mapping[str, Any]) -> None:
    """RFC 9449 §4.3, 8 and 9: our addresses come from the configuration, never from what the request says."""
    if claims.get("htm") != context.request.method:
        raise _invalid_proof("htm is another method")
    htu, path = claims.get("htu"), context.request.path
    own = [issuer + path for issuer in context.settings.addresses]
    if not isinstance(htu, str) or not any(is_same_address(htu, address) for address in own):
        raise _invalid_proof("htu is another address")


def _check_time(context: Context, claims: Mapping[str, Any]) -> None:
    issued_at, now = claims.get("iat"), context.now
    if issued_at is None or not -PROOF_LIFETIME <= issued_at - now <= CLOCK_TOLERANCE:
        raise _invalid_proof("iat is missing or not of this minute")
    if now >= claims.get("exp", now + 1) or claims.get("nbf", now) - now > CLOCK_TOLERANCE:
        raise _invalid_proof("the proof is expired or not yet valid")


def _check_access_token(claims: Mapping[str, Any], access_token: str | None) -> None:
    if access_token is None:
        return
    ath = claims.get("ath")
    expected = encode(sha256(access_token.encode("utf-8", "surrogatepass")).digest())
    if not isinstance(ath, str) or not ath.isascii() or not is_same_hash(ath, expected):
        raise _invalid_proof("ath is missing or of another access token")


def _check_nonce(context: Context, claims: Mapping[str, Any]) -> None:
    if not context.settings.dpop_nonces:
        return
    # RFC 9449 §8.2: every answer brings the next one, so that a client need never be refused.
    context.answer_headers.append(("DPoP-Nonce", _new_nonce(context)))
    if not _is_own_nonce(context, claims.get("nonce")):
        raise OAuthError("use_dpop_nonce")


def _new_nonce(context: Context) -> str:
    """Signed, so that every worker knows it again without anybody keeping it."""
    key = context.ports.signing_keys.signing_key(_NONCE_ALGORITHM)
    return sign({"exp": context.now + NONCE_LIFETIME}, key, typ=_NONCE_TYPE)


def _is_own_nonce(context: Context, nonce: object) -> bool:
    if not isinstance(nonce, str):
        return False
    try:
        claims = verify(nonce, context.ports.signing_keys.published_keys(), types=(_NONCE_TYPE,))
    except InvalidToken:
        return False
    return context.now < int(claims["exp"])


def _use_up(context: Context, claims: Mapping[str, Any], jkt: str) -> None:
    """RFC 9449 §11.1. The key is part of the name, so that nobody can use up the names of others."""
    jti = claims.get("jti")
    if not jti or len(jti) > _MAXIMUM_JTI_LENGTH:
        raise _invalid_proof("jti is missing or too long")
    end = context.now + PROOF_LIFETIME + CLOCK_TOLERANCE + 1
    if not context.ports.replays.use_once(REPLAY_KIND, f"{jkt}:{jti}", end):
        raise _invalid_proof("the proof was used before")


def dpop_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """RFC 9449 §5.1."""
    return {"dpop_signing_alg_values_supported": list(ALGORITHMS) if server.settings.dpop else []}
