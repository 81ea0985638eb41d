"""Client metadata as sent, into metadata as registered (RFC 7591 §2 and §3.1, OpenID Connect Registration §2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import OAuthError
from ..redirect_uri_matching import check_registrable
from ..scope import format_scope, parse_scope
from ..web_address import LOOPBACK_HOSTS, host_of
from .members import MEMBERS, REDIRECT_URIS, REFUSED
from .profile import security_profile_of, set_algorithms
from .sender import CERTIFICATE_NAMES, check_binding, check_certificate_name

SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})
KEY_METHODS = frozenset({"private_key_jwt", "self_signed_tls_client_auth"})
_IMPLICIT_PARTS = frozenset({"id_token", "token"})


@dataclass(frozen=True)
class Offer:
    """What this server has for the client that asks.

    ``bindings``: what tokens can be bound to.
    ``allows_fapi2``: whether it gets that security profile if it does all that FAPI 2.0 asks.
    """

    methods: Collection[str]
    response_types: Collection[str]
    grant_types: frozenset[str]
    scope: frozenset[str]
    bindings: frozenset[str] = frozenset({"none", "dpop"})
    details_types: Collection[str] = ()
    allows_fapi2: bool = False


def invalid_metadata(description: str) -> OAuthError:
    return OAuthError("invalid_client_metadata", to_ascii(description))


def read_metadata(document: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """What the client is going to be registered with: checked, with all defaults, without what is not known here.

    :raises OAuthError: invalid_redirect_uri or invalid_client_metadata
    """
    # A member that is null is a member that was left out (RFC 7591 §2.2 has no use for null).
    sent = {name: value for name, value in document.items() if value is not None}
    if refused := [name for name in REFUSED if name in sent]:
        raise invalid_metadata(f"{refused[0]} is not supported.")
    metadata: dict[str, Any] = {"redirect_uris": _redirect_uris(sent)}
    for name, read in MEMBERS.items():
        if name in sent:
            metadata[name] = _read(name, read, sent[name])
    _set_method(metadata, offer)
    _set_application_type(metadata)
    _set_flows(metadata, offer)
    _set_scope(metadata, offer)
    _check_redirect_uris(metadata)
    _check_sender(metadata, offer)
    _check_details_types(metadata, offer)
    metadata.setdefault("subject_type", "public")
    set_algorithms(metadata, security_profile_of(metadata, allows_fapi2=offer.allows_fapi2))
    return metadata


# By what people recognise an application, and it proves itself; and how far it may go where nobody is asked.
_JUDGED_BY = (
    "client_name",
    "redirect_uris",
    "jwks",
    "jwks_uri",
    "logo_uri",
    "client_uri",
    "token_endpoint_auth_method",
    *CERTIFICATE_NAMES,
    "scope",
    "authorization_details_types",
)


def looks_different(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether those who agreed to the client, or vouched for it, must judge anew."""
    return any(before.get(name) != after.get(name) for name in _JUDGED_BY)


def _redirect_uris(sent: Mapping[str, Any]) -> list[str]:
    try:
        return list(REDIRECT_URIS(sent.get("redirect_uris")))
    except (ValueError, TypeError) as error:
        raise OAuthError("invalid_redirect_uri", to_ascii(f"redirect_uris {error}.")) from error


def _read(name: str, read: Any, value: Any) -> Any:
    try:
        return read(value)
    except OAuthError as error:
        raise invalid_metadata(f"{name}: {error.description}") from error
    except (ValueError, TypeError) as error:
        raise invalid_metadata(f"{name}: {error}") from error


def _set_method(metadata: dict[str, Any], offer: Offer) -> None:
    method = metadata.setdefault("token_endpoint_auth_method", "client_secret_basic")
    if method not in offer.methods:
        raise invalid_metadata("token_endpoint_auth_method is not supported.")
    has_keys = [name for name in ("jwks", "jwks_uri") if name in metadata]
    if len(has_keys) > 1:
        raise invalid_metadata("jwks and jwks_uri must not be used together.")
    if method in KEY_METHODS and not has_keys:
        raise invalid_metadata(f"{method} needs jwks or jwks_uri.")


def _set_application_type(metadata: dict[str, Any]) -> None:
    """OpenID Connect says web where nothing is said. Native clients of plain OAuth do not know that member at all."""
    is_public = metadata["token_endpoint_auth_method"] == "none"
    is_native = is_public and all(map(is_native_address, metadata["redirect_uris"]))
    metadata.setdefault("application_type", "native" if is_native else "web")


def is_native_address(uri: str) -> bool:
    if not uri.startswith(("https:", "http:")):
        return True
    try:
        return uri.startswith("http:") and host_of(uri) in LOOPBACK_HOSTS
    except ValueError:
        return False


def _set_flows(metadata: dict[str, Any], offer: Offer) -> None:
    """Response types and grant types imply each other (RFC 7591 §2.1)."""
    response_types = metadata.setdefault("response_types", ["code"])
    needed = _needed_grants(response_types)
    grants = metadata.setdefault("grant_types", sorted(needed))
    if unknown := sorted(set(response_types) - set(offer.response_types)):
        raise invalid_metadata(f"The response type {unknown[0]} is not available.")
    if refused := sorted((set(grants) | needed) - offer.grant_types):
        raise invalid_metadata(f"The grant type {refused[0]} is not available.")
    if missing := sorted(needed - set(grants)):
        raise invalid_metadata(f"The response types need the grant type {missing[0]}.")


def _needed_grants(response_types: Collection[str]) -> set[str]:
    needed = set()
    for response_type in response_types:
        words = set(response_type.split())
        needed |= {"authorization_code"} if "code" in words else set()
        needed |= {"implicit"} if words & _IMPLICIT_PARTS else set()
    return needed


def _set_scope(metadata: dict[str, Any], offer: Offer) -> None:
    allowed = set(offer.scope)
    if "refresh_token" not in metadata["grant_types"]:
        allowed.discard("offline_access")
    if "scope" not in metadata:
        metadata["scope"] = format_scope(frozenset(allowed))
        return
    asked = parse_scope(metadata["scope"])
    if refused := sorted(asked - offer.scope):
        raise invalid_metadata(f"The scope {refused[0]} is not available.")
    metadata["scope"] = format_scope(asked & allowed)


def _check_redirect_uris(metadata: Mapping[str, Any]) -> None:
    for name, code in (
        ("redirect_uris", "invalid_redirect_uri"),
        ("post_logout_redirect_uris", "invalid_client_metadata"),
    ):
        for uri in metadata.get(name, ()):
            try:
                check_registrable(
                    uri,
                    application_type=metadata["application_type"],
                    local_development=False,
                )
            except ValueError as error:
                raise OAuthError(code, to_ascii(f"{name}: {error}")) from error


def _check_sender(metadata: Mapping[str, Any], offer: Offer) -> None:
    try:
        check_certificate_name(metadata)
        check_binding(metadata, offer.bindings)
    except ValueError as error:
        raise invalid_metadata(str(error)) from error


def _check_details_types(metadata: Mapping[str, Any], offer: Offer) -> None:
    """RFC 9396 §10."""
    types = metadata.get("authorization_details_types", ())
    if unknown := [name for name in types if name not in offer.details_types]:
        raise invalid_metadata(f"Authorization details of type {unknown[0]} are not known.")


def to_ascii(text: str) -> str:
    """RFC 6749 §5.2: what an error may say; names of the client's own may hold anything."""
    plain = text.encode("ascii", "replace").decode("ascii")
    return "".join("?" if char in '"\\' or not " " <= char <= "~" else char for char in plain)[:500]
