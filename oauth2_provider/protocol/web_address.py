"""http(s) addresses, read so strictly that no two parsers can read them differently (RFC 3986 §3.2)."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_WEB_ADDRESS = re.compile(
    r"https?://(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?(?:[/?].*)?"
)
_ADDRESS_PARTS = re.compile(
    r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?(/[^?#]*)?(?:[?#].*)?", re.I | re.S
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def host_of(address: str) -> str:
    """The host of an absolute http(s) address, IPv6 without brackets.

    :raises ValueError: if it has no host, a user name, or a malformed host or port
    """
    found = _WEB_ADDRESS.fullmatch(address)
    if not found:
        raise ValueError("The address has no host, a user name, or a malformed host or port.")
    name, ipv6, port = found.groups()
    if int(port or 0) > 65535:
        raise ValueError("The port of the address is too high.")
    if name:
        return str(name)
    try:
        return str(IPv6Address(ipv6))
    except ValueError as error:
        raise ValueError("The host of the address is no IPv6 address.") from error


def is_same_address(left: str, right: str) -> bool:
    """Whether two http(s) addresses lead to one resource, whatever query and fragment they have (RFC 3986 §6.2.2)."""
    normalized = _normalized(left)
    return normalized is not None and normalized == _normalized(right)


def _normalized(address: str) -> tuple[str, str, int, str] | None:
    found = _ADDRESS_PARTS.fullmatch(address)
    if not found:
        return None
    scheme, host, port, path = found.groups()
    scheme = scheme.lower()
    number = int(port) if port else _DEFAULT_PORTS[scheme]
    return scheme, host.lower(), number, _ESCAPE.sub(_plain_where_possible, path or "/")


def _plain_where_possible(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
