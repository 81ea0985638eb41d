"""grant_type authorization_code: a code, once, for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §2.1.1)."""

from __future__ import annotations

from .. import pkce
from ..entities.authorization import AuthorizationCode
from ..parts import Grant
from ..redirect_uri_matching import matches
from ..secret_hashing import hash_secret
from . import (
    TokenContext,
    check_authorization_is_live,
    invalid_grant,
    issue_tokens,
    refuse_replay,
    scope_still_allowed,
)
from .requested_access import narrow_access

CodeContext = TokenContext[AuthorizationCode]


def load_code(context: CodeContext) -> None:
    code_hash = hash_secret(context.parameter("code"))
    code = context.ports.authorizations.take_code(code_hash, context.client)
    if code is None:
        raise invalid_grant("unknown code")
    if code.authorization.client_id != context.client.id:
        # Somebody else's code: say nothing, and leave it to its owner.
        raise invalid_grant("the code belongs to another client")
    context.presented = code
    context.authorization = code.authorization
    context.nonce = code.authorization.nonce


def revoke_on_replay(context: CodeContext) -> None:
    """RFC 6749 §4.1.2."""
    if context.presented.is_replayed:
        refuse_replay(context, reason="code_replay", what="authorization code")


def check_code_is_fresh(context: CodeContext) -> None:
    if context.now >= context.presented.expires_at:
        raise invalid_grant("the code has expired")


def check_redirect_uri(context: CodeContext) -> None:
    """RFC 6749 §4.1.3: equal to the one of the authorization request, if that had one; and still the client's own."""
    sent = context.request.form.get("redirect_uri")
    used, client = context.presented.redirect_uri, context.client
    if sent != used and (sent is not None or context.presented.redirect_uri_was_sent):
        raise invalid_grant(
            f"redirect_uri differs: {used!r} in the authorization request, now {(sent or '')[:500]!r}"
        )
    if not matches(client.redirect_uris, used, any_loopback_port=client.is_native):
        # An administrator who takes an address away wants nothing that went there to be used.
        raise invalid_grant("the redirect_uri is no longer registered")


def check_code_verifier(context: CodeContext) -> None:
    """A verifier without a challenge is refused too: it shows that somebody cut the challenge out (RFC 9700 §4.8.2)."""
    verifier = context.request.form.get("code_verifier")
    challenge = context.presented.code_challenge
    if challenge is None and verifier is None:
        return
    if challenge is None or verifier is None or not pkce.verifies(verifier, challenge):
        raise invalid_grant("code_verifier does not fit the code_challenge")


def check_dpop_key(context: CodeContext) -> None:
    """RFC 9449 §10."""
    if context.presented.dpop_jkt not in (None, context.confirmation.jkt):
        raise invalid_grant("the code is bound to another DPoP key")


def load_scope(context: CodeContext) -> None:
    """After the search for replays: one must end the family also while its client may have nothing of the scope."""
    context.scope = scope_still_allowed(context, context.authorization.scope)


def use_up_code(context: CodeContext) -> None:
    context.ports.authorizations.mark_code_used(context.presented, context.now)
    context.record("token_issued", user=context.authorization.user)


AUTHORIZATION_CODE = Grant(
    "authorization_code",
    (
        load_code,
        revoke_on_replay,
        check_code_is_fresh,
        check_redirect_uri,
        check_code_verifier,
        check_dpop_key,
        check_authorization_is_live,
        load_scope,
        narrow_access,
        use_up_code,
        issue_tokens,
    ),
)
