"""Every option of the server with its default and its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .entities.resource import Resource
from .web_address import LOOPBACK_HOSTS, host_of

# Nothing that another parser, a cookie's Path or a Location could read differently, and no dot segments.
_PLAIN = re.compile(r"https?://[^/?A-Z]+(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True)
class Settings:
    """Options of one server. Lifetimes in seconds.

    ``issuer``: who we are, from configuration alone; never from a Host header (RFC 8414 §2).
    ``code_lifetime``: codes travel through a browser once, at once (RFC 6749 §4.1.2 allows 10 minutes, FAPI 2.0 one).
    ``request_lifetime``: how long a person may take to log in, reset a password and consent.
    ``pushed_request_lifetime``: until the browser arrives with the request_uri, at once (RFC 9126 §2.2: 5 to 600).
    ``device_code_lifetime``: how long a person may take to find their phone, log in and type the code.
    ``device_poll_interval``: how often a waiting device may ask (RFC 8628 §3.2).
    ``id_token_lifetime``: a client checks the ID token at once; longer only helps who stole it.
    ``scopes_supported``: what discovery names.
    ``ui_locales``: languages of the pages, as BCP 47 tags.
    ``acr_levels``: authentication levels from weak to strong, each with the methods (RFC 8176) that it needs.
    ``pairwise_salt``: the secret of pairwise subjects (OpenID Connect Core §8.1); without it there are none.
    ``has_resource_servers``: whether anybody but a client itself asks about its tokens; they may want a signature.
    ``authorization_details_types``: the registered ones (RFC 9396 §2.1); without any the parameter is unknown.
    ``own_resources``: parts of this server that take tokens of their own (RFC 8707); each lies below the issuer.
    ``default_scope``: what a request without scope asks for (RFC 6749 §3.3).
    ``dpop``: whether proofs of possession are looked at (RFC 9449).
    ``dpop_nonces``: whether they need a nonce of ours, so that none can be made beforehand (RFC 9449 §8).
    ``mtls``: whether a proxy that we trust tells us of client certificates (RFC 8705).
    ``mtls_address``: where the same endpoints ask for a client certificate, if not at the issuer itself (RFC 8705 §5).
    """

    issuer: str
    code_lifetime: int = 60
    request_lifetime: int = 3600
    pushed_request_lifetime: int = 60
    device_code_lifetime: int = 600
    device_poll_interval: int = 5
    default_scope: frozenset[str] = frozenset({"openid"})
    id_token_lifetime: int = 3600
    scopes_supported: tuple[str, ...] = (
        "openid",
        "profile",
        "email",
        "address",
        "phone",
        "offline_access",
        "groups",
    )
    authorization_details_types: tuple[str, ...] = ()
    own_resources: tuple[Resource, ...] = ()
    has_resource_servers: bool = False
    pairwise_salt: str = field(default="", repr=False)
    ui_locales: tuple[str, ...] = ()
    acr_levels: tuple[tuple[str, frozenset[str]], ...] = (
        ("sfa", frozenset()),
        ("mfa", frozenset({"mfa"})),
        ("phr", frozenset({"mfa", "pop"})),
    )
    dpop: bool = True
    dpop_nonces: bool = False
    mtls: bool = False
    mtls_address: str | None = None

    def validate(self) -> None:
        """:raises ValueError: if the server must not answer with these options."""
        for address in self.addresses:
            _check_address(address)
        if not 0 < self.code_lifetime <= 600 or self.request_lifetime <= 0:
            raise ValueError("A lifetime is out of range.")
        if not 5 <= self.pushed_request_lifetime <= 600:
            raise ValueError("A lifetime is out of range.")
        for resource in self.own_resources:
            if not resource.identifier.startswith(f"{self.issuer}/"):
                raise ValueError("A resource of this server must lie below the issuer.")

    @property
    def addresses(self) -> tuple[str, ...]:
        """The beginnings of all addresses at which we can be called."""
        return (self.issuer, self.mtls_address) if self.mtls_address else (self.issuer,)

    @property
    def issuer_path(self) -> str:
        """The path of the issuer without trailing slash; local redirects start with it."""
        return urlsplit(self.issuer).path

    @property
    def is_secure(self) -> bool:
        return self.issuer.startswith("https://")


def _check_address(address: str) -> None:
    try:
        host = host_of(address)
    except ValueError as error:
        raise ValueError(f"The issuer cannot be used. {error}") from error
    if address.startswith("http:") and host not in LOOPBACK_HOSTS:
        raise ValueError("The issuer must use https.")
    if not _PLAIN.fullmatch(address):
        raise ValueError(
            "The issuer must be in small letters up to its path, and have no query, fragment, "
            "trailing slash or other characters than letters, digits, dot, hyphen and underscore."
        )
