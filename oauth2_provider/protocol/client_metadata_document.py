"""Client ID Metadata Documents: a client_id that is the address of the client's own metadata
(draft-ietf-oauth-client-id-metadata-document-01).

Such a document is written once for all servers, so what it wishes for beyond our offer is left out, where a
registration would be refused. What it must never say is refused all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from .client_registration.members import MEMBERS, REFUSED
from .client_registration.metadata import Offer, invalid_metadata, is_native_address, read_metadata
from .client_registration.sender import CERTIFICATE_NAMES
from .outbound_policy import destination_of
from .ports import Document
from .strict_json import parse_object

SCHEME = "https://"
MAXIMUM_ADDRESS_LENGTH = 500
# What the draft recommends (§6.6).
MAXIMUM_LENGTH = 5120
# Nobody shares a secret with somebody who has never been here (§4.1).
METHODS = ("private_key_jwt", "none")
# For how long a document is believed, whatever its server says of caching (§4.4).
DEFAULT_LIFETIME = 3600
MINIMUM_LIFETIME = 60
MAXIMUM_LIFETIME = 86400
_JSON = re.compile(r"application/(?:[a-z0-9.!#$&^_-]+\+)?json")
_ADDRESS = re.compile(
    r"https://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
    r"((?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+)"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+)?"
)
_SECRETS = ("client_secret", "client_secret_expires_at")
# The others would have this server call, or redirect to, further addresses that nobody has looked at.
_MEMBERS = (MEMBERS.keys() | {"redirect_uris", *REFUSED}) - {
    "request_uris",
    "sector_identifier_uri",
    "subject_type",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
    "initiate_login_uri",
    *CERTIFICATE_NAMES,
}


def is_document_address(client_identifier: str) -> bool:
    """Whether it is meant to be one; identifiers that we make or administrators choose never are."""
    return client_identifier.startswith(SCHEME)


def check_address(address: str) -> str:
    """The host of a client identifier that is an address (§3).

    :raises ValueError: if it is not written in the one way in which such an address may be
    """
    found = _ADDRESS.fullmatch(address)
    if len(address) > MAXIMUM_ADDRESS_LENGTH or not found:
        raise ValueError("The client_id is not the address of a document.")
    for segment in found[1].split("/")[1:-1]:
        if not segment:
            raise ValueError("The path of the client_id has an empty part.")
    plain = re.sub("%2e", ".", found[1], flags=re.I)
    if {".", ".."} & set(plain.split("/")) or re.search("%(?:2f|5c|00)", plain, re.I):
        raise ValueError("The path of the client_id can be read in two ways.")
    return destination_of(address).host


def read_document(address: str, document: Document, offer: Offer) -> dict[str, Any]:
    """The metadata of the client, as it can be registered here.

    :raises ValueError: if there is no document of that client
    :raises OAuthError: invalid_redirect_uri or invalid_client_metadata
    """
    if document.status != 200:
        raise ValueError("There is no document at its address.")
    if not _JSON.fullmatch(document.content_type):
        raise ValueError("The document is not JSON by its Content-Type.")
    sent = parse_object(document.body.decode("utf-8"), maximum_length=MAXIMUM_LENGTH)
    if sent.get("client_id") != address:
        raise ValueError("The client_id of the document is not its address.")
    if found := [name for name in _SECRETS if name in sent]:
        raise invalid_metadata(f"A public document cannot hold {found[0]}.")
    wished = {name: value for name, value in sent.items() if name in _MEMBERS}
    wished["token_endpoint_auth_method"] = _method(sent, offer)
    _leave_out(wished, "response_types", offer.response_types)
    _leave_out(wished, "grant_types", offer.grant_types)
    _leave_out_scope(wished, offer)
    _set_application_type(wished)
    return read_metadata(wished, replace(offer, methods=METHODS))


def lifetime_of(document: Document) -> int:
    """Seconds for which the document is believed."""
    said = DEFAULT_LIFETIME if document.freshness is None else document.freshness
    return min(max(said, MINIMUM_LIFETIME), MAXIMUM_LIFETIME)


def _method(sent: Mapping[str, Any], offer: Offer) -> str:
    """What it chose; if we do not have that, the best of what else it can do (OpenID Connect Relying Party Metadata
    Choices 1.0)."""
    chosen = sent.get("token_endpoint_auth_method")
    possible = sent.get("token_endpoint_auth_methods_supported")
    choices = possible if isinstance(possible, list) else []
    allowed = [method for method in METHODS if method in offer.methods]
    if isinstance(chosen, str) and chosen.startswith("client_secret"):
        raise invalid_metadata("A client of a public document has no secret.")
    if chosen is None and not choices:
        return "none"
    if chosen in allowed:
        return str(chosen)
    for method in allowed:
        if method in choices:
            return method
    raise invalid_metadata("token_endpoint_auth_method is not supported.")


def _leave_out(wished: dict[str, Any], name: str, offered: Collection[str]) -> None:
    """Keep what is offered; what is no list at all is left for the refusal."""
    if isinstance(wished.get(name), list):
        allowed = tuple(offered)
        wished[name] = [value for value in wished[name] if value in allowed]


def _leave_out_scope(wished: dict[str, Any], offer: Offer) -> None:
    if isinstance(wished.get("scope"), str):
        words = wished["scope"].split()
        wished["scope"] = " ".join(word for word in words if word in offer.scope)


def _set_application_type(wished: dict[str, Any]) -> None:
    """Programs on people's computers list loopback addresses beside one on the web, and do not say what they are."""
    uris = wished.get("redirect_uris")
    if "application_type" in wished or not isinstance(uris, list):
        return
    if any(isinstance(uri, str) and is_native_address(uri) for uri in uris):
        wished["application_type"] = "native"
