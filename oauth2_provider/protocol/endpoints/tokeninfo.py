"""What an access token is and for whom: not a standard, but what Odoo and older clients validate tokens with."""

from __future__ import annotations

from ..claims import released_claims
from ..messages import Response
from ..parts import Endpoint
from ..request_checks import check_method
from ..scope import format_scope
from .json_error import json_error
from .protected_resource import (
    ResourceContext,
    check_client_of_address,
    client_members,
    load_access_token,
    subject_of_token,
)


def answer_token_description(context: ResourceContext) -> None:
    token = context.access_token
    claims = released_claims(token.authorization.user, token.scope & {"profile", "email"})
    named = {name: claims[name] for name in ("email", "name") if name in claims}
    context.response = Response(
        json={"sub": subject_of_token(context)}
        | named
        | client_members(context)
        | {
            "scope": format_scope(token.scope),
            "expires_in": token.expires_at - context.now,
        }
    )


TOKENINFO = Endpoint(
    context=ResourceContext,
    steps=(
        check_method("GET", "POST"),
        load_access_token,
        check_client_of_address,
        answer_token_description,
    ),
    error_response=json_error,
)
