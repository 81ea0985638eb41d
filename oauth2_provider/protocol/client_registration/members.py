"""The members of client metadata and what each may hold (RFC 7591 §2, OpenID Connect Registration §2)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..jose.algorithms import ALGORITHMS
from ..jose.jwk_set import load_jwk_set
from ..outbound_policy import destination_of
from ..redirect_uri_matching import check_registrable
from ..scope import format_scope, parse_scope
from ..subject import SUBJECT_TYPES
from .sender import CERTIFICATE_NAMES

MAXIMUM_ITEMS = 30
MAXIMUM_TEXT = 2000
MAXIMUM_NAME = 100
_MAXIMUM_SECONDS = 10 * 365 * 86400
_CONTROL = re.compile("[\0-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Returns the value to register; raises ValueError with a sentence for the client.
Reader = Callable[[Any], Any]


def _text(maximum: int = MAXIMUM_TEXT) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > maximum:
            raise ValueError(f"must be a text of 1 to {maximum} characters")
        if _CONTROL.search(value):
            # Some of them turn around what follows, so that a name could look like another one.
            raise ValueError("holds a forbidden character")
        return value.strip()

    return read


def _list_of(read_item: Reader, *, minimum: int = 0) -> Reader:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or not minimum <= len(value) <= MAXIMUM_ITEMS:
            raise ValueError(f"must be a list of {minimum} to {MAXIMUM_ITEMS} values")
        return list(dict.fromkeys(read_item(item) for item in value))

    return read


def _one_of(values: Iterable[str]) -> Reader:
    allowed = tuple(values)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return read


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _seconds(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MAXIMUM_SECONDS:
        raise ValueError("must be a whole number of seconds")
    # Zero would be stored like nothing; a second is as good.
    return max(value, 1)


def _https(value: Any) -> str:
    """An address of the web, for people or for this server."""
    address = str(_text()(value))
    destination_of(address)
    return address


def _https_page(value: Any) -> str:
    """One that is put into a page, so that nothing in it may be read in two ways."""
    address = _https(value)
    check_registrable(address, application_type="web", local_development=False)
    return address


def _jwks(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be a JWK Set")
    load_jwk_set(json.dumps(value))
    return value


def _response_type(value: Any) -> str:
    """OAuth 2.0 Multiple Response Types §3: the order of the words does not matter."""
    words = str(_text(100)(value)).split(" ")
    order = ("code", "id_token", "token")
    return " ".join(sorted(words, key=lambda word: order.index(word) if word in order else 9))


def _scope(value: Any) -> str:
    if value == "":
        return ""
    return format_scope(parse_scope(str(_text()(value))))


# Checked by itself, as its errors have a code of their own and its rules depend on other members.
REDIRECT_URIS: Reader = _list_of(_text(), minimum=1)

MEMBERS: Mapping[str, Reader] = {
    "response_types": _list_of(_response_type, minimum=1),
    "grant_types": _list_of(_text(100), minimum=1),
    "application_type": _one_of(("web", "native")),
    "token_endpoint_auth_method": _text(50),
    "client_name": _text(MAXIMUM_NAME),
    "scope": _scope,
    "client_uri": _https_page,
    "logo_uri": _https,
    "policy_uri": _https_page,
    "tos_uri": _https_page,
    "contacts": _list_of(_text(200)),
    "software_id": _text(200),
    "software_version": _text(200),
    "jwks": _jwks,
    "jwks_uri": _https,
    "sector_identifier_uri": _https,
    "subject_type": _one_of(SUBJECT_TYPES),
    "id_token_signed_response_alg": _one_of(ALGORITHMS),
    "userinfo_signed_response_alg": _one_of(ALGORITHMS),
    "request_object_signing_alg": _one_of(ALGORITHMS),
    "authorization_signed_response_alg": _one_of(ALGORITHMS),
    "introspection_signed_response_alg": _one_of(ALGORITHMS),
    "token_endpoint_auth_signing_alg": _one_of(ALGORITHMS),
    "default_max_age": _seconds,
    "require_auth_time": _boolean,
    "default_acr_values": _list_of(_text(200)),
    "initiate_login_uri": _https,
    "request_uris": _list_of(_https),
    "require_signed_request_object": _boolean,
    "require_pushed_authorization_requests": _boolean,
    "dpop_bound_access_tokens": _boolean,
    "tls_client_certificate_bound_access_tokens": _boolean,
    **{name: _text(500) for name in CERTIFICATE_NAMES},
    "authorization_details_types": _list_of(_text(100)),
    "post_logout_redirect_uris": _list_of(_text()),
    "frontchannel_logout_uri": _https_page,
    "frontchannel_logout_session_required": _boolean,
    "backchannel_logout_uri": _https,
    "backchannel_logout_session_required": _boolean,
}
# Addresses that this server itself will connect to.
FETCHED = ("jwks_uri", "logo_uri", "sector_identifier_uri", "backchannel_logout_uri")
# A client that asks for encryption must not be left to believe that it gets it.
REFUSED = (
    *(
        f"{what}_encrypted_response_{which}"
        for what in ("id_token", "userinfo", "authorization", "introspection")
        for which in ("alg", "enc")
    ),
    "request_object_encryption_alg",
    "request_object_encryption_enc",
)
