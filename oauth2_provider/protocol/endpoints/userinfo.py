"""The UserInfo endpoint (OpenID Connect Core §5.3), and the same at an address per client."""

from __future__ import annotations

from typing import Any

from ..claims import released_claims
from ..interaction_id import echo_interaction_id
from ..jose.sign import sign
from ..messages import Response
from ..own_claims import claims_document
from ..parts import Endpoint
from ..request_checks import check_method
from ..security_profiles import PROFILES
from .json_error import json_error
from .protected_resource import (
    ResourceContext,
    check_client_of_address,
    check_openid_scope,
    check_token_place,
    client_members,
    load_access_token,
    load_access_token_also_from_query,
    subject_of_token,
)


def answer_claims(context: ResourceContext) -> None:
    """Claims of the scope and those asked for by name; signed for clients that are registered so."""
    token = context.access_token
    authorization = token.authorization
    claims = {"sub": subject_of_token(context)}
    claims |= released_claims(authorization.user, token.scope, authorization.claims.userinfo)
    claims |= _own_claims(context)
    if PROFILES[authorization.security_profile].userinfo_names_client:
        claims |= client_members(context)
    algorithm = authorization.userinfo_signed_response_alg
    if algorithm is None:
        context.response = Response(json=claims)
        return
    # OpenID Connect Core §5.3.2: a signed answer says who gives it and for whom.
    envelope = {"iss": context.settings.issuer, "aud": authorization.client_identifier}
    key = context.ports.signing_keys.signing_key(algorithm)
    context.response = Response(jwt=sign(claims | envelope, key))


def _own_claims(context: ResourceContext) -> dict[str, Any]:
    """What an administrator made for this client; nobody else's token pays for it."""
    authorization = context.access_token.authorization
    if not authorization.has_own_claims:
        return {}
    claims = context.ports.end_users.own_claims(authorization.user, authorization.client_id)
    wanted = [claim for claim in claims if claim.in_userinfo]
    return claims_document(wanted, context.access_token.scope | authorization.claims.own_scope)


USERINFO = Endpoint(
    context=ResourceContext,
    steps=(
        echo_interaction_id,
        check_method("GET", "POST"),
        load_access_token,
        check_client_of_address,
        check_openid_scope,
        answer_claims,
    ),
    error_response=json_error,
)

CLIENT_USERINFO = Endpoint(
    context=ResourceContext,
    steps=(
        echo_interaction_id,
        check_method("GET", "POST"),
        load_access_token_also_from_query,
        check_client_of_address,
        check_token_place,
        check_openid_scope,
        answer_claims,
    ),
    error_response=json_error,
)
