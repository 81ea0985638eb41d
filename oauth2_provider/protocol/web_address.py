"""http(s) addresses, read so strictly that no two parsers can read them differently (RFC 3986 §3.2)."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_WEB_ADDRESS = re.compile(
    r"https?://(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?(?:[/?].*)?"
)


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
