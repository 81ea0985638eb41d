"""code_challenge and code_challenge_method of the authorization request (RFC 7636 §4.3, RFC 9700 §2.1.1)."""

from __future__ import annotations

from .. import pkce
from ..errors import OAuthError
from . import AuthorizationContext


def check_code_challenge(context: AuthorizationContext) -> None:
    """Every code is bound to a verifier; an absent method means plain, which is not offered."""
    if "code" not in context.response_type:
        return
    challenge = context.parameters.get("code_challenge")
    if challenge is None and _may_do_without(context):
        return
    if challenge is None:
        raise OAuthError("invalid_request", "code_challenge is missing: this client must use PKCE.")
    if context.parameters.get("code_challenge_method") not in pkce.METHODS:
        raise OAuthError("invalid_request", "code_challenge_method must be S256.")
    if not pkce.is_challenge(challenge):
        raise OAuthError("invalid_request", "code_challenge is malformed.")
    context.code_challenge = challenge


def _may_do_without(context: AuthorizationContext) -> bool:
    """A method without challenge shows that somebody cut the challenge out (RFC 9700 §4.8.2)."""
    client = context.client
    is_plain_request = context.parameters.get("code_challenge_method") is None
    return client.profile.pkce_is_optional and not client.is_public and is_plain_request
