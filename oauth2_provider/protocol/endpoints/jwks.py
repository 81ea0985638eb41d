"""The JWK Set: the public halves of our keys (RFC 7517 §5, OpenID Connect Discovery §3)."""

from __future__ import annotations

from ..parts import Endpoint
from ..request_checks import check_method
from ..server import Context
from .json_error import json_error
from .public_document import public_document


def answer_keys(context: Context) -> None:
    keys = [key.jwk for key in context.ports.signing_keys.published_keys()]
    context.response = public_document(context.request, {"keys": keys})


JWKS = Endpoint(
    context=Context,
    steps=(check_method("GET", "HEAD"), answer_keys),
    error_response=json_error,
)
