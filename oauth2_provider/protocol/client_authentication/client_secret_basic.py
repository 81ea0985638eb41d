"""client_secret_basic: identifier and secret in the Authorization header (RFC 6749 §2.3.1)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from urllib.parse import unquote_plus

from ..messages import Request
from ..parts import ClientAuthenticationMethod, Credentials
from . import invalid_client
from .secrets import SERVES, verify_secret

_BASIC = re.compile(r"basic +([A-Za-z0-9+/]+=*)", re.I)


def present(request: Request) -> Credentials | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    found = _BASIC.fullmatch(header)
    if not found:
        raise invalid_client("malformed Authorization header")
    try:
        identifier, separator, secret = b64decode(found[1], validate=True).decode().partition(":")
        # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
        identifier, secret = (unquote_plus(half, errors="strict") for half in (identifier, secret))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise invalid_client("malformed Basic credentials") from error
    if not separator or "\0" in identifier:
        raise invalid_client("malformed Basic credentials")
    return Credentials(identifier, secret)


CLIENT_SECRET_BASIC = ClientAuthenticationMethod(
    "client_secret_basic", SERVES, present, verify_secret
)
