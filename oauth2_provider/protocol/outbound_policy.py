"""Where the server may connect to on a stranger's word: public addresses, over https (RFC 6890, RFC 9700 §4.11).

Addresses of keys, request objects, logos and logout endpoints come from registrations. Without this rule each of them
would make the server a door into the network that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from .web_address import host_of

MAXIMUM_LENGTH = 2000
DEFAULT_PORT = 443
_VISIBLE = re.compile(r"[!-\[\]-~]+")
_HOST_ENTRY = re.compile(r"([a-z0-9._-]+)(?::([0-9]{1,5}))?")
_ADDRESS_ENTRY = re.compile(r"\[([0-9a-f:.]+)\]:([0-9]{1,5})|([0-9.]+):([0-9]{1,5})")
Network = IPv4Network | IPv6Network
# The registry of special-purpose addresses (RFC 6890), multicast, and what is reserved for the future.
_SPECIAL_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# All that is global unicast lies in the first one; mapped, translated (NAT64), local and multicast addresses do not.
# Of those within, tunnels (Teredo, 6to4) can lead to any IPv4 address.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether the IP address belongs to the internet at large."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return parsed in _GLOBAL_IPV6 and not any(parsed in special for special in _SPECIAL_IPV6)
    return not any(parsed in special for special in _SPECIAL_IPV4)


@dataclass(frozen=True)
class Destination:
    """The host and port of an address."""

    host: str
    port: int


@dataclass(frozen=True)
class OutboundPolicy:
    """The rule, and what an administrator has opened beyond it.

    ``hosts``: names whose addresses may be of any kind; with a port, at that port alone.
    ``networks``: addresses that are as good as public ones; with a port, at that port alone.
    """

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[Network, int | None], ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> OutboundPolicy:
        """:param entries: hosts, ``host:port``, addresses, ``address:port`` or networks
        :raises ValueError: if one of them is none of these
        """
        hosts: set[tuple[str, int | None]] = set()
        networks: list[tuple[Network, int | None]] = []
        for entry in entries:
            host, network, port = _read(entry.strip().lower())
            if network is None:
                hosts.add((host, port))
            else:
                networks.append((network, port))
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, destination: Destination, address: str) -> bool:
        """Whether the server may connect to this IP address for that destination."""
        host, port = destination.host, destination.port
        if is_public(address) or not self.hosts.isdisjoint({(host, None), (host, port)}):
            return True
        parsed = ip_address(address)
        return any(
            parsed in network and allowed_port in (None, port)
            for network, allowed_port in self.networks
        )


def _read(entry: str) -> tuple[str, Network | None, int | None]:
    """The host, or the network, and the port of an entry of the administrator's list."""
    try:
        return "", ip_network(entry.strip("[]"), strict=False), None
    except ValueError:
        pass
    if found := _ADDRESS_ENTRY.fullmatch(entry):
        return "", ip_network(found[1] or found[3]), _port(found[2] or found[4])
    found = _HOST_ENTRY.fullmatch(entry)
    if not found or found[1].replace(".", "").isdigit():
        raise ValueError(f"This is no host, address or network: {entry}")
    return found[1], None, _port(found[2])


def _port(digits: str | None) -> int | None:
    if digits is not None and not 0 < int(digits) <= 65535:
        raise ValueError(f"This is no port: {digits}")
    return None if digits is None else int(digits)


def destination_of(url: str) -> Destination:
    """Where a request to ``url`` goes.

    :raises ValueError: if it is not an https address that every program reads in the same way
    """
    if len(url) > MAXIMUM_LENGTH or not _VISIBLE.fullmatch(url):
        raise ValueError("The address is too long or holds forbidden characters.")
    address = url.partition("#")[0]
    if not address.startswith("https://"):
        raise ValueError("The address must start with https://.")
    host = host_of(address).lower()
    port = urlsplit(address).port
    if port == 0:
        raise ValueError("The port of the address is 0.")
    return Destination(host, port or DEFAULT_PORT)
