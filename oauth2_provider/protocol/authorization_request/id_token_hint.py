"""id_token_hint of the authorization request: whom the client expects (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from ..jose.verify import InvalidToken, audiences, verify
from . import AuthorizationContext
from .prompt import prompts


def load_hinted_subjects(context: AuthorizationContext) -> None:
    """Besides by the hint, the claims parameter can name the end-user (OpenID Connect Core §5.5.1)."""
    subjects = context.claims.subjects
    hint = context.parameters.get("id_token_hint")
    if hint is not None:
        subjects |= _subject_of(context, hint)
    context.hinted_subjects = subjects


def _subject_of(context: AuthorizationContext, hint: str) -> frozenset[str]:
    """An expired token still says who it was; one that we did not give to this client says nothing."""
    try:
        claims = verify(hint, context.ports.signing_keys.published_keys())
    except InvalidToken:
        claims = {}
    is_ours = claims.get("iss") == context.settings.issuer
    if is_ours and context.client.client_identifier in audiences(claims) and "sub" in claims:
        return frozenset({claims["sub"]})
    if "none" in prompts(context):
        raise OAuthError("login_required", "The id_token_hint is not an ID token of this client.")
    return frozenset()
