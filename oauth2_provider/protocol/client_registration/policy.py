"""What an administrator lets strangers register (RFC 7591 §5)."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3600
BASIC_GRANTS = frozenset({"authorization_code", "refresh_token"})
IMPLICIT_GRANTS = BASIC_GRANTS | {"implicit"}


@dataclass(frozen=True)
class DocumentPolicy:
    """Which clients may come with nothing but the address of their metadata; none unless that is switched on.

    ``hosts``: whose documents are read; empty for those of the whole internet.
    ``scope``: what such a client can ever ask for.
    ``maximum_clients``, ``maximum_clients_of_host``: how many there may be altogether, and of one host.
    """

    is_on: bool = False
    hosts: frozenset[str] = frozenset()
    scope: frozenset[str] = frozenset({"openid", "profile", "email"})
    maximum_clients: int = 1000
    maximum_clients_of_host: int = 50

    def allows(self, host: str) -> bool:
        return not self.hosts or host in self.hosts


@dataclass(frozen=True)
class RegistrationPolicy:
    """Closed unless opened: without an initial access token nobody registers anything.

    ``is_open``: anybody may register.
    ``trusted_hosts``: who has redirect addresses at these hosts alone may register, too.
    ``anonymous_grants``: what may be asked for without an initial access token; with one, implicit as well.
    ``allows_fapi2``: who does all that FAPI 2.0 asks becomes a client of that security profile, and is held to it.
    ``scope``: what a registered client can ever ask for.
    ``maximum_clients``: how many registered clients there may be altogether.
    ``hourly_limit`` and ``hourly_limit_per_address``: how many registrations an hour may bring; an initial access token
    counts its own instead.
    """

    is_open: bool = False
    trusted_hosts: frozenset[str] = frozenset()
    anonymous_grants: frozenset[str] = BASIC_GRANTS
    allows_fapi2: bool = False
    scope: frozenset[str] = frozenset({"openid", "profile", "email"})
    maximum_clients: int = 1000
    hourly_limit: int = 500
    hourly_limit_per_address: int = 100
