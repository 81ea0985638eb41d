"""response_mode jwt and its kin: the answer is a token that the server signed (JARM: JWT Secured Authorization
Response Mode for OAuth 2.0 §2.3).

A code in a query.jwt is as readable as a bare one: signed does not mean hidden.
"""

from __future__ import annotations

from dataclasses import replace

from ..jose.sign import sign
from ..parts import ResponseParameters
from ..server import Context
from .form_post import FORM_POST
from .fragment import FRAGMENT
from .query import QUERY

# JARM §2.1: ten minutes at most are recommended; a browser needs seconds.
LIFETIME = 600


def signed_response(context: Context, parameters: ResponseParameters) -> ResponseParameters:
    """The members of an answer as the one parameter that carries them, for the context's client alone (JARM §2.1)."""
    client = context.client
    claims = dict(parameters) | {
        "iss": context.settings.issuer,
        "aud": client.client_identifier,
        "exp": context.now + LIFETIME,
    }
    key = context.ports.signing_keys.signing_key(client.authorization_signed_response_alg)
    return (("response", sign(claims, key)),)


def named_mode(name: str, default: str) -> str:
    """What ``name`` stands for: ``jwt`` is the signed variant of the request's default (JARM §2.3.4)."""
    return f"{default}.jwt" if name == JWT.name else name


QUERY_JWT = replace(QUERY, name="query.jwt", is_signed=True)
FRAGMENT_JWT = replace(FRAGMENT, name="fragment.jwt", is_signed=True)
FORM_POST_JWT = replace(FORM_POST, name="form_post.jwt", is_signed=True)
JWT = replace(FRAGMENT_JWT, name="jwt")
