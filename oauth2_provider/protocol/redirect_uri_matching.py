"""Which redirect URIs may be registered, and when a sent one is one of them (RFC 6749 §3.1.2, RFC 8252, RFC 9700 §2.1).

Comparison is of bytes: nothing is decoded, normalised or matched by pattern, because every such kindness has let
codes out to attackers somewhere. The single exception is the port of a native application's loopback address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from .web_address import LOOPBACK_HOSTS, host_of

MAXIMUM_LENGTH = 2000
# Schemes that a browser runs or reads instead of leaving the page.
FORBIDDEN_SCHEMES = frozenset(
    {
        "about",
        "blob",
        "chrome",
        "data",
        "file",
        "filesystem",
        "ftp",
        "intent",
        "javascript",
        "mailto",
        "view-source",
        "vbscript",
        "ws",
        "wss",
    }
)
# What an answer may bring (RFC 6749 §4.1.2, §4.2.2, RFC 9207, OpenID Connect).
_RESPONSE_PARAMETERS = frozenset(
    {
        "access_token",
        "code",
        "error",
        "error_description",
        "error_uri",
        "expires_in",
        "id_token",
        "iss",
        "response",
        "scope",
        "session_state",
        "state",
        "token_type",
    }
)
_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_LOOPBACK = re.compile(
    r"(http://(?:127\.0\.0\.1|\[::1\]|localhost))(?::[0-9]{1,5})?((?:[/?].*)?)", re.S
)
_DOT_SEGMENT = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.I)


def matches(registered: Iterable[str], sent: str, *, any_loopback_port: bool) -> bool:
    """Whether ``sent`` is one of ``registered``.

    :param any_loopback_port: accept every port of a registered loopback address (RFC 8252 §7.3): native clients only,
        which learn their port from the operating system
    """
    uris = tuple(registered)
    if sent in uris:
        return True
    if not any_loopback_port or len(sent) > MAXIMUM_LENGTH:
        return False
    portless = _without_loopback_port(sent)
    return portless is not None and portless in {_without_loopback_port(uri) for uri in uris}


def _without_loopback_port(uri: str) -> tuple[str, str] | None:
    found = _LOOPBACK.fullmatch(uri)
    return (found[1], found[2]) if found else None


def check_registrable(uri: str, *, application_type: str, local_development: bool) -> None:
    """Refuse what must never become a redirect URI.

    :param application_type: ``web`` or ``native`` (OpenID Connect Registration §2)
    :param local_development: an administrator's word that plain http is fine for this client
    :raises ValueError: with a sentence for the administrator
    """
    _check_form(uri)
    _check_query(uri)
    scheme = uri.partition(":")[0]
    if scheme in FORBIDDEN_SCHEMES:
        raise ValueError(f"Addresses starting with {scheme}: are not allowed.")
    if scheme in ("http", "https"):
        _check_web_address(uri, application_type, local_development)
    elif application_type != "native":
        raise ValueError("A web application needs an address that starts with https://.")
    elif "." not in scheme:
        # RFC 8252 §7.1: a reversed domain name, so that two applications cannot collide by chance.
        raise ValueError("An own scheme must contain a dot, like com.example.app:/callback.")
    elif "[" in uri or "]" in uri:
        raise ValueError("The address must not contain brackets.")


def _check_form(uri: str) -> None:
    if not uri or len(uri) > MAXIMUM_LENGTH:
        raise ValueError("The address is empty or too long.")
    if "#" in uri:
        raise ValueError("The address must not contain a fragment (#).")
    if not _URI_CHARACTERS.fullmatch(uri):
        raise ValueError(
            "The address holds characters that an address must not have "
            "(wildcards and accented letters are not allowed either)."
        )
    scheme, separator, rest = uri.partition(":")
    if not separator or not rest or not _SCHEME.fullmatch(scheme):
        raise ValueError(
            "The address must be complete and start with a scheme in small letters, like https://."
        )
    if _DOT_SEGMENT.search(rest.partition("?")[0]):
        raise ValueError("The address must not contain . or .. as a part of its path.")


def _check_query(uri: str) -> None:
    query = uri.partition("?")[2]
    clashing = _RESPONSE_PARAMETERS.intersection(dict(parse_qsl(query, keep_blank_values=True)))
    if clashing:
        # The application would find the parameter twice in an answer and might believe the wrong one.
        raise ValueError(f"The address must not contain the parameter {min(clashing)}.")


def _check_web_address(uri: str, application_type: str, local_development: bool) -> None:
    host = host_of(uri)
    if uri.startswith("https:") or local_development:
        return
    if application_type != "native" or host not in LOOPBACK_HOSTS:
        raise ValueError("The address must start with https://.")
